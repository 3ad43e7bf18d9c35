using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Decant.Bench.Chat;

/// <summary>
/// A local classifier behind the wire format of a chat model, on this machine alone: it reads the list of classes and the text out of the messages and answers with a class, with log probabilities. It shows a client's
/// protocol and accounting; of what a language model would say it shows nothing.
/// </summary>
/// <param name="folder">The classifier's folder, or a run's.</param>
/// <param name="prefix">Where it listens, such as <c>http://localhost:8089/</c>.</param>
/// <param name="writes">Whether the folder has a language model, which writes lists of texts instead.</param>
internal sealed partial class ChatServer(string folder, string prefix, bool writes = false)
{
    private const double CharactersPerToken = 4;

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
        var body = Encoding.UTF8.GetBytes((model is null ? Written(request) : Completion(request, model)).ToJsonString());
        context.Response.ContentType = "application/json";
        context.Response.OutputStream.Write(body);
        context.Response.Close();
    }

    private JsonObject Completion(JsonNode request, LineModel model)
    {
        var messages = request["messages"]!.AsArray().Select(m => (string)m!["content"]!).ToArray();
        var labels = Label().Matches(messages[0]).ToDictionary(m => m.Groups["name"].Value, m => m.Groups["letter"].Success ? m.Groups["letter"].Value : m.Groups["name"].Value, StringComparer.Ordinal);
        var shares = Shares(model.Answer(Text().Match(messages[^1]).Groups["text"].Value));
        var top = shares.OrderByDescending(s => s.Value).Take((int?)request["top_logprobs"] ?? 20).Select(s => (Token: labels.GetValueOrDefault(s.Key, s.Key), s.Value)).ToArray();
        var answer = top[0].Token;
        var message = new JsonObject { ["role"] = "assistant", ["content"] = answer };
        var position = new JsonObject
        {
            ["token"] = answer,
            ["logprob"] = Math.Log(top[0].Value),
            ["bytes"] = null,
            ["top_logprobs"] = new JsonArray([.. top.Select(t => (JsonNode)new JsonObject { ["token"] = t.Token, ["logprob"] = Math.Log(Math.Max(t.Value, 1e-30)), ["bytes"] = null })]),
        };
        return Response(request, message, answer, (bool?)request["logprobs"] == true ? new JsonObject { ["content"] = new JsonArray(position) } : null);
    }

    private JsonObject Written(JsonNode request)
    {
        var answer = new ListWriter(folder).Answer(request);
        return Response(request, new JsonObject { ["role"] = "assistant", ["content"] = answer }, answer, null);
    }

    private JsonObject Response(JsonNode request, JsonObject message, string answer, JsonObject? logprobs)
    {
        var input = request["messages"]!.AsArray().Sum(m => ((string)m!["content"]!).Length);
        var tokens = (Input: (int)Math.Ceiling(input / CharactersPerToken), Output: (int)Math.Ceiling(answer.Length / CharactersPerToken));
        return new JsonObject
        {
            ["id"] = FormattableString.Invariant($"local-{_requests}"),
            ["object"] = "chat.completion",
            ["created"] = 0,
            ["model"] = (string?)request["model"],
            ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = "stop", ["logprobs"] = logprobs }),
            ["usage"] = new JsonObject { ["prompt_tokens"] = tokens.Input, ["completion_tokens"] = tokens.Output, ["total_tokens"] = tokens.Input + tokens.Output },
        };
    }

    private static Dictionary<string, double> Shares(string line) =>
        JsonNode.Parse(line)!["prediction"]!["probabilities"]!.AsObject().ToDictionary(s => s.Key, s => (double)s.Value!, StringComparer.Ordinal);

    // "- A: name (what it is)" or "- name (what it is)"
    [GeneratedRegex(@"^- (?:(?<letter>[A-Z0-9]): )?(?<name>[^(\n]+?)(?: \(.*\))?$", RegexOptions.Multiline)]
    private static partial Regex Label();

    [GeneratedRegex(@"<text-[0-9a-f]+>\n(?<text>.*)\n</text-[0-9a-f]+>", RegexOptions.Singleline)]
    private static partial Regex Text();
}
