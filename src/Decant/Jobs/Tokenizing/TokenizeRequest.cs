namespace Decant.Jobs;

/// <summary>How lines are tokenized.</summary>
public sealed record TokenizeRequest
{
    /// <summary>Whether a line is a JSON object with <c>text</c>, or <c>text</c> and <c>pair</c>; false: it is the text itself.</summary>
    public bool AreJson { get; init; }

    /// <summary>Whether the tokens that a model wants around a text are added; true by default.</summary>
    public bool AddSpecial { get; init; } = true;
}

/// <summary>A text with its tokens.</summary>
/// <param name="Text">The text.</param>
/// <param name="Pair">The second text; null: there is none.</param>
/// <param name="Tokens">The T tokens with all that is known of them, cut and filled as the tokenizer's file says.</param>
public sealed record TokenizedLine(string Text, string? Pair, Text.TokenizedText Tokens)
{
    /// <summary>The part of the text that a token came from; empty of one that was added.</summary>
    /// <param name="index">Which token, from 0.</param>
    public string Source(int index)
    {
        var (start, end) = Tokens.Offsets[index];
        var whole = Tokens.TypeIds[index] == 1 && Pair is not null ? Pair : Text;
        return start < end && end <= whole.Length ? whole[start..end] : "";
    }
}
