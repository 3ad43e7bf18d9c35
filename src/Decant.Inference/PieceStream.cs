using Decant.Text;

namespace Decant.Inference;

/// <summary>The continuation of a text as pieces of text: whole characters, and nothing of a text that ends it.</summary>
/// <param name="run">The tokens.</param>
/// <param name="tokenizer">Makes texts of them.</param>
/// <param name="options">Null: the default ones.</param>
internal sealed class PieceStream(GenerationRun run, ITokenizer tokenizer, TextGenerationOptions? options)
{
    private readonly TokenStream _stream = new(tokenizer);
    private readonly StopSearch _stops = new(options?.StopTexts ?? []);

    /// <summary>What the next token adds; may be empty.</summary>
    public string Next() => run.Next() is { } id ? Searched(_stream.Add(id)) : "";

    /// <summary>What is left when the run has ended.</summary>
    public string Rest()
    {
        if (_stops.IsFound)
            return "";
        var last = Searched(_stream.End());
        return _stops.IsFound ? last : last + _stops.End();
    }

    private string Searched(string piece)
    {
        var shown = _stops.Add(piece);
        if (_stops.IsFound)
            run.Stop();
        return shown;
    }
}
