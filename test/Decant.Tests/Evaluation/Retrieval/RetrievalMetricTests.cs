using System.Text.Json.Nodes;
using Decant.Data.Retrieval;
using Decant.Evaluation.Retrieval;

namespace Decant.Tests.Evaluation.Retrieval;

/// <summary>Metrics of a search: by hand, and as an independent program computes them.</summary>
public sealed class RetrievalMetricTests
{
    private static readonly Dictionary<int, double> s_grades = new() { [4] = 2, [7] = 1, [9] = 3 };

    [Fact]
    public void By_hand()
    {
        int[] ranked = [5, 4, 7, 1, 2];
        // Gains 0, 2, 1 at ranks 1 to 3; the best ranking has 3, 2, 1.
        var gain = (2 / Math.Log2(3)) + (1 / Math.Log2(4));
        var best = 3 + (2 / Math.Log2(3)) + (1 / Math.Log2(4));
        Assert.Equal(gain / best, DiscountedGain.Normalized(ranked, s_grades, 10), 1e-12);
        Assert.Equal(2 / Math.Log2(3) / (3 + (2 / Math.Log2(3))), DiscountedGain.Normalized(ranked, s_grades, 2), 1e-12);
        Assert.Equal(0.5, ReciprocalRank.At(ranked, s_grades, 10));
        Assert.Equal(0, ReciprocalRank.At(ranked, s_grades, 1));
        Assert.Equal(2 / 3.0, Recall.At(ranked, s_grades, 10), 1e-12);
        Assert.Equal(1 / 3.0, Recall.At(ranked, s_grades, 2), 1e-12);
    }

    [Fact]
    public void The_best_ranking_has_1()
    {
        int[] ranked = [9, 4, 7, 0];
        Assert.Equal(1, DiscountedGain.Normalized(ranked, s_grades, 10), 1e-12);
        Assert.Equal(1, ReciprocalRank.At(ranked, s_grades, 10));
        Assert.Equal(1, Recall.At(ranked, s_grades, 10));
    }

    [Fact]
    public void As_an_independent_program_has_it()
    {
        var cases = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "retrieval.json")))!.AsArray();
        Assert.Equal(40, cases.Count);
        foreach (var golden in cases)
        {
            int[] ranked = [.. golden!["ranked"]!.AsArray().Select(d => (int)d!)];
            var grades = golden["grades"]!.AsObject().ToDictionary(g => int.Parse(g.Key), g => (double)g.Value!);
            foreach (var (key, at) in golden["at"]!.AsObject())
            {
                var k = int.Parse(key);
                Assert.Equal((double)at!["ndcg"]!, DiscountedGain.Normalized(ranked, grades, k), 1e-12);
                Assert.Equal((double)at["mrr"]!, ReciprocalRank.At(ranked, grades, k), 1e-12);
                Assert.Equal((double)at["recall"]!, Recall.At(ranked, grades, k), 1e-12);
            }
        }
    }

    [Fact]
    public void A_search_finds_the_closest_and_its_scores_are_means_over_queries()
    {
        float[][] documents = [[1, 0], [0, 2], [3, 3], [-1, 0]];
        var search = new VectorSearch(documents, VectorForm.Float32, 2);
        Assert.Equal([2, 0, 1], search.Nearest([2, 1.9f], 3));
        Assert.Equal([1, 2, 0, 3], search.Nearest([0, 5], 9));
        var scores = RetrievalScores.Of(search, [[0, 5], [2, 1.9f]], new([new Dictionary<int, double> { [2] = 1 }, new Dictionary<int, double> { [2] = 1 }]));
        Assert.Equal((2, (0.5 + 1) / 2, (1 + (1 / Math.Log2(3))) / 2, 1), (scores.Queries, scores.MrrAt10, scores.NdcgAt10, scores.RecallAt10));
    }

    [Fact]
    public void Int8_and_bits_are_what_they_are_said_to_be()
    {
        Assert.Equal([127, -64, 0, 32], VectorCodes.Int8([4f, -2.01f, 0, 1]).Select(c => (int)c));
        Assert.Equal([0, 0], VectorCodes.Int8([0f, 0]).Select(c => (int)c));
        Assert.Equal([0b1010_0000, 0b1000_0000], VectorCodes.Bits([1f, -1, 2, 0, -3, 0, 0, 0, 5]).Select(b => (int)b));
        Assert.Equal(3, VectorCodes.Differing([0b1010_0000, 1], [0b0000_0000, 0]));
        Assert.Equal([40, 10, 2], Enum.GetValues<VectorForm>().Select(form => VectorSearch.BytesOf(form, 10)));
    }

    [Fact]
    public void Of_fewer_dimensions_the_first_count_alone()
    {
        float[][] documents = [[1, 0, 9], [0.9f, 0.1f, -9]];
        Assert.Equal([0, 1], new VectorSearch(documents, VectorForm.Float32, 2).Nearest([1, 0, -9], 2));
        Assert.Equal([1, 0], new VectorSearch(documents, VectorForm.Float32, 3).Nearest([1, 0, -9], 2));
        Assert.Equal([1, 0], new VectorSearch(documents, VectorForm.Binary, 3).Nearest([1, 1, -9], 2));
    }
}
