using System.Text;
using System.Text.Json.Nodes;

namespace Decant.Teachers.Remote.Scoring;

/// <summary>Writes the request for the log-probabilities of a prompt's tokens.</summary>
internal static class CompletionRequest
{
    /// <summary>The body.</summary>
    /// <param name="model">The model, as the server knows it.</param>
    /// <param name="ids">The tokens of the prompt.</param>
    /// <param name="options">How is asked.</param>
    public static HttpContent Of(string model, IReadOnlyList<int> ids, TokenScorerOptions options)
    {
        var body = new JsonObject
        {
            [RequestNames.Model] = model,
            [RequestNames.Prompt] = new JsonArray([.. ids.Select(id => (JsonNode)id)]),
            [RequestNames.MaxTokens] = options.Generated,
            [RequestNames.Temperature] = 1,
        };
        if (options.Form == PromptLogprobsForm.PromptLogprobs)
        {
            body[RequestNames.PromptLogprobs] = 0;
        }
        else
        {
            body[RequestNames.Echo] = true;
            body[RequestNames.Logprobs] = 1;
        }

        return new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"); // of a known length: not every server reads chunks
    }
}
