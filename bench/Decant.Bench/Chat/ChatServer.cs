using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Decant.Bench.Chat;

/// <summary>
/// A local model behind the wire format of a chat model, on this machine alone: it reads what is asked and the text out of the messages, and answers with a class, with spans or with a score, with log probabilities. It
/// shows a client's protocol and accounting; of what a language model would say it shows nothing.
/// </summary>
/// <param name="folder">The folder of a classifier, a tagger, a regression or an embedding, or a run's.</param>
/// <param name="prefix">Where it listens, such as <c>http://localhost:8089/</c>.</param>
/// <param name="writes">Whether the folder has a language model, which writes lists of texts instead.</param>
internal sealed class ChatServer(string folder, string prefix, bool writes = false)
{
    private const double CharactersPerToken = 4;
    private const int MostTop = 20;

    private int _requests;

    /// <summary>Answers requests until it is stopped.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>How many requests there were.</returns>
    public int Run(CancellationToken cancellationToken)
    {
        using var model = writes ? null : new LineModel(folder);
        using var listener = new HttpListener();
        listener.Prefixes.Add(prefix);
        listener.Start();
        using var stop = cancellationToken.Register(listener.Stop);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                Answer(listener.GetContext(), model);
            }
            catch (HttpListenerException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
        }

        return _requests;
    }

    private void Answer(HttpListenerContext context, LineModel? model)
    {
        using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
        var request = JsonNode.Parse(reader.ReadToEnd())!;
        _requests++;
        var body = Encoding.UTF8.GetBytes(Completion(request, model).ToJsonString());
        context.Response.ContentType = "application/json";
        context.Response.OutputStream.Write(body);
        context.Response.Close();
    }

    private JsonObject Completion(JsonNode request, LineModel? model)
    {
        var messages = request["messages"]!.AsArray().Select(m => (string)m!["content"]!).ToArray();
        var (answer, top) = model is null ? Written(request) : LocalReply.Of(messages, model, (int?)request["top_logprobs"] ?? MostTop);
        var message = new JsonObject { ["role"] = "assistant", ["content"] = answer };
        var position = new JsonObject
        {
            ["token"] = answer,
            ["logprob"] = Math.Log(top[0].P),
            ["bytes"] = null,
            ["top_logprobs"] = new JsonArray([.. top.Select(t => (JsonNode)new JsonObject { ["token"] = t.Token, ["logprob"] = Math.Log(Math.Max(t.P, 1e-30)), ["bytes"] = null })]),
        };
        var tokens = (Input: (int)Math.Ceiling(messages.Sum(m => m.Length) / CharactersPerToken), Output: (int)Math.Ceiling(answer.Length / CharactersPerToken));
        return new JsonObject
        {
            ["id"] = FormattableString.Invariant($"local-{_requests}"),
            ["object"] = "chat.completion",
            ["created"] = 0,
            ["model"] = (string?)request["model"],
            ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = "stop", ["logprobs"] = (bool?)request["logprobs"] == true ? new JsonObject { ["content"] = new JsonArray(position) } : null }),
            ["usage"] = new JsonObject { ["prompt_tokens"] = tokens.Input, ["completion_tokens"] = tokens.Output, ["total_tokens"] = tokens.Input + tokens.Output },
        };
    }

    private LocalReply Written(JsonNode request)
    {
        var answer = new ListWriter(folder).Answer(request);
        return new(answer, [(answer, 1)]);
    }
}
