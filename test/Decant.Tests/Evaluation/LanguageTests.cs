using Decant.Evaluation;
using Decant.Evaluation.Language;
using Decant.Evaluation.Regression;
using Decant.Evaluation.Verdicts;
using Decant.Models.Configuration;

namespace Decant.Tests.Evaluation;

public sealed class LanguageTests
{
    // Two texts of 3 and 1 tokens, foretold with probabilities ½ ½ ¼ and ¼: Σ nll = 6 ln 2 over 4 tokens and 12 bytes.
    private static readonly LanguageSample[] ByHand =
        [new(1, 3, 4 * Math.Log(2), 2, Bytes: 8, KlSum: 0.3, SameTop: 2), new(2, 1, 2 * Math.Log(2), 0, Bytes: 4, KlSum: 0.1, SameTop: 1)];

    [Fact]
    public void Perplexity_and_bits_per_byte_are_those_worked_by_hand()
    {
        var evaluation = new LanguageAnswers(ByHand).Evaluate();

        Assert.Equal(0.5, evaluation.Metrics["bits-per-byte"], 1e-12);
        Assert.Equal(Math.Pow(2, 1.5), evaluation.Metrics["perplexity"], 1e-12);
        Assert.Equal(1.5 * Math.Log(2), evaluation.Metrics["nll"], 1e-12);
        Assert.Equal(0.5, evaluation.Metrics["token-accuracy"], 1e-12);
        Assert.Equal((2, 4L), (evaluation.Samples, evaluation.Rows!.Value));
        Assert.Equal((0.75, 0.1), (evaluation.Agreement!.SameAnswer, Math.Round(evaluation.Agreement.MeanKl, 12)));
    }

    [Fact]
    public void Bits_per_byte_lead_where_all_bytes_are_known_and_nats_where_not()
    {
        var unknown = new LanguageAnswers([ByHand[0], ByHand[1] with { Bytes = null }]);

        Assert.Equal("bits-per-byte", new LanguageAnswers(ByHand).Headline.Name);
        Assert.Equal("nll", unknown.Headline.Name);
        Assert.False(unknown.Metrics().ContainsKey("bits-per-byte"));
        Assert.Equal(0.5, new LanguageAnswers(ByHand).Scores().Average(), 1e-12);
        Assert.Equal(1.5 * Math.Log(2), unknown.Scores().Average(), 1e-12);
    }

    [Fact]
    public void Less_is_better_in_verdict_and_words()
    {
        var (student, control) = (Texts(1.0), Texts(1.1));

        var better = PairedDifference.Of([student], [control]);
        var worse = PairedDifference.Of([control], [student]);

        Assert.True(better.High < 0);
        Assert.Equal((Verdict.Better, Verdict.Worse), (better.Verdict, worse.Verdict));
        var twice = PairedDifference.Of([student, student], [control, control]);
        Assert.Equal(Verdict.Helped, twice.Verdict);
        Assert.StartsWith("Distillation helped: student 0.", VerdictSentence.Distillation(twice));
        Assert.Matches(
            @"^This student is better than this control: student 0\.\d{3} bits per byte \(perplexity 7\.\d\d\), control 0\.\d{3} bits per byte \(perplexity 9\.\d\d\), difference −0\.\d{3} \(95 % interval −0\.\d{3} to −0\.\d{3}, test samples alone\); one seed only: training again may change this by more than the interval$",
            VerdictSentence.Distillation(better));
        Assert.StartsWith("This student is worse than this control: ", VerdictSentence.Distillation(worse));
        Assert.StartsWith("a is better than b: ", VerdictSentence.Models(better, "a", "b"));
        Assert.StartsWith("The student needs 10.0 % more bits per byte than its teacher: teacher", VerdictSentence.Kept(better));
        Assert.StartsWith("The student needs 9.1 % fewer bits per byte than its teacher: teacher", VerdictSentence.Kept(worse));
        Assert.StartsWith("The student needs as many bits per byte as its teacher", VerdictSentence.Kept(PairedDifference.Of([student], [student])));
        Assert.Null(better.PValue);
    }

    [Fact]
    public void Correlations_are_kept_like_shares_and_told_with_three_decimals()
    {
        var ids = Some.Ids(5);
        var teacher = new RegressionAnswers([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], 1, ids);
        var student = new RegressionAnswers([1, 2, 3, 5, 4], [1, 2, 3, 4, 5], 1, ids);

        Assert.StartsWith("The student keeps 90.0 % of the teacher's Pearson correlation: teacher 1.000, student 0.900, difference +0.100 (95 %", VerdictSentence.Kept(PairedDifference.Of([teacher], [student])));
    }

    [Fact]
    public void Models_of_two_tasks_are_not_compared()
    {
        var fault = Assert.Throws<DecantException>(() => PairedDifference.Of([new LanguageAnswers(ByHand)], [Some.Answers(2, [0, 1], [0, 1])]));
        Assert.Contains("one is measured by bits-per-byte, the other by accuracy", fault.Message);
    }

    [Fact]
    public void A_split_without_tokens_and_answers_that_are_not_finite_are_refused()
    {
        Assert.Contains("no token to predict", Assert.Throws<DecantException>(() => new LanguageAnswers([new(1, 0, 0, 0)])).Message);
        var diverged = Assert.Throws<DecantException>(() => new LanguageAnswers([new(1, 2, double.NaN, 0)]));
        Assert.Equal(ExitCodes.Diverged, diverged.ExitCode);
    }

    [Theory]
    [InlineData(ModelTask.Classification, "accuracy")]
    [InlineData(ModelTask.TokenClassification, "entity-f1")]
    [InlineData(ModelTask.Regression, "pearson")]
    [InlineData(ModelTask.CausalLanguageModel, "nll")]
    [InlineData(ModelTask.MaskedLanguageModel, "nll")]
    [InlineData(ModelTask.Embedding, "teacher-cosine")]
    public void Every_task_has_a_metric_that_its_best_weights_are_chosen_by(ModelTask task, string expected)
    {
        Assert.Equal(expected, Metric.Default(task).Name);
        Assert.Equal(expected, Metric.Find(expected, task).Name);
    }

    [Fact]
    public void A_metric_of_another_task_is_refused_with_those_there_are()
    {
        Assert.Equal("The metric 'entity-f1' does not apply to language modelling, which has: bits-per-byte, perplexity, nll, token-accuracy.", Refused("entity-f1", ModelTask.CausalLanguageModel));
        Assert.Equal("Unknown metric 'f1'. For token classification there are: entity-f1, entity-precision, entity-recall, word-accuracy, nll.", Refused("f1", ModelTask.TokenClassification));
    }

    private static string Refused(string name, ModelTask task) => Assert.Throws<DecantException>(() => Metric.Find(name, task)).Message;

    private static LanguageAnswers Texts(double factor) => new([.. Enumerable.Range(0, 60).Select(i =>
        new LanguageSample((ulong)i, 10 + i % 5, factor * (10 + i % 5) * (2 + 0.1 * Math.Sin(i)), 3, Bytes: 40 + 4 * (i % 5)))]);
}
