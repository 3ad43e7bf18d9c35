using System.Text.Json;
using Decant.Objectives.Relations;
using Decant.Signals;

namespace Decant.Tests.Objectives.Relations;

public sealed class SimilarityPreservingObjectiveTests : RelationSpecification
{
    protected override string Kind => "similarity-preserving";

    private protected override RelationObjective Create(JsonElement options) => new SimilarityPreservingObjective();

    private protected override RelationObjective Create(RelationSource of, string? student, string? teacher, ObjectiveContext? context) =>
        new SimilarityPreservingObjective(new SimilarityPreserving { Representation = of, Student = student, Teacher = teacher }, context);

    [Fact]
    public void Worked_by_hand_samples_that_the_student_holds_for_one_and_the_teacher_for_different()
    {
        // Student: both (2): products 4, 4 in each row, rows (√½, √½). Teacher: (3, 0) and (0, 5): rows (1, 0) and (0, 1). (1 − √½)² + ½, twice, ÷ 4, times two samples.
        var (sum, count, _) = new RelationCase([[2], [2]], [[3, 0], [0, 5]]).Of(new SimilarityPreservingObjective());
        Assert.Equal(2, count);
        Assert.Equal(2 * 2 * (Math.Pow(1 - Math.Sqrt(0.5), 2) + 0.5) / 4, sum, 1e-6);
    }
}
