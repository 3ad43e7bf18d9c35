using Decant.Inference;
using Decant.Serving.Limits;
using Decant.Serving.Protocol;

namespace Decant.Serving.OpenAi;

/// <summary>What <c>POST /v1/completions</c> asks for.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Prompts">One prompt or more.</param>
/// <param name="Options">How each is continued.</param>
/// <param name="Streams">Whether the answer comes piece by piece.</param>
/// <param name="StreamsUsage">Whether the counts of tokens come at the end of it.</param>
internal sealed record CompletionRequest(string? Model, IReadOnlyList<string> Prompts, TextGenerationOptions Options, bool Streams, bool StreamsUsage)
{
    private const int UsualTokens = 16; // as OpenAI's
    private const int MostStops = 4;

    /// <summary>Reads it.</summary>
    /// <exception cref="ApiException">A member is wrong, unknown or not served.</exception>
    public static CompletionRequest Read(RequestBody body, ServingLimits limits)
    {
        var prompts = body.Texts("prompt", limits.MaxTexts, mayBeBlank: true) ?? throw ApiException.Of("prompt", "a text or a list of texts", "none");
        var model = body.Text("model");
        var options = new TextGenerationOptions
        {
            MaxNewTokens = (int)(body.Whole("max_tokens", 1, limits.MaxTokens) ?? Math.Min(UsualTokens, limits.MaxTokens)),
            Temperature = body.Number("temperature", 0, 2) ?? 1,
            TopP = body.Number("top_p", double.Epsilon, 1) ?? 1,
            Seed = unchecked((ulong)(body.Whole("seed", long.MinValue, long.MaxValue) ?? Random.Shared.NextInt64())),
            StopTexts = body.Texts("stop", MostStops, mayBeBlank: true) ?? [],
            TopLogprobs = (int?)body.Whole("logprobs", 0, 5),
        };
        if (options.StopTexts.Contains(""))
            throw ApiException.Of("stop", "texts that are not empty", "an empty one");
        body.Whole("n", 1, 1);
        body.Whole("best_of", 1, 1);
        if (body.Flag("echo") == true)
            throw new ApiException(400, "echo is not served here: the answer is the continuation alone. Leave it out.", "echo", "unsupported_parameter");
        var streams = body.Flag("stream") ?? false;
        var streaming = body.Object("stream_options");
        if (streaming is not null && !streams)
            throw new ApiException(400, "stream_options: expected with stream alone. Leave it out.", "stream_options", "invalid_value");
        var usage = streaming?.Flag("include_usage") ?? false;
        streaming?.RefuseOthers("include_obfuscation");
        body.RefuseOthers("frequency_penalty", "presence_penalty", "logit_bias", "suffix", "user");
        return new(model, prompts, options, streams, usage);
    }
}
