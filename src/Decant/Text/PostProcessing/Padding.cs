namespace Decant.Text;

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

    public TokenizedText Apply(TokenizedText text, int longest)
    {
        var length = Fixed ?? longest;
        length = (length + MultipleOf - 1) / MultipleOf * MultipleOf;
        var missing = length - text.Ids.Length;
        return missing <= 0 ? text : new TokenizedText
        {
            Ids = Filled(text.Ids, Id),
            Tokens = Filled(text.Tokens, Token),
            Offsets = Filled(text.Offsets, (0, 0)),
            TypeIds = Filled(text.TypeIds, TypeId),
            IsSpecial = Filled(text.IsSpecial, true),
            AttentionMask = Filled(text.AttentionMask, false),
        };

        T[] Filled<T>(T[] values, T filling)
        {
            var fillings = Enumerable.Repeat(filling, missing);
            return Left ? [.. fillings, .. values] : [.. values, .. fillings];
        }
    }
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
            _ => Tokenizer.CutLongest(first, second, room),
        };
        return cutFirst >= 0 && cutSecond >= 0 ? (cutFirst, cutSecond)
            : throw new DecantException($"The texts of {first} and {second} tokens cannot be cut to {MaxTokens} by {Strategy}; allow more tokens.");
    }
}
