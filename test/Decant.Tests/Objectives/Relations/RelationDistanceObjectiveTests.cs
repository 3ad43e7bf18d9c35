using System.Text.Json;
using Decant.Objectives.Relations;
using Decant.Signals;

namespace Decant.Tests.Objectives.Relations;

public sealed class RelationDistanceObjectiveTests : RelationSpecification
{
    protected override string Kind => "relation-distance";

    private protected override RelationObjective Create(JsonElement options) => new RelationDistanceObjective();

    private protected override RelationObjective Create(RelationSource of, string? student, string? teacher, ObjectiveContext? context) =>
        new RelationDistanceObjective(new RelationDistance { Representation = of, Student = student, Teacher = teacher }, context);

    [Fact]
    public void Worked_by_hand_three_samples_on_a_line()
    {
        // Student at 0, 1, 2: distances 1, 1, 2, mean 4 ÷ 3, relative ¾, ¾, 1½. Teacher at 0, 3, 12: 3, 9, 12, mean 8, relative ⅜, 1⅛, 1½.
        // Differences ⅜, −⅜, 0; each stands twice in the nine: 4 · ½ · (⅜)² ÷ 9 = 1 ÷ 32, times three samples.
        var (sum, count, _) = new RelationCase([[0], [1], [2]], [[0], [3], [12]]).Of(new RelationDistanceObjective());
        Assert.Equal(3, count);
        Assert.Equal(3.0 / 32, sum, 1e-6);
    }

    [Fact]
    public void Worked_by_hand_a_large_difference_counts_in_a_line()
    {
        // Student: one sample at 1, the others at 0: two distances of 1 and one of 0, relative 1, 1, 0. Teacher: 100 times as far as the others are from each other.
        var few = new RelationCase([[1], [0], [0]], [[0], [0], [100]]).Of(new RelationDistanceObjective());
        // Relative of the teacher 0, 1, 1: differences 1 and −1 (half each) and 0 → 4 · ½ ÷ 9, times three.
        Assert.Equal(3 * 4 * 0.5 / 9, few.Sum, 1e-6);
        // Ten samples, nine at one place: nine distances above 0 of forty-five. Teacher: two near, the rest spread over a line.
        float[][] student = [[5], .. Enumerable.Repeat(new float[] { 0 }, 9)];
        var far = new RelationCase(student, [.. Enumerable.Range(0, 10).Select(i => new float[] { i == 9 ? 1000 : i })]).Of(new RelationDistanceObjective());
        double mean = Enumerable.Range(0, 10).SelectMany(i => Enumerable.Range(0, i).Select(j => Math.Abs((i == 9 ? 1000 : i) - j))).Average();
        double Smooth(double d) => Math.Abs(d) < 1 ? d * d / 2 : Math.Abs(d) - 0.5;
        var expected = Enumerable.Range(0, 10).SelectMany(i => Enumerable.Range(0, 10).Select(j =>
            Smooth((i != j && (i == 0 || j == 0) ? 1 : 0) - Math.Abs((i == 9 ? 1000 : i) - (j == 9 ? 1000 : j)) / mean))).Average();
        Assert.Contains(Enumerable.Range(0, 9), j => (1000 - j) / mean > 2); // in the line's part
        Assert.Equal(10 * expected, far.Sum, 1e-4);
    }

    [Fact]
    public void Near_neighbours_far_from_the_origin_keep_their_distances()
    {
        var near = new RelationCase([[0, 0], [0.01f, 0], [0, 0.02f], [0.01f, 0.02f]], [[1, 1], [0, 2], [3, 1], [2, 2]]);
        var far = near.Moved(v => [v[0] + 64, v[1] + 64]); // 2⁶ + what a float32 still holds to 4e-6
        Assert.Equal(near.Of(new RelationDistanceObjective()).Sum, far.Of(new RelationDistanceObjective()).Sum, 2e-3);
    }

    [Fact]
    public void Two_samples_have_one_distance_which_is_always_1() => Assert.Equal(0, RelationCase.Random(2, seed: 3).Of(new RelationDistanceObjective()).Sum, 1e-6);
}
