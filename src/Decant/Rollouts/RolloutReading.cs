namespace Decant.Rollouts;

/// <summary>What texts of a model looked like, and what both models say of their tokens: sums, of which the properties below are means per token.</summary>
internal sealed class RolloutReading
{
    private readonly RepeatedSequences _repeated = new();

    public long Texts { get; private set; }

    public long Tokens { get; private set; }

    public long Ended { get; private set; }

    public long Empty { get; private set; }

    /// <summary>Texts that 'input.max-tokens' ended before as many tokens as they may have.</summary>
    public long CutShort { get; private set; }

    public long Rows { get; set; }

    public long Compared { get; set; }

    public double StudentNll { get; set; }

    public double TeacherNll { get; set; }

    public double Entropy { get; set; }

    public double Reverse { get; set; }

    public double Forward { get; set; }

    public double Overlap { get; set; }

    /// <summary>KL(q ‖ q before the training) of the first held-out texts of the data, per token; null: not measured.</summary>
    public double? Drift { get; set; }

    /// <summary>e to the mean of −log q(y).</summary>
    public double StudentPerplexity => Math.Exp(StudentNll / Rows);

    /// <summary>e to the mean of −log p(y).</summary>
    public double TeacherPerplexity => Math.Exp(TeacherNll / Rows);

    /// <summary>Of the 4-grams of each text, the share that stood in it before.</summary>
    public double Repeated => _repeated.Share;

    public void Count(WrittenTexts texts, IReadOnlyList<int> stops, int maxNewTokens)
    {
        foreach (var text in texts.Tokens)
        {
            var isEnded = stops.Contains(text[^1]);
            Texts++;
            Tokens += text.Length;
            Ended += isEnded ? 1 : 0;
            Empty += isEnded && text.Length == 1 ? 1 : 0;
            CutShort += !isEnded && text.Length < maxNewTokens ? 1 : 0;
            _repeated.Add(text);
        }
    }

    /// <summary>The figures of a validation, by name.</summary>
    public IReadOnlyDictionary<string, double> Named()
    {
        var named = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["own-texts/teacher-perplexity"] = TeacherPerplexity,
            ["own-texts/entropy"] = Entropy / Rows,
            ["own-texts/length"] = (double)Tokens / Texts,
            ["own-texts/ended"] = (double)Ended / Texts,
            ["own-texts/empty"] = (double)Empty / Texts,
            ["own-texts/repeated"] = Repeated,
        };
        if (Compared > 0)
        {
            named["own-texts/reverse-kl"] = Reverse / Compared;
            named["own-texts/forward-kl"] = Forward / Compared;
            named["own-texts/top-16-overlap"] = Overlap / Compared;
        }

        if (Drift is { } drift)
            named["own-texts/drift"] = drift;
        return named;
    }
}
