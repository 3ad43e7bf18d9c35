namespace Decant.Teachers.Remote.Extracting;

/// <summary>What becomes of a span that begins or ends within a word.</summary>
public enum CutWords
{
    /// <summary>It is widened to the whole word.</summary>
    Widen,

    /// <summary>The answer cannot be used.</summary>
    Refuse,
}
