using Decant.Evaluation;
using Decant.Evaluation.Language;
using Decant.Evaluation.Regression;
using Decant.Evaluation.Tokens;
using Decant.Evaluation.TrivialAnswers;
using Decant.Evaluation.Verdicts;

namespace Decant.Tests.Evaluation;

/// <summary>A model against an answer that needs no model.</summary>
public sealed class TrivialAnswerTests
{
    [Fact]
    public void A_model_that_always_answers_the_majority_class_is_no_better_than_it()
    {
        var always = Some.Answers(2, [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 1]);

        var test = TrivialAnswerTest.Of(always, majority: 0, ["equivalent", "other"])!;

        Assert.Equal(("always answering 'equivalent'", 4 / 6.0, 1.0, false), (test.Answer, test.Score, test.PValue!.Value, test.IsBeaten));
        Assert.Equal("the teacher is not measurably better than always answering 'equivalent'", Shortfall.Of([test])!.Sentence("teacher"));
    }

    [Theory]
    [InlineData(5, 0, 1 / 32.0, true)]   // ½⁵
    [InlineData(4, 0, 1 / 16.0, false)]
    [InlineData(7, 1, 9 / 256.0, true)]  // (1 + 8) ÷ 2⁸
    [InlineData(1, 7, 1 - 1 / 256.0, false)]
    public void The_test_is_McNemars_to_one_side(int onlyModel, int onlyMajority, double p, bool beaten)
    {
        // Samples of class 1 that the model gets right, and of class 0, the majority, that it gets wrong; ten that both have right.
        int[] labels = [.. Enumerable.Repeat(1, onlyModel), .. Enumerable.Repeat(0, onlyMajority), .. Enumerable.Repeat(0, 10)];
        int[] answers = [.. Enumerable.Repeat(1, onlyModel), .. Enumerable.Repeat(1, onlyMajority), .. Enumerable.Repeat(0, 10)];

        var test = TrivialAnswerTest.Of(Some.Answers(2, answers, labels), majority: 0)!;

        Assert.Equal(p, test.PValue!.Value, 1e-12);
        Assert.Equal(beaten, test.IsBeaten);
        Assert.Equal("always answering class 0", test.Answer);
    }

    [Fact]
    public void A_regression_must_correlate()
    {
        var random = new SplitMix64(9);
        float[] targets = [.. Enumerable.Range(0, 200).Select(_ => (float)random.Normal())];
        float[] close = [.. targets.Select(t => t + (float)random.Normal())];
        float[] unrelated = [.. targets.Select(_ => (float)random.Normal())];

        Assert.True(Of(close).IsBeaten);
        Assert.False(Of(unrelated).IsBeaten);
        Assert.False(Of(new float[200]).IsBeaten); // one answer for all
        Assert.False(Of([.. targets.Select(t => -t)]).IsBeaten);
        Assert.Equal("answering the mean", Of(close).Answer);

        TrivialAnswerTest Of(float[] answers) => TrivialAnswerTest.Of(new RegressionAnswers(answers, targets, 1, Some.Ids(200)))!;
    }

    [Fact]
    public void A_tagger_must_find_an_entity_and_a_language_model_has_no_such_answer()
    {
        string[] tags = ["O", "B-x"];
        var found = new TokenAnswers(Some.Answers(2, [0, 1], [0, 1]), [2], tags);
        var none = new TokenAnswers(Some.Answers(2, [0, 0], [0, 1]), [2], tags);
        var empty = new TokenAnswers(Some.Answers(2, [0, 0], [0, 0]), [2], tags);

        Assert.True(TrivialAnswerTest.Of(found)!.IsBeaten);
        Assert.Equal(("finding no entity", false), (TrivialAnswerTest.Of(none)!.Answer, TrivialAnswerTest.Of(none)!.IsBeaten));
        Assert.Null(TrivialAnswerTest.Of(empty));
        Assert.Null(TrivialAnswerTest.Of(new LanguageAnswers([new LanguageSample(1, 1, 1, 1)])));
        Assert.Null(TrivialAnswerTest.Of(Some.Answers(2, [0], [0]))); // nobody says which class is the most frequent
    }

    [Fact]
    public void Nothing_is_said_to_be_kept_of_a_teacher_that_has_nothing()
    {
        var (teacher, student) = (Some.Answers(2, [0, 0, 0, 0], [0, 0, 0, 1]), Some.Answers(2, [0, 0, 0, 0], [0, 0, 0, 1]));
        var difference = PairedDifference.OfAccuracy(teacher, student);
        var failed = TrivialAnswerTest.Of(teacher, 0, ["yes", "no"]);

        var all = VerdictSentence.Kept(difference, "teacher", Shortfall.Of([failed]));
        var some = VerdictSentence.Kept(difference, "ensemble", Shortfall.Of([failed, failed! with { IsBeaten = true }, null]));
        var ofStudent = VerdictSentence.Kept(difference, "teacher", null, Shortfall.Of([failed]));

        Assert.StartsWith("The teacher is not measurably better than always answering 'yes', so no fraction of it is given: teacher 75", all);
        Assert.StartsWith("The ensemble is not measurably better than always answering 'yes' (1 of 3 seeds), so no fraction", some);
        Assert.StartsWith("The student is not measurably better than always answering 'yes': teacher 75", ofStudent);
        Assert.DoesNotContain("keeps", all + some + ofStudent);
        Assert.EndsWith("; the student is not measurably better than always answering 'yes'", VerdictSentence.Distillation(difference, Shortfall.Of([failed])));
        Assert.Null(Shortfall.Of([failed with { IsBeaten = true }]));
        Assert.StartsWith("The student keeps 100.0 %", VerdictSentence.Kept(difference));
    }
}
