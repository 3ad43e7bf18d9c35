using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Decant.Runs.Jobs.Generation;

namespace Decant.Bench.Chat;

/// <summary>A language model in a folder that answers a request of <c>decant synthesize</c> with a JSON list of as many texts as are asked for. It follows no instruction: each text begins with the class, and goes on as the model does.</summary>
/// <param name="folder">The model's folder, or a run's.</param>
internal sealed partial class ListWriter(string folder)
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The answer, which follows from the request's seed, temperature and last message.</summary>
    public string Answer(JsonNode request)
    {
        var asked = (string)request["messages"]!.AsArray()[^1]!["content"]!;
        var count = int.Parse(Count().Match(asked).Groups["n"].Value, CultureInfo.InvariantCulture);
        var start = Class().Match(asked) is { Success: true } named ? $"Once upon a time, there was a {named.Groups["name"].Value}" : "Once upon a time";
        var texts = GenerateJob.Run(folder, new()
        {
            Prompts = [start],
            Count = count,
            MaxNewTokens = 60,
            SamplingTemperature = (double?)request["temperature"] ?? 1,
            Seed = ((long?)request["seed"] ?? 0) + start.Length,
        }).Select(text => Sentences(text.Prompt + text.Text));
        return JsonSerializer.Serialize(texts, s_json);
    }

    // Up to the last full stop, for the most tokens end anywhere.
    private static string Sentences(string text) => text.LastIndexOf('.') is var end and > 0 ? text[..(end + 1)] : text;

    [GeneratedRegex(@"Write (?<n>[0-9]+) new texts")]
    private static partial Regex Count();

    [GeneratedRegex("all of the class \"(?<name>[^\"]+)\"")]
    private static partial Regex Class();
}
