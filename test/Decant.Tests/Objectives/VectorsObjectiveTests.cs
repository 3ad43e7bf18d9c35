using System.Text.Json;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Objectives.Features;
using Decant.Objectives.Logits;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Objectives;

public sealed class VectorsObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "vectors";

    protected override IObjective Create() => new VectorsObjective();

    protected override IObjective Create(JsonElement options) => new VectorsObjective(
        options.TryGetProperty("distance", out var distance) ? new Vectors { Distance = Enum.Parse<StateDistance>(distance.GetString()!, ignoreCase: true) } : new Vectors());

    [Fact]
    public void A_narrower_student_is_projected_and_the_projection_is_trained()
    {
        using var objective = new VectorsObjective(new Vectors { Distance = StateDistance.Mse }, Context(2, 3));
        var parameters = objective.Trained.NamedParameters().ToDictionary(p => p.Key, p => p.Value);
        Assert.Equal([3L, 2L], parameters["projections.0.first.weight"].Shape);
        using var scope = TensorScope.Open();
        using (Autograd.NoGrad())
        {
            parameters["projections.0.first.weight"].CopyInPlace(Tensor.From([1f, 0f, 0f, 1f, 1f, 1f], 3, 2));
            parameters["projections.0.first.bias"].CopyInPlace(Tensor.From([0f, 0f, 1f], 3));
        }

        // P(2, 3) = (2, 3, 6); the teacher says (2, 1, 3): squares 0, 4, 9, their mean 13 ÷ 3.
        var loss = objective.Compute(new StudentOutput(Tensor.From([2f, 3f], 1, 2)), new DenseLogits(Tensor.From([2f, 1f, 3f], 1, 3)), Rows(1));
        Assert.Equal(13 / 3.0, loss.Sum.Item(), 1e-6);
        loss.Sum.Backward();
        Assert.Equal([0, 0, 2 * 2 * 2 / 3f, 2 * 2 * 3 / 3f, 2 * 3 * 2 / 3f, 2 * 3 * 3 / 3f], parameters["projections.0.first.weight"].Grad!.ToArray<float>(), Close);
    }

    [Fact]
    public void Begun_with_principal_components_the_coordinates_along_them_give_the_teachers_vectors_back()
    {
        using var scope = TensorScope.Open();
        using var generator = new Generator(3);
        // Vectors of four numbers that lie in a plane beside the origin.
        var coordinates = Initialise.Normal([50, 2], 1, generator);
        var answers = coordinates.MatMul(Tensor.From([1f, 2f, 0f, 1f, 0f, -1f, 3f, 1f], 2, 4)) + Tensor.From([1f, -2f, 5f, 0f], 4);
        var (mean, directions, share) = PrincipalComponents.Of(answers, 2);
        Assert.Equal(1, share, 1e-9);
        var student = (answers.To(DType.Float64) - mean).MatMul(directions).To(DType.Float32);
        using var objective = new VectorsObjective(
            new Vectors { Distance = StateDistance.Mse, Start = ProjectionStart.Pca }, Context(2, 4) with { TeacherAnswers = _ => TensorScope.Own(answers * 1) });
        var before = Loss();
        objective.Begin(0);
        Assert.True(before > 0.1, $"{before}");
        Assert.InRange(Loss(), 0, 1e-9);

        // A resumed training has the projection of its checkpoint.
        using var resumed = new VectorsObjective(new Vectors { Start = ProjectionStart.Pca }, Context(2, 4) with { TeacherAnswers = _ => throw new InvalidOperationException("asked") });
        resumed.Begin(0.5);
        resumed.Begin(0);

        double Loss() => objective.Compute(new StudentOutput(student), new DenseLogits(answers), Rows(50)).Sum.Item();
    }

    [Theory]
    [InlineData(3, 3, Projection.Auto, "both vectors have 3 numbers, so there is none")]
    [InlineData(2, 3, Projection.Mlp, "'projection: mlp' is two")]
    [InlineData(4, 3, Projection.Auto, "they have 4 and 3 numbers")]
    public void Principal_components_that_cannot_be_are_refused(int student, int teacher, Projection projection, string expected) => Assert.Contains(
        expected,
        Assert.Throws<DecantException>(() => new VectorsObjective(new Vectors { Start = ProjectionStart.Pca, Projection = projection }, Context(student, teacher) with { TeacherAnswers = _ => throw new InvalidOperationException() })).Message);

    [Fact]
    public void Without_a_teacher_there_are_none_and_other_widths_need_a_projection()
    {
        Assert.Contains("there is no teacher here", Assert.Throws<DecantException>(() => new VectorsObjective(new Vectors { Start = ProjectionStart.Pca })).Message);
        Assert.Contains("'projection: none' allows no map", Assert.Throws<DecantException>(() => new VectorsObjective(new Vectors { Projection = Projection.None }, Context(2, 3))).Message);
        using var wide = new VectorsObjective(new Vectors(), Context(3, 3));
        Assert.Empty(wide.Trained.NamedParameters());
    }

    private static ObjectiveContext Context(int student, int teacher) => new() { Outputs = (student, teacher) };

    private static Batch Rows(int count) => new ObjectiveCase(count, 1, [], [], new long[count]).Batch();

    private static bool Close(float expected, float came) => Math.Abs(expected - came) < 1e-5;
}
