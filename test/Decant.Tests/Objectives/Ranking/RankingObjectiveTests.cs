using System.Text.Json;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Objectives.Ranking;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Objectives.Ranking;

public sealed class RankingLabelsObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "ranking-labels";

    protected override bool TakesRuledOutClasses => false; // a document is there or not

    protected override bool ComparesRows => true;

    protected override bool IsDivergence => false;

    protected override bool CountsUnlabelled => false;

    protected override IObjective Create() => new RankingLabelsObjective();

    protected override IObjective Create(JsonElement options) => new RankingLabelsObjective(Options<RankingLabels>(options));
}

public sealed class MarginMseObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "margin-mse";

    protected override bool TakesRuledOutClasses => false;

    protected override bool ComparesRows => true;

    protected override float EdgeScale => 0.1f;

    protected override IObjective Create() => new MarginMseObjective();

    protected override IObjective Create(JsonElement options) => new MarginMseObjective(Options<MarginMse>(options));
}

public sealed class ListwiseKlObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "listwise-kl";

    protected override bool TakesRuledOutClasses => false;

    protected override bool ComparesRows => true;

    protected override IObjective Create() => new ListwiseKlObjective();

    protected override IObjective Create(JsonElement options) => new ListwiseKlObjective(Options<ListwiseKl>(options));
}

public sealed class PairwiseRankingObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "pairwise-ranking";

    protected override bool TakesRuledOutClasses => false;

    protected override bool ComparesRows => true;

    protected override IObjective Create() => new PairwiseRankingObjective();

    protected override IObjective Create(JsonElement options) => new PairwiseRankingObjective(Options<PairwiseRanking>(options));
}

/// <summary>Queries with several numbers of documents, and students that make vectors.</summary>
public sealed class RankingFormTests
{
    // Two queries of two and three documents: grades (1, 0) and (0, 2, 1).
    private static readonly float[] s_grades = [1, 0, 0, 2, 1];

