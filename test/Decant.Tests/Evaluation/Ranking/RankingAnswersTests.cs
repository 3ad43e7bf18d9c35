using Decant.Evaluation;
using Decant.Evaluation.Ranking;
using Decant.Evaluation.TrivialAnswers;

namespace Decant.Tests.Evaluation.Ranking;

public sealed class RankingAnswersTests
{
    [Fact]
    public void Metrics_worked_by_hand()
    {
        // First query: the relevant document is third. Second: grades 2 and 1 at ranks 2 and 1.
        var answers = new RankingAnswers([[3, 2, 1], [5, 6, 0]], [[0, 0, 1], [2, 1, 0]], [1, 2]);
        var second = (1 + (2 / Math.Log2(3))) / (2 + (1 / Math.Log2(3)));
        var metrics = answers.Metrics();
        Assert.Equal((0.5 + second) / 2, metrics["ndcg@10"], 1e-12);
        Assert.Equal(((1.0 / 3) + 1) / 2, metrics["mrr@10"], 1e-12);
        Assert.Equal(1, metrics["recall@10"], 1e-12);
        Assert.Equal([0.5, second], answers.Scores());
    }

    [Fact]
    public void An_order_that_a_model_does_not_give_is_not_counted_for_it() =>
        Assert.Equal(1 / Math.Log2(5), new RankingAnswers([[7, 7, 7, 7]], [[1, 0, 0, 0]], [1]).Metrics()["ndcg@10"], 1e-12);

    [Fact]
    public void A_model_no_better_than_the_words_is_said_to_be()
    {
        double[][] words = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? new double[] { 2, 1 } : [1, 2])];
        float[][] grades = [.. words.Select(_ => new float[] { 1, 0 })];
        ulong[] ids = [.. Enumerable.Range(0, 40).Select(i => (ulong)i)];
        var perfect = TrivialAnswerTest.Of(new RankingAnswers([.. words.Select(_ => new double[] { 1, 0 })], grades, ids, words))!;
        Assert.True(perfect.IsBeaten);
        Assert.Equal((1 + (1 / Math.Log2(3))) / 2, perfect.Score, 1e-12);
        Assert.False(TrivialAnswerTest.Of(new RankingAnswers(words, grades, ids, words))!.IsBeaten);
        Assert.Null(TrivialAnswerTest.Of(new RankingAnswers(words, grades, ids)));
    }

    [Fact]
    public void Agreement_with_a_teacher_is_the_mean_rank_correlation()
    {
        var (a, b) = (new RankingAnswers([[1, 2, 3], [1, 2, 3]], [[1, 0, 0], [1, 0, 0]], [1, 2]), new RankingAnswers([[2, 4, 9], [3, 2, 1]], [[1, 0, 0], [1, 0, 0]], [1, 2]));
        Assert.Equal(0, a.Evaluate(b).Metrics["teacher-spearman"], 1e-12);
        Assert.Throws<DecantException>(() => a.Evaluate(new RankingAnswers([[1, 2], [1, 2]], [[1, 0], [1, 0]], [1, 2])));
    }

    [Fact]
    public void A_score_that_is_no_number_is_refused() =>
        Assert.Throws<DecantException>(() => new RankingAnswers([[1, double.NaN]], [[1, 0]], [1]));
}
