namespace Decant.Text.PostProcessing;

/// <summary>How texts are filled up; the <c>padding</c> of a tokenizer.json.</summary>
internal sealed record Padding
{
    /// <summary>The length of all; null: of the batch's longest.</summary>
    public int? Fixed { get; init; }

    public bool Left { get; init; }

    public int MultipleOf { get; init; } = 1;

    public int Id { get; init; }

    public byte TypeId { get; init; }

    public string Token { get; init; } = "[PAD]";
}

/// <summary>How texts are cut; the <c>truncation</c> of a tokenizer.json.</summary>
/// <param name="MaxTokens">The most tokens, special ones included.</param>
/// <param name="Left">Whether the beginning goes instead of the end.</param>
/// <param name="Strategy"><c>LongestFirst</c>, <c>OnlyFirst</c> or <c>OnlySecond</c>.</param>
internal sealed record Truncation(int MaxTokens, bool Left = false, string Strategy = "LongestFirst")
{
    /// <summary>How many tokens of each text stay.</summary>
    public (int First, int Second) Cut(int first, int second, int room)
    {
        if (first + second <= room) return (first, second);
        var (cutFirst, cutSecond) = Strategy switch
        {
            "OnlyFirst" => (room - second, second),
            "OnlySecond" => (first, room - first),
            _ => CutLongest(first, second, room),
        };
        return cutFirst >= 0 && cutSecond >= 0 ? (cutFirst, cutSecond)
            : throw new DecantException($"The texts of {first} and {second} tokens cannot be cut to {MaxTokens} by {Strategy}; allow more tokens.");
    }

    /// <summary>
    /// How many tokens of each text stay where the longer one is cut first: the shorter is whole where it takes half of the room or less, else both get half. Of an odd
    /// room the longer text gets the odd token, and of two that are as long the second, as in the <c>tokenizers</c> library (<c>truncate_encodings</c>, LongestFirst).
    /// </summary>
    internal static (int First, int Second) CutLongest(int first, int second, int room)
    {
        if (first + second <= room) return (first, second);
        var shorter = Math.Min(Math.Min(first, second), room / 2);
        return first > second ? (room - shorter, shorter) : (shorter, room - shorter);
    }
}
