using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Decant.Bench.Chat;

/// <summary>What a local model answers to a prompt for a class, for spans or for a score, in the form that was asked for.</summary>
/// <param name="Text">The answer.</param>
/// <param name="Top">The most probable tokens of its first position.</param>
internal sealed partial record LocalReply(string Text, IReadOnlyList<(string Token, double P)> Top)
{
    /// <summary>Asks the model what the messages ask.</summary>
    /// <param name="messages">The texts of the messages: the first says what is asked, the last has the text.</param>
    /// <param name="model">The model.</param>
    /// <param name="top">How many tokens are wanted.</param>
    public static LocalReply Of(IReadOnlyList<string> messages, LineModel model, int top)
    {
        string[] texts = [.. Framed().Matches(messages[^1]).Select(m => m.Groups["text"].Value)];
        var said = JsonNode.Parse(model.Answer(texts[0], texts.ElementAtOrDefault(1)))!["prediction"]!;
        return messages[0].Contains("\nTypes:\n", StringComparison.Ordinal) ? Spans(said)
            : Scale().Match(messages[0]) is { Success: true } scale ? Score(said, Number(scale.Groups["from"]), Number(scale.Groups["to"]), messages[0].Contains("JSON", StringComparison.Ordinal))
            : Class(said, messages[0], top);
    }

    private static LocalReply Class(JsonNode said, string rules, int top)
    {
        var labels = Label().Matches(rules).ToDictionary(m => m.Groups["name"].Value, m => m.Groups["letter"].Success ? m.Groups["letter"].Value : m.Groups["name"].Value, StringComparer.Ordinal);
        (string Token, double P)[] tokens = [.. said["probabilities"]!.AsObject().Select(s => (Token: labels.GetValueOrDefault(s.Key, s.Key), P: (double)s.Value!)).OrderByDescending(s => s.P).Take(top)];
        return new(tokens[0].Token, tokens);
    }

    private static LocalReply Spans(JsonNode said)
    {
        var spans = said["entities"]!.AsArray().Select(e => (JsonNode)new JsonObject { ["type"] = (string)e!["type"]!, ["text"] = (string)e["text"]! });
        return Certain(new JsonObject { ["spans"] = new JsonArray([.. spans]) }.ToJsonString());
    }

    // The numbers beside it have the probabilities whose mean it is.
    private static LocalReply Score(JsonNode said, double from, double to, bool isJson)
    {
        var number = said["cosine"] is { } cosine ? from + ((to - from) * Math.Max(0, (double)cosine)) : (double)said.AsObject().First().Value!;
        number = Math.Clamp(number, from, to);
        if (isJson)
            return Certain(new JsonObject { ["score"] = Math.Round(number, 2) }.ToJsonString());
        var (below, share) = (Math.Floor(number), number - Math.Floor(number));
        (string Token, double P)[] tokens = [.. new[] { (Token: Shown(below), P: 1 - share), (Token: Shown(below + 1), P: share) }.Where(t => t.P > 0).OrderByDescending(t => t.P)];
        return new(tokens[0].Token, tokens);
    }

    private static LocalReply Certain(string text) => new(text, [(text, 1)]);

    private static string Shown(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    // "- A: name (what it is)" or "- name (what it is)"
    [GeneratedRegex(@"^- (?:(?<letter>[A-Z0-9]): )?(?<name>[^(\n]+?)(?: \(.*\))?$", RegexOptions.Multiline)]
    private static partial Regex Label();

    [GeneratedRegex(@"^Scale: .*?from (?<from>[-0-9.]+) to (?<to>[-0-9.]*[0-9])", RegexOptions.Multiline)]
    private static partial Regex Scale();

    [GeneratedRegex(@"<(?<mark>text-[0-9a-f]+)>\n(?<text>.*?)\n</\k<mark>>", RegexOptions.Singleline)]
    private static partial Regex Framed();
}
