namespace Decant.Evaluation.Texts;

/// <summary>What one model wrote after the same prompts as others, and the figures of it.</summary>
/// <param name="texts">The texts [N], one or more, in the order of the prompts.</param>
internal sealed class WrittenTexts(IReadOnlyList<WrittenText> texts)
{
    private const int RepeatedWords = 4;

    /// <summary>Longest common subsequence with the reference.</summary>
    public static Metric RougeLMetric { get; } = new("rouge-l", true, MetricUnit.Share);

    /// <summary>Texts that are their references.</summary>
    public static Metric ExactMetric { get; } = new("text-exact-match", true, MetricUnit.Share);

    /// <summary>What two models are compared by, text by text.</summary>
    public static IReadOnlyList<Metric> Compared { get; } = [RougeLMetric, ExactMetric];

    /// <summary>The texts [N].</summary>
    public IReadOnlyList<WrittenText> Texts => texts;

    /// <summary>How many are empty.</summary>
    public int Empty => texts.Count(t => t.IsEmpty);

    /// <summary>The score of each text [N] in one of the <see cref="Compared"/> metrics; their mean is the figure.</summary>
    public double[] Scores(Metric metric) => [.. texts.Select(t => metric == RougeLMetric ? RougeL.Of(t.Text, t.Reference) : ExactText.Of(t.Text, t.Reference))];

    /// <summary>The figures by name; those that texts without enough words cannot give are missing.</summary>
    public IReadOnlyDictionary<string, double> Metrics()
    {
        var words = texts.Select(t => TextWords.Of(t.Text)).ToArray();
        var repeated = words.Select(w => NGrams.Repeated(w, RepeatedWords)).OfType<double>().ToArray();
        (string Name, double? Value)[] figures =
        [
            (RougeLMetric.Name, Scores(RougeLMetric).Average()),
            (ExactMetric.Name, Scores(ExactMetric).Average()),
            ("distinct-1", NGrams.Distinct(words, 1)),
            ("distinct-2", NGrams.Distinct(words, 2)),
            ("repeated-4-grams", repeated.Length == 0 ? null : repeated.Average()),
            ("ended", texts.Average(t => t.EndedByItself ? 1.0 : 0)),
            ("generated-tokens", texts.Average(t => t.Tokens)),
        ];
        return figures.Where(f => f.Value is not null).ToDictionary(f => f.Name, f => f.Value!.Value);
    }
}
