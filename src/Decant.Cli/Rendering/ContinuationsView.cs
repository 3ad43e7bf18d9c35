using System.Text.Encodings.Web;
using System.Text.Json;
using Decant.Runs.Jobs.Generation;

namespace Decant.Cli.Rendering;

/// <summary>Continuations of texts: one alone is shown as it grows, several are numbered, and programs get an object on every line.</summary>
/// <param name="output">Where they go.</param>
/// <param name="request">What is continued.</param>
/// <param name="asJson">For programs.</param>
internal sealed class ContinuationsView(TextWriter output, GenerateRequest request, bool asJson)
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private bool _begun;

    /// <summary>Is given every piece of the one continuation; null where nothing is shown before the end.</summary>
    public Action<string>? Show => request.Prompts.Count * request.Count == 1 && !asJson ? Grow : null;

    /// <summary>Writes what was not shown yet.</summary>
    public void Finish(IReadOnlyList<Continuation> texts)
    {
        if (Show is not null) output.WriteLine();
        else if (asJson) foreach (var text in texts) output.WriteLine(JsonSerializer.Serialize(text, s_json));
        else foreach (var (text, i) in texts.Select((t, i) => (t, i))) output.WriteLine($"{(i > 0 ? "\n" : "")}[{i + 1}] {(request.IsChat ? "" : text.Prompt)}{text.Text}");
    }

    private void Grow(string piece)
    {
        // Not before there is something: a model that cannot be read says so alone.
        output.Write(_begun || request.IsChat ? piece : request.Prompts[0] + piece);
        output.Flush();
        _begun = true;
    }
}
