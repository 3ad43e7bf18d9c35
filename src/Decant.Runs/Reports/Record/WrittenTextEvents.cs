namespace Decant.Runs.Reports.Record;

/// <summary>What a model wrote after prompts of the test split, in figures.</summary>
internal sealed record TextsMeasured : RunEvent
{
    /// <summary>The arm.</summary>
    public required string Arm { get; init; }

    /// <summary>Its seed.</summary>
    public long Seed { get; init; }

    /// <summary>How many prompts.</summary>
    public int Samples { get; init; }

    /// <summary>After how many it wrote nothing, or nothing but white space.</summary>
    public int Empty { get; init; }

    /// <summary>How many texts ended since the model reads no more, before they had <see cref="MaxNewTokens"/>.</summary>
    public int AtModelLimit { get; init; }

    /// <summary>The most new tokens of a text.</summary>
    public int MaxNewTokens { get; init; }

    /// <summary>The sampling temperature; 0: greedy decoding.</summary>
    public double SamplingTemperature { get; init; }

    /// <summary>The metrics by name.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();
}

/// <summary>The texts of two models after the same prompts, in one metric.</summary>
internal sealed record TextsCompared : RunEvent
{
    /// <summary>The one.</summary>
    public required string A { get; init; }

    /// <summary>The other.</summary>
    public required string B { get; init; }

    /// <summary>The metric.</summary>
    public required string Metric { get; init; }

    /// <summary>A − B.</summary>
    public required double Difference { get; init; }

    /// <summary>Lower end of its interval.</summary>
    public required double Low { get; init; }

    /// <summary>Upper end.</summary>
    public required double High { get; init; }

    /// <summary>The interval's confidence.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>How many seeds were compared.</summary>
    public int Seeds { get; init; }

    /// <summary>How many prompts.</summary>
    public int Samples { get; init; }

    /// <summary>As of a <see cref="Comparison"/>.</summary>
    public required string Verdict { get; init; }

    /// <summary>The same in a sentence.</summary>
    public required string Sentence { get; init; }
}

/// <summary>Whose texts a judge preferred, shown both orders of each pair.</summary>
internal sealed record TextsJudged : RunEvent
{
    /// <summary>The judge, for people.</summary>
    public required string Judge { get; init; }

    /// <summary>The one.</summary>
    public required string A { get; init; }

    /// <summary>The other.</summary>
    public required string B { get; init; }

    /// <summary>Prompts for which it preferred A, in both orders.</summary>
    public int Wins { get; init; }

    /// <summary>Prompts for which it preferred neither: among them <see cref="Identical"/> and <see cref="Disagreed"/>.</summary>
    public int Ties { get; init; }

    /// <summary>Prompts for which it preferred B, in both orders.</summary>
    public int Losses { get; init; }

    /// <summary>Ties of texts that are the same, which it was not asked about.</summary>
    public int Identical { get; init; }

    /// <summary>Ties since it said something else in the other order.</summary>
    public int Disagreed { get; init; }

    /// <summary>Prompts that are not counted, for an answer could not be used.</summary>
    public int Unusable { get; init; }

    /// <summary>Prompts that are not counted, for the budget was spent.</summary>
    public int Unasked { get; init; }

    /// <summary>(Wins + Ties ÷ 2) ÷ their sum; null where that is 0.</summary>
    public double? Rate { get; init; }

    /// <summary>Lower end of its interval (Wilson).</summary>
    public double Low { get; init; }

    /// <summary>Upper end.</summary>
    public double High { get; init; }

    /// <summary>The interval's confidence.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>The same in a sentence.</summary>
    public required string Sentence { get; init; }
}
