using System.Text.Json;
using Decant.Runs.Jobs.Prediction;
using Decant.Text;
using Decant.Text.Files;

namespace Decant.Runs.Jobs.Tokenizing;

/// <summary>Shows a tokenizer at work.</summary>
internal static class TokenizeJob
{
    /// <summary>Tokenizes lines.</summary>
    /// <param name="path">A tokenizer's file, such as <c>tokenizer.json</c>; a model's folder; or a run's (its student).</param>
    /// <param name="options">How.</param>
    /// <param name="lines">Read as they are needed.</param>
    /// <param name="cancellationToken">Stops between lines.</param>
    /// <exception cref="DecantException">There is no tokenizer, it cannot be read, or a line is no text.</exception>
    public static IEnumerable<TokenizedLine> Run(string path, TokenizeRequest options, IEnumerable<PredictLine> lines, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(lines);
        var tokenizer = TokenizerFile.Load(Find(path));
        return Lines();

        IEnumerable<TokenizedLine> Lines()
        {
            foreach (var line in lines)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var (text, pair) = Read(line, options.AreJson);
                yield return Line(text, pair, tokenizer.Tokenize(text, pair, new TokenizeOptions { AddSpecial = options.AddSpecial }));
            }
        }
    }

    private static TokenizedLine Line(string text, string? pair, TokenizedText tokens) => new(text, pair, [.. tokens.Ids.Select((id, i) =>
    {
        var (start, end) = tokens.Offsets[i];
        var whole = tokens.TypeIds[i] == 1 && pair is not null ? pair : text;
        return new TokenOfText(id, tokens.Tokens[i], start, end, tokens.TypeIds[i], tokens.IsSpecial[i], start < end && end <= whole.Length ? whole[start..end] : "");
    })]);

    private static string Find(string path)
    {
        if (File.Exists(path))
            return path;
        foreach (var folder in new[] { path, Path.Combine(path, Decant.Runs.Reports.Record.Arms.Student) })
        {
            if (TokenizerFile.Exists(folder))
                return folder;
        }

        throw new DecantException(Directory.Exists(path)
            ? $"{path} has no tokenizer (tokenizer.json, tokenizer.model, vocab.json with merges.txt, vocab.txt), and no student/ with one; give a model's folder, a run's, or a tokenizer's file."
            : $"{path}: there is no such file or folder; give a model's folder, a run's, or a tokenizer's file such as tokenizer.json.");
    }

    private static (string Text, string? Pair) Read(PredictLine line, bool isJson)
    {
        if (line.Fault is { } fault)
            throw new DecantException($"line {line.Number}: {fault}.");
        if (!isJson)
            return (line.Text, null);
        try
        {
            using var json = JsonDocument.Parse(line.Text);
            return (Field(json.RootElement, "text") ?? throw Wrong(line, "the object has no field 'text' that is a string"), Field(json.RootElement, "pair"));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Wrong(line, "expected a JSON object with a 'text', and a 'pair' where there is one");
        }
    }

    private static string? Field(JsonElement fields, string name) =>
        fields.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DecantException Wrong(PredictLine line, string message) => new($"line {line.Number}: {message}.");
}
