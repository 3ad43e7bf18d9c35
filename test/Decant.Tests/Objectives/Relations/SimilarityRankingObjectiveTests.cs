using System.Text.Json;
using Decant.Objectives.Relations;
using Decant.Signals;

namespace Decant.Tests.Objectives.Relations;

public sealed class SimilarityRankingObjectiveTests : RelationSpecification
{
    protected override string Kind => "similarity-ranking";

    private protected override RelationObjective Create(JsonElement options) => new SimilarityRankingObjective(new SimilarityRanking
    {
        Temperature = options.TryGetProperty("temperature", out var temperature) ? temperature.GetDouble() : 0.05,
        Matryoshka = options.TryGetProperty("matryoshka", out var lengths) ? [.. lengths.EnumerateArray().Select(l => l.GetInt32())] : [],
    });

    private protected override RelationObjective Create(RelationSource of, string? student, string? teacher, ObjectiveContext? context) =>
        new SimilarityRankingObjective(new SimilarityRanking { Representation = of, Student = student, Teacher = teacher }, context);

    [Fact]
    public void Worked_by_hand_two_neighbours_of_each()
    {
        // Teacher: 0°, 0° and 90°, cosines 1, 0, 0. Student: 0°, 90°, 90°: cosines 0, 0, 1. τ = 1. p of the first sample: e ÷ (e + 1) and 1 ÷ (e + 1); q: ½ each. The third's the other way about.
        // The second: p as the first's; q e ÷ (e + 1) for the third, 1 ÷ (e + 1) for the first.
        var (sum, count, _) = new RelationCase([[1, 0], [0, 3], [0, 2]], [[2, 0], [5, 0], [0, 1]]).Of(new SimilarityRankingObjective(new SimilarityRanking { Temperature = 1 }));
        Assert.Equal(3, count);
        double most = Math.E / (Math.E + 1), least = 1 / (Math.E + 1);
        var first = most * Math.Log(most / 0.5) + least * Math.Log(least / 0.5);
        var second = most * Math.Log(most / least) + least * Math.Log(least / most);
        var third = 0.5 * Math.Log(0.5 / least) + 0.5 * Math.Log(0.5 / most);
        Assert.Equal(first + second + third, sum, 1e-5);
    }

    [Fact]
    public void A_temperature_that_is_none_is_refused() => Assert.Throws<DecantException>(() => new SimilarityRankingObjective(new SimilarityRanking { Temperature = 0 }));
}