    [Fact]
    public void Graded_pairs_of_several_documents_worked_by_hand()
    {
        using var scope = TensorScope.Open();
        using var batch = Scores(s_grades);
        var (student, teacher) = (Column(1, 0, 0, 3, 1), Column(2, 0, 0, 4, 1));
        // Query 1: (1 − 0 − 2)² = 1. Query 2, pairs (2,1), (2,3), (3,1): margins 3, 2, 1 against 4, 3, 1: (1 + 1 + 0) ÷ 3.
        var (sum, count) = new MarginMseObjective().Compute(new StudentOutput(student), new DenseLogits(teacher), batch);
        Assert.Equal(1 + (2.0 / 3), sum.Item(), 1e-5);
        Assert.Equal(2, count);
        // −log softmax(1, 0)[0], and −(2 ÷ 3 · log softmax(0, 3, 1)[1] + 1 ÷ 3 · log softmax[2]).
        double Log(params double[] scores) => Math.Log(scores.Sum(Math.Exp));
        Assert.Equal(Log(1, 0) - 1 + Log(0, 3, 1) - (2.0 / 3 * 3) - (1.0 / 3), new RankingLabelsObjective().Compute(new StudentOutput(student), null, batch).Sum.Item(), 1e-5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void A_students_vectors_are_scores_by_their_cosines(double scale)
    {
        using var scope = TensorScope.Open();
        using var generator = new Generator(5);
        var vectors = Tensor.Randn([7, 4], generator) * 3; // query, 2 documents, query, 3 documents
        var rows = vectors.ToArray<float>().Chunk(4).ToArray();
        double Cosine(int a, int b) => rows[a].Zip(rows[b], (x, y) => (double)x * y).Sum() / Norm(a) / Norm(b);
        double Norm(int a) => Math.Sqrt(rows[a].Sum(x => (double)x * x));
        float[] cosines = [.. new[] { (0, 1), (0, 2), (3, 4), (3, 5), (3, 6) }.Select(p => (float)(scale * Cosine(p.Item1, p.Item2)))];
        var teacher = Tensor.Randn([5, 1], generator) * 2;
        using var ofScores = Scores(s_grades);
        using var ofVectors = Vectors(s_grades);
        var byRow = ofVectors.Ranked!.ByRow(teacher.Squeeze(1), 7);
        Assert.Equal([0f, .. teacher.ToArray<float>()[..2], 0f, .. teacher.ToArray<float>()[2..]], byRow.ToArray<float>());
        IObjective[] objectives =
        [
            new MarginMseObjective(new() { CosineScale = scale }), new ListwiseKlObjective(new() { CosineScale = scale }), new PairwiseRankingObjective(new() { CosineScale = scale }),
            new RankingLabelsObjective(new() { CosineScale = scale, InBatchNegatives = false }),
        ];
        foreach (var objective in objectives)
        {
            var expected = objective.Compute(new StudentOutput(Tensor.From(cosines, 5, 1)), new DenseLogits(teacher), ofScores);
            var came = objective.Compute(new StudentOutput(vectors), new DenseLogits(byRow), ofVectors);
            Assert.Equal(expected.Count, came.Count);
            Assert.Equal(expected.Sum.Item(), came.Sum.Item(), 1e-4 * Math.Max(1, Math.Abs(expected.Sum.Item())));
        }
    }

    [Fact]
    public void Documents_of_other_queries_count_as_not_relevant_for_vectors_worked_by_hand()
    {
        using var scope = TensorScope.Open();
        using var batch = Vectors([1, 0, 0, 1], 2);
        // Queries along x and y; cosines of query 1 with all documents: 1, 0, 0, −1; of query 2: 0, 1, −1, 0.
        var vectors = Tensor.From([1f, 0, 2, 0, 0, 3, 0, 1, 0, -2, -1, 0], 6, 2);
        var all = Math.Log(Math.Exp(1) + 1 + 1 + Math.Exp(-1));
        var second = Math.Log(1 + Math.Exp(1) + Math.Exp(-1) + 1);
        var objective = new RankingLabelsObjective(new() { CosineScale = 1 });
        Assert.Equal(all - 1 + second - 0, objective.Compute(new StudentOutput(vectors), null, batch).Sum.Item(), 1e-5);
    }

    [Fact]
    public void A_query_without_grades_teaches_its_order_and_no_label()
    {
        using var scope = TensorScope.Open();
        using var batch = Scores([1, 0, float.NaN, float.NaN, float.NaN]);
        var (student, teacher) = (Column(0, 0, 0, 0, 0), Column(0, 0, 1, 0, 3));
        Assert.Equal(1, new RankingLabelsObjective().Count(batch));
        // Of all three pairs of the second query: margins 1, −2, −3.
        Assert.Equal((1 + 4 + 9) / 3.0, new MarginMseObjective().Compute(new StudentOutput(student), new DenseLogits(teacher), batch).Sum.Item(), 1e-5);
        Assert.Equal(2, new ListwiseKlObjective().Count(batch));
    }

    [Fact]
    public void Other_samples_are_refused_by_name()
    {
        using var batch = new Batch(Tensor.Zeros([2, 1]), Tensor.From([0L, 1]), 2, [new(1), new(2)]);
        using var scope = TensorScope.Open();
        var error = Assert.Throws<DecantException>(() => new ListwiseKlObjective().Compute(new StudentOutput(Tensor.Zeros([2, 1])), new DenseLogits(Tensor.Zeros([2, 1])), batch));
        Assert.Contains("listwise-kl: it puts the documents of a query in order, and the samples are no queries with documents", error.Message);
    }

    private static Tensor Column(params float[] numbers) => Tensor.From(numbers, numbers.Length, 1);

    private static Batch Scores(float[] grades) => Of(grades, 2, RankingForm.Scores);

    private static Batch Vectors(float[] grades, int first = 2) => Of([float.NaN, .. grades[..first], float.NaN, .. grades[first..]], first + 1, RankingForm.Vectors);

    private static Batch Of(float[] rows, int first, RankingForm form) => new(
        Tensor.Zeros([rows.Length, 1]), Tensor.From(rows, rows.Length, 1), rows.Count(float.IsFinite), [new SampleId(1), new SampleId(2)])
    {
        RowsPerSample = [first, rows.Length - first],
        Ranking = form,
    };
}
