namespace Decant.Evaluation;

/// <summary>How well a language model foretold the texts of a split: sums per text, never logits.</summary>
/// <remarks>
/// All figures are ratios of sums over the split, so that every token counts alike: cross-entropy Σ nll ÷ tokens, perplexity e to that, bits per byte
/// Σ nll ÷ ln 2 ÷ bytes. Perplexities of models with different tokenizers do not compare, bits per byte do; for a masked language model they hold for the hidden
/// tokens and their bytes.
/// </remarks>
public sealed class LanguageAnswers : TaskAnswers
{
    /// <summary>Checks and holds the sums.</summary>
    /// <param name="samples">One per text, at least one token in all.</param>
    /// <exception cref="DecantException">There is no token, or a sum is not finite.</exception>
    public LanguageAnswers(IReadOnlyList<LanguageSample> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.Sum(s => s.Rows) == 0)
            throw new DecantException("The split to evaluate has no token to foretell: its texts are empty or of a single token. Name another split.");
        if (samples.FirstOrDefault(s => !double.IsFinite(s.NllSum)) is { } bad)
            throw AnswerFaults.NotFinite(bad.NllSum, bad.Id);
        Samples = samples;
        SampleIds = [.. samples.Select(s => s.Id)];
        Bytes = samples.All(s => s.Bytes is not null) && samples.Sum(s => s.Bytes!.Value) is > 0 and var bytes ? bytes : null;
    }

    /// <summary>The sums of every text.</summary>
    public IReadOnlyList<LanguageSample> Samples { get; }

    /// <summary>How many tokens were asked about.</summary>
    public long Rows => Samples.Sum(s => s.Rows);

    /// <summary>The UTF-8 bytes that they spell; null unless every text's are known.</summary>
    public long? Bytes { get; }

    /// <inheritdoc/>
    public override int Count => Samples.Count;

    /// <inheritdoc/>
    public override ulong[] SampleIds { get; }

    /// <summary>Bits per byte where the bytes are known, else nats per token.</summary>
    public override Metric Headline => Bytes is null ? Metric.Nll : Metric.BitsPerByte;

    /// <summary>Nats per token.</summary>
    public double Nll => Samples.Sum(s => s.NllSum) / Rows;

    /// <summary>e to <see cref="Nll"/>: 1 for a model that is sure and right; a guess at even odds has the vocabulary's size.</summary>
    public double Perplexity => Math.Exp(Nll);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Metrics()
    {
        var metrics = new Dictionary<string, double>();
        if (Bytes is { } bytes)
            metrics["bits-per-byte"] = Samples.Sum(s => s.NllSum) / Math.Log(2) / bytes;
        metrics["perplexity"] = Perplexity;
        metrics["nll"] = Nll;
        metrics["token-accuracy"] = (double)Samples.Sum(s => s.Hits) / Rows;
        return metrics;
    }

    /// <inheritdoc/>
    public override double[] Scores() => Bytes is null
        ? Influence.OfRatio([.. Samples.Select(s => s.NllSum)], [.. Samples.Select(s => (double)s.Rows)])
        : Influence.OfRatio([.. Samples.Select(s => s.NllSum / Math.Log(2))], [.. Samples.Select(s => (double)s.Bytes!.Value)]);

    /// <summary>Everything measured; the closeness to the teacher was taken while both were asked, so <paramref name="teacher"/> is not read.</summary>
    public override ModelEvaluation Evaluate(TaskAnswers? teacher = null) => new()
    {
        Samples = Count,
        Rows = Rows,
        Metrics = Metrics(),
        Agreement = Samples.All(s => s.KlSum is not null) ? new Agreement((double)Samples.Sum(s => s.SameTop!.Value) / Rows, Samples.Sum(s => s.KlSum!.Value) / Rows) : null,
    };
}
