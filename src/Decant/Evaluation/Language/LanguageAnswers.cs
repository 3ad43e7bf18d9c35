namespace Decant.Evaluation.Language;

/// <summary>Token-level negative log-likelihood of a language model on the texts of a split: sums per text, never logits.</summary>
/// <remarks>
/// All figures are ratios of sums over the split, so that every token counts alike: cross-entropy Σ nll ÷ tokens, perplexity e to that, bits per byte
/// Σ nll ÷ ln 2 ÷ bytes. Perplexities of models with different tokenizers do not compare, bits per byte do; for a masked language model they hold for the hidden
/// tokens and their bytes.
/// </remarks>
internal sealed class LanguageAnswers : TaskAnswers
{
    /// <summary>Checks and holds the sums.</summary>
    /// <param name="samples">One per text, at least one token in all.</param>
    /// <exception cref="DecantException">There is no token, or a sum is not finite.</exception>
    public LanguageAnswers(IReadOnlyList<LanguageSample> samples)
        : this(samples, samples, SampleUnit)
    {
    }

    /// <summary>Checks and holds the sums of a running text: its samples are windows that depend on each other.</summary>
    /// <param name="samples">One per window, at least one token in all.</param>
    /// <param name="units">The same tokens summed by independent unit: by document or by block (<see cref="TextUnits"/>); the id is the unit's number.</param>
    /// <param name="unit">What a unit is: <c>document</c> or <c>block</c>.</param>
    /// <exception cref="DecantException">There is no token, a sum is not finite, or windows and units are not about the same tokens.</exception>
    public LanguageAnswers(IReadOnlyList<LanguageSample> samples, IReadOnlyList<LanguageSample> units, string unit)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(units);
        ArgumentException.ThrowIfNullOrEmpty(unit);
        if (samples.Sum(s => s.Rows) is var rows && units.Sum(u => u.Rows) is var others && rows != others)
            throw new DecantException($"Expected the tokens of the windows once each in the {unit}s that they belong to; the windows have {rows:N0} and the {unit}s {others:N0}.");
        (Units, Unit) = ([.. units.Where(u => u.Rows > 0)], unit);
        if (samples.Sum(s => s.Rows) == 0)
            throw new DecantException("The split to evaluate has no token to predict: its texts are empty or of a single token. Name another split.");
        if (samples.FirstOrDefault(s => !double.IsFinite(s.NllSum)) is { } bad)
            throw AnswerFaults.NotFinite(bad.NllSum, bad.Id);
        Samples = samples;
        SampleIds = [.. samples.Select(s => s.Id)];
        Bytes = samples.All(s => s.Bytes is not null) && samples.Sum(s => s.Bytes!.Value) is > 0 and var bytes ? bytes : null;
    }

    /// <summary>The sums of every text.</summary>
    public IReadOnlyList<LanguageSample> Samples { get; }

    /// <summary>The same sums by independent unit: what intervals draw; the samples themselves where each is a text of its own.</summary>
    public IReadOnlyList<LanguageSample> Units { get; }

    /// <inheritdoc/>
    public override string Unit { get; }

    private bool AreOfRunningText => Unit != SampleUnit && Bytes is not null;

    /// <summary>How many tokens were predicted.</summary>
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

    /// <summary>e to <see cref="Nll"/>: 1 for a model that gives every token probability 1; the vocabulary's size for the uniform distribution.</summary>
    public double Perplexity => Math.Exp(Nll);

    /// <inheritdoc/>
    internal override double? ReportedPerplexity => Perplexity;

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

    /// <summary>One score per unit [G]: numerators and denominators are summed by unit before the influence is taken.</summary>
    public override double[] Scores() => Bytes is null
        ? Influence.OfRatio([.. Units.Select(s => s.NllSum)], [.. Units.Select(s => (double)s.Rows)])
        : Influence.OfRatio([.. Units.Select(s => s.NllSum / Math.Log(2))], [.. Units.Select(s => (double)s.Bytes!.Value)]);

    /// <inheritdoc/>
    public override void CheckPaired(TaskAnswers other)
    {
        // Windows of other tokens are other windows of the same text; its documents and blocks are the same.
        if (!AreOfRunningText || other is not LanguageAnswers { AreOfRunningText: true })
            base.CheckPaired(other);
        var units = ((LanguageAnswers)other).Units;
        if (Unit != other.Unit || !Units.Select(u => u.Id).SequenceEqual(units.Select(u => u.Id)))
            throw new DecantException($"The two models were evaluated on different parts of the text: {Units.Count} {Unit}s against {units.Count} {other.Unit}s. Evaluate both on the same split in windows of the same length.");
    }

    /// <summary>Everything measured; the closeness to the teacher was measured while both ran, so <paramref name="teacher"/> is not read.</summary>
    public override ModelEvaluation Evaluate(TaskAnswers? teacher = null) => new()
    {
        Samples = Count,
        Rows = Rows,
        Metrics = Metrics(),
        Agreement = Samples.All(s => s.KlSum is not null) ? new Agreement((double)Samples.Sum(s => s.SameTop!.Value) / Rows, Samples.Sum(s => s.KlSum!.Value) / Rows) : null,
    };
}
