namespace Decant.Teachers.Remote.Asking;

/// <summary>What a chat model says about one item: what that comes to is in the records derived from this one, and here what it cost, and why there may be nothing.</summary>
public abstract record ChatAnswer
{
    /// <summary>Which of the items, from 0.</summary>
    public int Index { get; init; }

    /// <summary>Why the answer cannot be used; null: it can.</summary>
    public AbstentionReason? Abstention { get; init; }

    /// <summary>The failure behind an abstention, as a sentence; null: the answer itself is.</summary>
    public string? Detail { get; init; }

    /// <summary>Tokens of all prompts for this item; of stored answers those that were paid then.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens of all answers to it.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Whether all answers came from the store, so that nothing was paid now.</summary>
    public bool IsFromStore { get; init; }

    /// <summary>What the model wrote, sample by sample.</summary>
    public IReadOnlyList<string> Answers { get; init; } = [];
}
