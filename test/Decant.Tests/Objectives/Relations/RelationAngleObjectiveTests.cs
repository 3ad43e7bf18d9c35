using System.Text.Json;
using Decant.Objectives.Relations;
using Decant.Signals;

namespace Decant.Tests.Objectives.Relations;

public sealed class RelationAngleObjectiveTests : RelationSpecification
{
    protected override string Kind => "relation-angle";

    private protected override RelationObjective Create(JsonElement options) => new RelationAngleObjective();

    private protected override RelationObjective Create(RelationSource of, string? student, string? teacher, ObjectiveContext? context) =>
        new RelationAngleObjective(new RelationAngle { Representation = of, Student = student, Teacher = teacher }, context);

    [Fact]
    public void Worked_by_hand_a_right_angle_against_a_line()
    {
        // Student: (0, 0), (1, 0), (0, 1): cosines 0 at the first, √½ at the others. Teacher: −1, 1 and 1 on a line with the first sample between the others.
        // Each angle stands twice in the 27; the others are 1 or 0 for both.
        var (sum, count, _) = new RelationCase([[0, 0], [1, 0], [0, 1]], [[0], [1], [-1]]).Of(new RelationAngleObjective());
        var half = Math.Sqrt(0.5);
        Assert.Equal(3, count);
        Assert.Equal(3 * 2 * (0.5 + 2 * (1 - half) * (1 - half) / 2) / 27, sum, 1e-6);
    }

    [Fact]
    public void Where_the_student_s_space_is_means_nothing()
    {
        var some = RelationCase.Random(6, seed: 5);
        Close(some.Of(new RelationAngleObjective()).Sum, some.Moved(v => [v[0] + 2, v[1] - 1, v[2]]).Of(new RelationAngleObjective()).Sum, 1e-5, "moved");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(80)]
    [InlineData(200)]
    public void Some_samples_at_a_time_give_what_all_at_once_give(long most)
    {
        var some = RelationCase.Random(7, seed: 6);
        var (whole, parts) = (some.Of(new RelationAngleObjective(null, null, long.MaxValue / 100)), some.Of(new RelationAngleObjective(null, null, most)));
        Close(whole.Sum, parts.Sum, 1e-6, "sum");
        foreach (var (a, b) in whole.Gradient.Zip(parts.Gradient))
            Close(a, b, 1e-6, "gradient");
    }

    [Fact]
    public void Two_samples_that_the_student_holds_for_one_pull_no_harder_than_others()
    {
        var some = RelationCase.Random(5, seed: 7);
        float[][] student = [.. some.Student];
        student[3] = student[0];
        var largest = some.Of(new RelationAngleObjective()).Gradient.Max(Math.Abs);
        Assert.All((some with { Student = student }).Of(new RelationAngleObjective()).Gradient, g => Assert.True(Math.Abs(g) < 10 * largest, $"{g} beside {largest}"));
    }
}
