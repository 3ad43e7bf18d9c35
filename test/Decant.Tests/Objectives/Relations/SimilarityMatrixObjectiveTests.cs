using System.Text.Json;
using Decant.Objectives.Relations;
using Decant.Signals;

namespace Decant.Tests.Objectives.Relations;

public sealed class SimilarityMatrixObjectiveTests : RelationSpecification
{
    protected override string Kind => "similarity-matrix";

    private protected override RelationObjective Create(JsonElement options) => new SimilarityMatrixObjective(new SimilarityMatrix
    {
        Matryoshka = options.TryGetProperty("matryoshka", out var lengths) ? [.. lengths.EnumerateArray().Select(l => l.GetInt32())] : [],
    });

    private protected override RelationObjective Create(RelationSource of, string? student, string? teacher, ObjectiveContext? context) =>
        new SimilarityMatrixObjective(new SimilarityMatrix { Representation = of, Student = student, Teacher = teacher }, context);

    [Fact]
    public void Worked_by_hand_right_angles_against_one_direction()
    {
        // Student: three directions, 0°, 90° and 180°: cosines 0, -1, 0. Teacher: all alike, 1. Squares 1, 4, 1, each pair twice, the mean over 6; three samples.
        var (sum, count, _) = new RelationCase([[1, 0], [0, 3], [-2, 0]], [[2], [5], [1]]).Of(new SimilarityMatrixObjective());
        Assert.Equal(3, count);
        Assert.Equal(3 * 2.0, sum, 1e-6);
    }

    [Fact]
    public void A_beginning_that_is_no_shorter_than_the_vector_is_refused()
    {
        var objective = new SimilarityMatrixObjective(new SimilarityMatrix { Matryoshka = [2, 3] });
        Assert.Contains("the student's vector has 3 numbers", Assert.Throws<DecantException>(() => RelationCase.Random(4, 1).Of(objective)).Message);
        Assert.Throws<DecantException>(() => new SimilarityMatrixObjective(new SimilarityMatrix { Matryoshka = [2, 2] }));
        Assert.Throws<DecantException>(() => new SimilarityMatrixObjective(new SimilarityMatrix { Matryoshka = [0] }));
    }
}
