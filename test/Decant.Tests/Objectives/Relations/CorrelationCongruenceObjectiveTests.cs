using System.Text.Json;
using Decant.Objectives.Relations;
using Decant.Signals;

namespace Decant.Tests.Objectives.Relations;

public sealed class CorrelationCongruenceObjectiveTests : RelationSpecification
{
    protected override string Kind => "correlation-congruence";

    private protected override RelationObjective Create(JsonElement options) => new CorrelationCongruenceObjective(new CorrelationCongruence
    {
        Gamma = options.TryGetProperty("gamma", out var gamma) ? gamma.GetDouble() : 0.4,
        Order = options.TryGetProperty("order", out var order) ? order.GetInt32() : 2,
    });

    private protected override RelationObjective Create(RelationSource of, string? student, string? teacher, ObjectiveContext? context) =>
        new CorrelationCongruenceObjective(new CorrelationCongruence { Representation = of, Student = student, Teacher = teacher }, context);

    [Fact]
    public void Worked_by_hand_a_right_angle_against_one_direction()
    {
        // Student: a right angle, x = 0.8·cos = 0, series 1. Teacher: one direction, x = 0.8, series 1 + 0.8 + 0.32 = 2.12. Two of the four entries differ by 1.12·e^−0.8.
        var (sum, count, _) = new RelationCase([[1, 0], [0, 3]], [[2], [5]]).Of(new CorrelationCongruenceObjective());
        Assert.Equal(2, count);
        Assert.Equal(2 * 2 * Math.Pow(1.12 * Math.Exp(-0.8), 2) / 4, sum, 1e-6);
    }

    [Fact]
    public void Many_terms_are_the_kernel_itself()
    {
        var some = RelationCase.Random(5, seed: 4);
        var expected = 0.0;
        for (var i = 0; i < 5; i++)
        {
            for (var j = 0; j < 5; j++)
                expected += Math.Pow(Kernel(some.Student[i], some.Student[j]) - Kernel(some.Teacher[i], some.Teacher[j]), 2);
        }

        Assert.Equal(5 * expected / 25, some.Of(new CorrelationCongruenceObjective(new CorrelationCongruence { Gamma = 1.5, Order = 40 })).Sum, 1e-5);

        static double Kernel(float[] a, float[] b)
        {
            double Length(float[] v) => Math.Sqrt(v.Sum(x => (double)x * x));
            return Math.Exp(-1.5 * a.Zip(b, (x, y) => Math.Pow(x / Length(a) - y / Length(b), 2)).Sum());
        }
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(0.4, 0)]
    public void A_kernel_that_is_none_is_refused(double gamma, int order) =>
        Assert.Throws<DecantException>(() => new CorrelationCongruenceObjective(new CorrelationCongruence { Gamma = gamma, Order = order }));
}
