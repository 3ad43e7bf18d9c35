namespace Decant.Evaluation.MultiLabel;

/// <summary>What a model answered to samples that have any number of labels: the logit of each label, whose sigmoid is its probability.</summary>
/// <remarks>The arrays are taken as they are, not copied: do not change them afterwards. A sample has a label from the label's threshold on.</remarks>
internal sealed class MultiLabelAnswers : TaskAnswers
{
    private readonly float[] _logits;
    private readonly bool[] _wanted;
    private readonly double[] _thresholds;

    /// <summary>Checks and holds the answers.</summary>
    /// <param name="logits">[N, C], row by row; all finite.</param>
    /// <param name="wanted">[N, C]: whether a sample has a label.</param>
    /// <param name="labels">C, at least 1.</param>
    /// <param name="sampleIds">The samples' stable ids [N].</param>
    /// <param name="thresholds">[C] from 0 to 1; null: 0.5 for each.</param>
    /// <exception cref="DecantException">Lengths disagree, there is no sample, or an answer is not finite.</exception>
    public MultiLabelAnswers(float[] logits, bool[] wanted, int labels, ulong[] sampleIds, IReadOnlyList<double>? thresholds = null)
    {
        if (labels < 1 || sampleIds.Length == 0 || logits.LongLength != (long)labels * sampleIds.Length || wanted.Length != logits.Length || thresholds?.Count is { } count && count != labels)
            throw new DecantException($"Expected {sampleIds.Length} × {labels} answers, as many labels and {labels} thresholds; {logits.Length}, {wanted.Length} and {thresholds?.Count ?? labels} came.");
        for (var i = 0; i < logits.Length; i++)
            if (!float.IsFinite(logits[i]))
                throw AnswerFaults.NotFinite(logits[i], sampleIds[i / labels]);
        (_logits, _wanted, Labels, SampleIds) = (logits, wanted, labels, sampleIds);
        _thresholds = [.. thresholds ?? Enumerable.Repeat(LabelThresholds.Standard, labels)];
    }

    /// <summary>C, how many labels there are.</summary>
    public int Labels { get; }

    /// <inheritdoc/>
    public override int Count => SampleIds.Length;

    /// <inheritdoc/>
    public override ulong[] SampleIds { get; }

    /// <inheritdoc/>
    public override Metric Headline => Metric.MicroF1;

    /// <summary>The probability of a label.</summary>
    public double Probability(int sample, int label) => 1 / (1 + Math.Exp(-_logits[(sample * Labels) + label]));

    /// <summary>Whether a sample has a label.</summary>
    public bool Has(int sample, int label) => _wanted[(sample * Labels) + label];

    /// <summary>Whether the model says that a sample has a label.</summary>
    public bool Says(int sample, int label) => Probability(sample, label) >= _thresholds[label];

    /// <summary>The same answers with other thresholds.</summary>
    public MultiLabelAnswers With(IReadOnlyList<double> thresholds) => new(_logits, _wanted, Labels, SampleIds, thresholds);

    /// <summary>Precision, recall and F1 of each label.</summary>
    public IReadOnlyList<ClassScores> PerLabel() => [.. Enumerable.Range(0, Labels).Select(OfLabel)];

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Metrics()
    {
        var labels = PerLabel();
        var (right, said, wanted) = Totals();
        return new Dictionary<string, double>
        {
            ["micro-f1"] = said + wanted == 0 ? 0 : 2.0 * right / (said + wanted),
            ["macro-f1"] = labels.Any(l => l.Occurs) ? F1.Macro(labels) : 0,
            ["micro-precision"] = said == 0 ? 0 : (double)right / said,
            ["micro-recall"] = wanted == 0 ? 0 : (double)right / wanted,
            ["exact-match"] = Enumerable.Range(0, Count).Count(i => Enumerable.Range(0, Labels).All(c => Says(i, c) == Has(i, c))) / (double)Count,
            ["nll"] = Enumerable.Range(0, _logits.Length).Average(i => Softplus(_wanted[i] ? -_logits[i] : _logits[i])),
            ["ece"] = Reliability().ExpectedError,
        };
    }

