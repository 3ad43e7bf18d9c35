using Decant.Text.Tags;

namespace Decant.Evaluation.Tokens;

/// <summary>Tags that a model gave to the words of sentences; a row is a word, a sample a sentence.</summary>
internal sealed class TokenAnswers : TaskAnswers
{
    private readonly TagSet _tags;
    private readonly int[] _starts;
    private readonly SentenceEntities[] _sentences;

    /// <summary>Checks and holds the answers.</summary>
    /// <param name="words">Logits and tags of the labelled words, the sentences one after the other; the ids are those of the words' sentences.</param>
    /// <param name="wordsPerSample">How many words each sentence has [N].</param>
    /// <param name="tags">The names of the tags in the order of the logits, such as <c>O</c>, <c>B-person</c>, <c>I-person</c>.</param>
    /// <param name="scheme">The scheme of the tags; by default decided by their names (<see cref="TagSet"/>).</param>
    /// <exception cref="DecantException">The numbers of words or of tags do not go together, or the tags cannot be read.</exception>
    public TokenAnswers(Predictions words, IReadOnlyList<int> wordsPerSample, IReadOnlyList<string> tags, TagScheme scheme = TagScheme.Auto)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(wordsPerSample);
        ArgumentNullException.ThrowIfNull(tags);
        if (wordsPerSample.Sum() != words.Count || wordsPerSample.Any(n => n < 1))
            throw new DecantException($"Expected sentences of one word or more, {words.Count} words in all; {wordsPerSample.Count} sentences of {wordsPerSample.Sum()} words came.");
        if (tags.Count != words.Classes)
            throw new DecantException($"The model has {words.Classes} tags, and {tags.Count} tag names came.");
        (Words, WordsPerSample, Tags) = (words, wordsPerSample, tags);
        _tags = TagSet.Read(tags, scheme);
        _starts = new int[wordsPerSample.Count];
        for (var i = 1; i < _starts.Length; i++)
            _starts[i] = _starts[i - 1] + wordsPerSample[i - 1];
        SampleIds = [.. _starts.Select(start => words.SampleIds[start])];
        _sentences = [.. Enumerable.Range(0, Count).Select(Sentence)];
    }

    /// <summary>The words, all sentences after one another.</summary>
    public Predictions Words { get; }

    /// <summary>How many words each sentence has [N].</summary>
    public IReadOnlyList<int> WordsPerSample { get; }

    /// <summary>The names of the tags.</summary>
    public IReadOnlyList<string> Tags { get; }

    /// <inheritdoc/>
    public override int Count => WordsPerSample.Count;

    /// <inheritdoc/>
    public override ulong[] SampleIds { get; }

    /// <inheritdoc/>
    public override Metric Headline => Metric.EntityF1;

    /// <summary>Where a sentence's words begin among all words.</summary>
    public int StartOf(int sample) => _starts[sample];

    /// <summary>Whether every word of a sentence has its tag.</summary>
    public bool IsCorrect(int sample) => Enumerable.Range(_starts[sample], WordsPerSample[sample]).All(Words.IsCorrect);

    /// <summary>All types together: micro-averaged.</summary>
    public EntityScores Overall() => new("", _sentences.Sum(s => s.Right.Count), _sentences.Sum(s => s.Found.Count), _sentences.Sum(s => s.Wanted.Count));

    /// <summary>Each type that is wanted or found, by name.</summary>
    public IReadOnlyList<EntityScores> PerType()
    {
        var (right, found, wanted) = (CountBy(s => s.Right), CountBy(s => s.Found), CountBy(s => s.Wanted));
        return [.. wanted.Keys.Union(found.Keys).Order(StringComparer.Ordinal)
            .Select(t => new EntityScores(t, right.GetValueOrDefault(t), found.GetValueOrDefault(t), wanted.GetValueOrDefault(t)))];
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Metrics()
    {
        var all = Overall();
        return new Dictionary<string, double>
        {
            ["entity-f1"] = all.F1,
            ["entity-precision"] = all.Precision,
            ["entity-recall"] = all.Recall,
            ["word-accuracy"] = Accuracy.Of(Words),
            ["nll"] = NegativeLogLikelihood.Of(Words),
        };
    }

    /// <summary>One score per sentence: F1 is the ratio 2·right ÷ (found + wanted), each summed over the sentences.</summary>
    public override double[] Scores() => Influence.OfRatio(
        [.. _sentences.Select(s => 2.0 * s.Right.Count)],
        [.. _sentences.Select(s => (double)(s.Found.Count + s.Wanted.Count))]);

    /// <inheritdoc/>
    public override ModelEvaluation Evaluate(TaskAnswers? teacher = null) => new()
    {
        Samples = Count,
        Rows = Words.Count,
        Metrics = Metrics(),
        PerEntity = PerType(),
        Agreement = teacher is TokenAnswers { Words: var other } && other.Classes == Words.Classes ? Agreement.Of(Words, other) : null,
        Remarks = Overall().Support == 0 ? ["The split has no entity: precision, recall and F1 are 0 whatever the model answers."] : [],
    };

    /// <inheritdoc/>
    public override void CheckPaired(TaskAnswers other)
    {
        base.CheckPaired(other);
        PredictionChecks.CheckPaired(Words, ((TokenAnswers)other).Words);
    }

    private SentenceEntities Sentence(int sample)
    {
        var (wanted, found) = (new EntityTag[WordsPerSample[sample]], new EntityTag[WordsPerSample[sample]]);
        for (var i = 0; i < wanted.Length; i++)
            (wanted[i], found[i]) = (_tags[Words.Labels[_starts[sample] + i]], _tags[Words.Answers[_starts[sample] + i]]);
        var (all, answered) = (Entities.Of(wanted), Entities.Of(found));
        return new SentenceEntities(all, answered, [.. answered.Intersect(all)]);
    }

    private Dictionary<string, int> CountBy(Func<SentenceEntities, IReadOnlyList<Entity>> which) =>
        _sentences.SelectMany(which).GroupBy(e => e.Type, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);

    private sealed record SentenceEntities(IReadOnlyList<Entity> Wanted, IReadOnlyList<Entity> Found, IReadOnlyList<Entity> Right);
}
