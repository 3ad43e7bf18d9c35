using System.Text.Json.Nodes;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Teachers.Remote.Scoring;

/// <summary>What a server answers that gives log-probabilities of a prompt.</summary>
internal static class ScoringWire
{
    private static readonly Lock s_lock = new();

    /// <summary>The tokens that were sent.</summary>
    public static int[] Prompt(JsonNode request) => [.. request["prompt"]!.AsArray().Select(id => (int)id!)];

    /// <summary>An answer in the form that was asked for.</summary>
    /// <param name="request">The request.</param>
    /// <param name="score">ln p of the token at a place from 1 on; null: the server does not say.</param>
    /// <param name="textOf">The text of a token.</param>
    public static JsonNode Answer(JsonNode request, Func<int, double?> score, Func<int, string> textOf)
    {
        var ids = Prompt(request);
        var generated = (int)request["max_tokens"]!;
        var choice = new JsonObject { ["index"] = 0, ["text"] = "…", ["logprobs"] = null, ["finish_reason"] = "length" };
        if (request["echo"] is not null)
        {
            choice["logprobs"] = new JsonObject
            {
                ["tokens"] = new JsonArray([.. ids.Select(id => (JsonNode)textOf(id)), .. Enumerable.Repeat("more", generated).Select(t => (JsonNode)t)]),
                ["token_logprobs"] = new JsonArray([null, .. ids.Skip(1).Select((_, i) => (JsonNode?)score(i + 1)), .. Enumerable.Repeat(-0.01, generated).Select(p => (JsonNode)p)]),
            };
        }
        else
        {
            choice["prompt_logprobs"] = new JsonArray([null, .. ids.Skip(1).Select((id, i) => new JsonObject
            {
                ["999"] = new JsonObject { ["logprob"] = -0.001, ["decoded_token"] = "likelier" },
                [$"{id}"] = new JsonObject { ["logprob"] = score(i + 1), ["rank"] = 2, ["decoded_token"] = textOf(id) },
            })]);
        }

        return new JsonObject
        {
            ["id"] = "1",
            ["object"] = "text_completion",
            ["created"] = 1_700_000_000,
            ["model"] = FakeTeacher.Model,
            ["choices"] = new JsonArray(choice),
            ["usage"] = new JsonObject { ["prompt_tokens"] = ids.Length, ["completion_tokens"] = generated, ["total_tokens"] = ids.Length + generated },
        };
    }

    /// <summary>The answer of a model, by a softmax over its logits for the prompt alone.</summary>
    public static JsonNode Of(Model model, JsonNode request, Func<int, string> textOf)
    {
        lock (s_lock)
        {
            using var scope = TensorScope.Open();
            using var noGrad = Autograd.NoGrad();
            var ids = Prompt(request);
            var rows = new TokenRows([new(1)], ids.Length, 0, model.Classes);
            rows.Put(0, ids);
            for (var t = 0; t < ids.Length; t++)
                rows.Ask(0, t, Batch.NoLabel);
            using var batch = rows.ToBatch();
            var logP = model.Forward(batch.ToInput()).LogSoftmax(-1).ToArray<float>();
            return Answer(request, at => logP[((at - 1) * model.Classes) + ids[at]], textOf);
        }
    }
}
