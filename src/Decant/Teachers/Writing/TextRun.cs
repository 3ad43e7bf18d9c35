using System.Text;
using Decant.Models.Generation;
using Decant.Modules;
using Decant.Text;
using Decant.Torch;

namespace Decant.Teachers.Writing;

/// <summary>The texts of one batch while they grow.</summary>
internal sealed class TextRun : IDisposable
{
    private readonly TokenGeneration _generation;
    private readonly Row[] _rows;

    public TextRun(ICausalModel model, ITokenizer tokenizer, int[][] prompts, GenerationOptions options, IReadOnlyList<string> stops, Device device)
    {
        _generation = new TokenGeneration(model, prompts, options, device);
        _rows = [.. prompts.Select(prompt => new Row(new StreamedText(tokenizer, prompt), new StopText(stops)))];
    }

    public bool IsFinished => _generation.IsFinished;

    public IReadOnlyList<GeneratedText> Texts => [.. _rows.Select((row, i) => new GeneratedText(row.Whole.ToString(), row.Tokens, _generation.Ends[i]!.Value))];

    /// <summary>One more token of every text.</summary>
    /// <returns>What of them can be shown.</returns>
    public IReadOnlyList<TextPiece> Step()
    {
        var running = _generation.Ends.Select(end => end is null).ToArray();
        var tokens = _generation.Next();
        var pieces = new List<TextPiece>();
        for (var i = 0; i < _rows.Length; i++)
        {
            if (running[i] && Advance(i, tokens[i]) is { } piece)
                pieces.Add(piece);
        }

        return pieces;
    }

    public void Dispose() => _generation.Dispose();

    private TextPiece? Advance(int index, int? token)
    {
        var row = _rows[index];
        if (token is { } id)
            row.Tokens.Add(id);
        var isLast = _generation.Ends[index] is not null;
        var raw = token is { } said ? row.Stream.Add(said) : "";
        var (text, isOver) = row.Stop.Add(isLast ? raw + row.Stream.End() : raw);
        if (isOver)
            _generation.Finish(index);
        else if (isLast)
            text += row.Stop.End();
        row.Whole.Append(text);
        return text.Length > 0 || isOver || isLast ? new TextPiece(index, text, isOver ? GenerationEnd.StopText : _generation.Ends[index]) : null;
    }

    private sealed record Row(StreamedText Stream, StopText Stop)
    {
        public List<int> Tokens { get; } = [];

        public StringBuilder Whole { get; } = new();
    }
}
