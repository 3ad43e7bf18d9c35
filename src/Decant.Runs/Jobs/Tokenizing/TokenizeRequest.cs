namespace Decant.Runs.Jobs.Tokenizing;

/// <summary>How lines are tokenized.</summary>
internal sealed record TokenizeRequest
{
    /// <summary>Whether a line is a JSON object with <c>text</c>, or <c>text</c> and <c>pair</c>; false: it is the text itself.</summary>
    public bool AreJson { get; init; }

    /// <summary>Whether the tokens that a model wants around a text are added; true by default.</summary>
    public bool AddSpecial { get; init; } = true;
}
