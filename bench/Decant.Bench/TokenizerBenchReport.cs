namespace Decant.Bench;

/// <summary>The options of <c>decant bench tokenizers</c>.</summary>
internal sealed record TokenizerBenchRequest
{
    /// <summary>The folder of the data sets, with <c>tokenizers/</c>, <c>wikitext-2/</c> and <c>zh/chnsenticorp/</c>.</summary>
    public required string Data { get; init; }

    /// <summary>The folder with the <c>node_modules</c> that the peer is installed in; null: our side alone.</summary>
    public string? PeerFolder { get; init; }

    /// <summary>Rounds of each side, in turn; 3.</summary>
    public int Pairs { get; init; } = 3;

    /// <summary>Characters of each text at most, whole lines; 1,000,000.</summary>
    public int Characters { get; init; } = 1_000_000;
}

/// <summary>What a comparison of tokenizers came to.</summary>
/// <param name="Cores">The machine's cores.</param>
/// <param name="Lines">One for each tokenizer and text.</param>
internal sealed record TokenizerBenchReport(int Cores, IReadOnlyList<TokenizerBenchLine> Lines);

/// <summary>One tokenizer on one text; speeds are medians in MB (10⁶ bytes of UTF-8) a second.</summary>
internal sealed record TokenizerBenchLine
{
    /// <summary>The tokenizer's folder.</summary>
    public required string Tokenizer { get; init; }

    /// <summary>The text.</summary>
    public required string Text { get; init; }

    /// <summary>Bytes of UTF-8.</summary>
    public required long Bytes { get; init; }

    /// <summary>Ids that we give.</summary>
    public required long Ids { get; init; }

    /// <summary>Ids that the peer gives; null without one.</summary>
    public long? PeerIds { get; init; }

    /// <summary>Our speed on one core, of the rounds in which words may be remembered from the round before.</summary>
    public required double Ours { get; init; }

    /// <summary>Our speed on one core with nothing remembered.</summary>
    public required double First { get; init; }

    /// <summary>The peer's speed on one core, which caches words too.</summary>
    public double? Peer { get; init; }

    /// <summary>The median over the pairs of the peer's time divided by ours.</summary>
    public double? Ratio { get; init; }

    /// <summary>Our speed on all cores.</summary>
    public required double AllCores { get; init; }
}
