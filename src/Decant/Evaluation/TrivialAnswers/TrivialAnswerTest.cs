using Decant.Evaluation.Embeddings;
using Decant.Evaluation.MultiLabel;
using Decant.Evaluation.Ranking;
using Decant.Evaluation.Regression;
using Decant.Evaluation.Tokens;

namespace Decant.Evaluation.TrivialAnswers;

/// <summary>A model against an answer that needs no model, on the same samples: is it measurably better?</summary>
/// <param name="Answer">What the answer is, as in "not measurably better than …": <c>always answering 'equivalent'</c>, <c>answering the mean</c>.</param>
/// <param name="Score">That answer's figure in the headline metric.</param>
/// <param name="PValue">The one-sided p-value of "no better"; null where there is no test and a single right answer is better.</param>
/// <param name="IsBeaten">Whether the model is better: at a level of <see cref="Level"/> where there is a test.</param>
internal sealed record TrivialAnswerTest(string Answer, double Score, double? PValue, bool IsBeaten)
{
    /// <summary>The one-sided level; 0.05.</summary>
    public const double Level = 0.05;

    /// <summary>
    /// The test that a task has. Any number of labels: always answering the most frequent of them, by Student's t on the differences of the samples' influences, one-sided. Queries with documents: the order that BM25 gives them, likewise. Classification: always answering the training split's most frequent class, by McNemar's exact test, one-sided. Regression, and embedding of
    /// scored pairs: a correlation of 0, that of one answer for all, by Student's t on the samples' influences, one-sided. Token classification: an entity found right.
    /// </summary>
    /// <param name="answers">The model's answers.</param>
    /// <param name="majority">The most frequent class of the training split; null where the task has no classes.</param>
    /// <param name="classes">The names of the classes; may be empty.</param>
    /// <returns>Null where there is no such answer: language models, vectors without scores, a split without entities.</returns>
    public static TrivialAnswerTest? Of(TaskAnswers answers, int? majority = null, IReadOnlyList<string>? classes = null)
    {
        ArgumentNullException.ThrowIfNull(answers);
        return answers switch
        {
            Predictions predictions when majority is { } c && c < predictions.Classes => OfMajority(predictions, c, c < classes?.Count ? $"'{classes[c]}'" : $"class {c}"),
            RankingAnswers { OfWords: { } words } rankings => OfWords(rankings, words),
            MultiLabelAnswers labels => OfFrequent(labels, classes),
            TokenAnswers words when words.Overall() is { Support: > 0 } all => new TrivialAnswerTest("finding no entity", 0, null, all.Right > 0),
            RegressionAnswers or EmbeddingAnswers { HasScores: true } => OfCorrelation(answers),
            _ => null,
        };
    }

    private static TrivialAnswerTest OfMajority(Predictions predictions, int majority, string name)
    {
        double[] always = [.. predictions.Labels.Select(label => label == majority ? 1.0 : 0.0)];
        var test = McNemar.Of(predictions.CorrectScores(), always);
        var p = McNemar.OneSided(test.OnlyA, test.OnlyB);
        return new TrivialAnswerTest($"always answering {name}", always.Average(), p, p <= Level);
    }

    // The labels that give the best micro F1 where every sample is said to have them: the most frequent ones of the split itself, so that the answer is the best of its kind.
    private static TrivialAnswerTest OfFrequent(MultiLabelAnswers answers, IReadOnlyList<string>? classes)
    {
        var supports = answers.PerLabel().OrderByDescending(l => l.Support).ToArray();
        var total = supports.Sum(l => (long)l.Support);
        var count = Enumerable.Range(1, supports.Length).MaxBy(k => 2.0 * supports.Take(k).Sum(l => (long)l.Support) / (((double)k * answers.Count) + total));
        var always = supports.Take(count).Select(l => l.Class).ToHashSet();
        var trivial = answers.With([.. Enumerable.Range(0, answers.Labels).Select(c => always.Contains(c) ? 0.0 : 2.0)]);
        var difference = PairedDifference.Of([answers.Scores()], [trivial.Scores()], new PairedOptions { Resamples = 1 });
        var p = difference.Difference > 0 ? difference.IntervalPValue / 2 : 1 - (difference.IntervalPValue / 2);
        var names = string.Join(", ", supports.Take(count).Take(3).Select(l => l.Class < classes?.Count ? $"'{classes[l.Class]}'" : $"label {l.Class}")) + (count > 3 ? ", …" : "");
        return new TrivialAnswerTest($"always answering {names}", trivial.Metrics()[Metric.MicroF1.Name], p, p <= Level);
    }

    private static TrivialAnswerTest OfWords(RankingAnswers answers, RankingAnswers words)
    {
        var difference = PairedDifference.Of([answers.Scores()], [words.Scores()], new PairedOptions { Resamples = 1 });
        var p = difference.Difference > 0 ? difference.IntervalPValue / 2 : 1 - (difference.IntervalPValue / 2);
        return new TrivialAnswerTest("BM25, which compares words", words.Metrics()[Metric.Ndcg.Name], p, p <= Level);
    }

    private static TrivialAnswerTest OfCorrelation(TaskAnswers answers)
    {
        var scores = answers.Scores();
        var difference = PairedDifference.Of([scores], [new double[scores.Length]], new PairedOptions { Resamples = 1 });
        var p = difference.Difference > 0 ? difference.IntervalPValue / 2 : 1 - difference.IntervalPValue / 2;
        return new TrivialAnswerTest(answers is RegressionAnswers ? "answering the mean" : "placing all pairs alike", 0, p, p <= Level);
    }
}
