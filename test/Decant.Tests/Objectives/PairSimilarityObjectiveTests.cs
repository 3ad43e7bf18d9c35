using System.Text.Json;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Objectives.Relations;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Objectives;

public sealed class PairSimilarityObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "pair-similarity";

    protected override bool IsDivergence => false; // of what the data wants, not of a teacher

    protected override bool CountsUnlabelled => false;

    protected override bool ComparesSamples => true; // the two rows of a pair

    protected override bool TakesRuledOutClasses => false; // a vector with ∞ has no direction

    protected override IObjective Create() => new PairSimilarityObjective(new() { LowestScore = 0, HighestScore = 3 });

    protected override IObjective Create(JsonElement options) => new PairSimilarityObjective(Options<PairSimilarity>(options));

    [Fact]
    public void Worked_by_hand_the_cosine_of_a_pair_is_held_against_its_score()
    {
        // cos((3, 4), (4, 3)) = 24 ÷ 25 and the score 4 of 5 is 0.8: 0.16² = 0.0256. cos((1, 0), (0, 2)) = 0 and the score 5 is 1: 1.
        var (sum, count) = Of([3, 4, 4, 3, 1, 0, 0, 2], [4, 4, 5, 5], [2, 2], OfFive());
        Assert.Equal(1.0256, sum, 1e-6);
        Assert.Equal(2, count);
    }

    [Fact]
    public void A_pair_without_a_score_and_a_single_text_neither_count_nor_pull()
    {
        var (sum, count) = Of([3, 4, 4, 3, 9, 9, 1, 0, 0, 2], [4, 4, float.NaN, float.NaN, float.NaN], [2, 1, 2], OfFive());
        Assert.Equal(0.0256, sum, 1e-6);
        Assert.Equal(1, count);
    }

    [Fact]
    public void Scores_range_over_those_of_the_training_samples_unless_said()
    {
        // The score 3 of 1 … 5 is 0.5, and the cosine is 1.
        var objective = new PairSimilarityObjective(null, new ObjectiveContext { Numbers = (1, 5) });
        Assert.Equal(0.25, Of([1, 0, 2, 0], [3, 3], [2], objective).Sum, 1e-6);
    }

    [Fact]
    public void The_sum_and_the_gradient_are_the_same_however_pairs_are_dealt_to_batches()
    {
        var whole = ObjectiveCase.Random(7, 4, seed: 21);
        var expected = Measure.Of(Create(), whole);
        for (var cut = 0; cut <= 7; cut++)
        {
            var (first, second) = (Measure.Of(Create(), whole.Rows(0, cut)), Measure.Of(Create(), whole.Rows(cut, 7)));
            Assert.Equal(expected.Count, first.Count + second.Count);
            Close(expected.Sum, first.Sum + second.Sum, 1e-6, "sum");
            foreach (var (a, b) in expected.Gradient.Zip([.. first.Gradient, .. second.Gradient]))
                Close(a, b, 1e-6, "gradient");
        }
    }

    [Fact]
    public void Scores_that_range_over_nothing_are_refused()
    {
        var error = Assert.Throws<DecantException>(() => new PairSimilarityObjective(null, new ObjectiveContext { Numbers = (2, 2) }));
        Assert.Contains("from 2 to 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("'lowest-score' and 'highest-score'", error.Message, StringComparison.Ordinal);
    }

    private static PairSimilarityObjective OfFive() => new(new() { LowestScore = 0, HighestScore = 5 });

    private static (double Sum, long Count) Of(float[] vectors, float[] scores, int[] rowsPerSample, PairSimilarityObjective objective)
    {
        var rows = scores.Length;
        using var batch = new Batch(Tensor.Zeros([rows, 1]), Tensor.From(scores, rows, 1), scores.Count(float.IsFinite), [.. rowsPerSample.Select((_, i) => new SampleId((ulong)i))]) { RowsPerSample = rowsPerSample };
        var (sum, count) = objective.Compute(new StudentOutput(Tensor.From(vectors, rows, vectors.Length / rows)), null, batch);
        return (sum.Item(), count);
    }
}