    /// <summary>One score per sample: micro-averaged F1 is the ratio 2·right ÷ (said + wanted), each summed over the samples.</summary>
    public override double[] Scores() => Influence.OfRatio(
        [.. Enumerable.Range(0, Count).Select(i => 2.0 * CountOf(i, (s, w) => s && w))],
        [.. Enumerable.Range(0, Count).Select(i => (double)CountOf(i, (s, _) => s) + CountOf(i, (_, w) => w))]);

    /// <inheritdoc/>
    public override ModelEvaluation Evaluate(TaskAnswers? teacher = null) => new()
    {
        Samples = Count,
        Metrics = Metrics(),
        PerClass = PerLabel(),
        Calibration = Reliability(),
        Agreement = teacher is MultiLabelAnswers other && other.Labels == Labels ? AgreementWith(other) : null,
        Remarks = [.. Remarks()],
    };

    /// <inheritdoc/>
    public override void CheckPaired(TaskAnswers other)
    {
        base.CheckPaired(other);
        if (((MultiLabelAnswers)other).Labels != Labels)
            throw new DecantException($"One model has {Labels} labels and the other {((MultiLabelAnswers)other).Labels}; their answers cannot be compared.");
    }

    private IEnumerable<string> Remarks()
    {
        int[] absent = [.. PerLabel().Where(l => l.Support == 0).Select(l => l.Class)];
        if (absent.Length > 0)
            yield return $"No sample of the split has {absent.Length} of the {Labels} labels ({string.Join(", ", absent.Take(10))}{(absent.Length > 10 ? ", …" : "")}): macro F1 leaves them out unless a sample was said to have them.";
    }

    private ClassScores OfLabel(int label)
    {
        var (right, said, wanted) = (0, 0, 0);
        for (var i = 0; i < Count; i++)
        {
            var (s, w) = (Says(i, label), Has(i, label));
            (right, said, wanted) = (right + (s && w ? 1 : 0), said + (s ? 1 : 0), wanted + (w ? 1 : 0));
        }

        return new(label, said == 0 ? 0 : (double)right / said, wanted == 0 ? 0 : (double)right / wanted, said + wanted == 0 ? 0 : 2.0 * right / (said + wanted), wanted, said);
    }

    private (long Right, long Said, long Wanted) Totals()
    {
        var labels = PerLabel();
        return (Enumerable.Range(0, Count).Sum(i => (long)CountOf(i, (s, w) => s && w)), labels.Sum(l => (long)l.Answered), labels.Sum(l => (long)l.Support));
    }

    private int CountOf(int sample, Func<bool, bool, bool> counts) => Enumerable.Range(0, Labels).Count(c => counts(Says(sample, c), Has(sample, c)));

    /// <summary>Of all labels of all samples together: whether what is said to be 80 % likely is there in 80 % of such cases.</summary>
    private Calibration Reliability() => Calibration.Of(Enumerable.Range(0, _logits.Length).Select(i => (Probability(i / Labels, i % Labels), _wanted[i])));

    private Agreement AgreementWith(MultiLabelAnswers teacher)
    {
        CheckPaired(teacher);
        var same = Enumerable.Range(0, Count).Count(i => Enumerable.Range(0, Labels).All(c => Says(i, c) == teacher.Says(i, c)));
        var divergence = Enumerable.Range(0, _logits.Length).Sum(i => Divergence(teacher._logits[i], _logits[i]));
        return new Agreement((double)same / Count, divergence / Count);
    }

    // Of one label's probabilities σ(z): teacher ‖ student.
    private static double Divergence(double teacher, double student)
    {
        var p = 1 / (1 + Math.Exp(-teacher));
        return Math.Max(0, (p * (Softplus(-student) - Softplus(-teacher))) + ((1 - p) * (Softplus(student) - Softplus(teacher))));
    }

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
