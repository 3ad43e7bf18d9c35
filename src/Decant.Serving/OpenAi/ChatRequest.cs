using System.Text.Json.Nodes;
using Decant.Inference;
using Decant.Serving.Limits;
using Decant.Serving.Protocol;
using Decant.Text.Chat;

namespace Decant.Serving.OpenAi;

/// <summary>What <c>POST /v1/chat/completions</c> asks for.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Messages">The conversation.</param>
/// <param name="Options">How it is continued.</param>
/// <param name="Streams">Whether the answer comes piece by piece.</param>
/// <param name="StreamsUsage">Whether the counts of tokens come at the end of it.</param>
internal sealed record ChatRequest(string? Model, IReadOnlyList<ChatTurn> Messages, TextGenerationOptions Options, bool Streams, bool StreamsUsage)
{
    private const int MostMessages = 4096;
    private const int MostStops = 4;

    /// <summary>Reads it.</summary>
    /// <exception cref="ApiException">A member is wrong, unknown or not served.</exception>
    public static ChatRequest Read(RequestBody body, ServingLimits limits)
    {
        var messages = body.Objects("messages", MostMessages) ?? throw ApiException.Of("messages", "a list of messages", "none");
        ChatTurn[] turns = [.. messages.Select(ReadMessage)];
        var model = body.Text("model");
        var options = ReadOptions(body, limits);
        body.Whole("n", 1, 1);
        var streams = body.Flag("stream") ?? false;
        var streaming = body.Object("stream_options");
        if (streaming is not null && !streams)
            throw new ApiException(400, "stream_options: expected with stream alone. Leave it out.", "stream_options", "invalid_value");
        var usage = streaming?.Flag("include_usage") ?? false;
        streaming?.RefuseOthers("include_obfuscation");
        body.RefuseOthers(
            "audio", "frequency_penalty", "function_call", "functions", "logit_bias", "metadata", "modalities", "parallel_tool_calls", "prediction", "presence_penalty", "prompt_cache_key", "reasoning_effort",
            "response_format", "safety_identifier", "service_tier", "store", "tool_choice", "tools", "user", "verbosity", "web_search_options");
        return new(model, turns, options, streams, usage);
    }

    private static TextGenerationOptions ReadOptions(RequestBody body, ServingLimits limits)
    {
        var (most, older) = (body.Whole("max_completion_tokens", 1, limits.MaxTokens), body.Whole("max_tokens", 1, limits.MaxTokens));
        if (most is not null && older is not null)
            throw new ApiException(400, "max_tokens: expected without max_completion_tokens, which says the same. Leave one out.", "max_tokens", "invalid_value");
        var (wantsLogprobs, top) = (body.Flag("logprobs") ?? false, body.Whole("top_logprobs", 0, 20));
        if (top is not null && !wantsLogprobs)
            throw new ApiException(400, "top_logprobs: expected with logprobs alone. Set 'logprobs': true, or leave it out.", "top_logprobs", "invalid_value");
        var options = new TextGenerationOptions
        {
            MaxNewTokens = (int)(most ?? older ?? limits.MaxTokens),
            Temperature = body.Number("temperature", 0, 2) ?? 1,
            TopP = body.Number("top_p", double.Epsilon, 1) ?? 1,
            Seed = unchecked((ulong)(body.Whole("seed", long.MinValue, long.MaxValue) ?? Random.Shared.NextInt64())),
            StopTexts = body.Texts("stop", MostStops, mayBeBlank: true) ?? [],
            TopLogprobs = wantsLogprobs ? (int?)(top ?? 0) : null,
        };
        return options.StopTexts.Contains("") ? throw ApiException.Of("stop", "texts that are not empty", "an empty one") : options;
    }

    private static ChatTurn ReadMessage(RequestBody message)
    {
        var role = message.Text("role");
        if (role is not ("system" or "developer" or "user" or "assistant" or "tool"))
            throw ApiException.Of(message.NameOf("role"), "system, developer, user, assistant or tool", role is null ? "none" : "another text");
        var calls = message.Json("tool_calls") switch { null => null, JsonArray list => list, _ => throw ApiException.Of(message.NameOf("tool_calls"), "a list of calls", "another value") };
        var content = message.TextOrParts("content");
        if (content is null && (role != "assistant" || calls is not { Count: > 0 }))
            throw ApiException.Of(message.NameOf("content"), "a text", "none");
        // What is the developer's is the system's for chat templates.
        var turn = new ChatTurn(role == "developer" ? "system" : role, content) { Name = message.Text("name"), ToolCalls = calls, ToolCallId = message.Text("tool_call_id") };
        message.RefuseOthers("annotations", "audio", "function_call", "refusal");
        return turn.WithReadArguments();
    }
}
