using System.Text.Json;
using Decant.Objectives.Relations;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Objectives.Relations;

/// <summary>What every objective that compares samples is held to.</summary>
public abstract class RelationSpecification : IDisposable
{
    private readonly TensorScope _scope = TensorScope.Open();

    public void Dispose()
    {
        _scope.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Its kind in recipes.</summary>
    protected abstract string Kind { get; }

    /// <summary>The objective with options as in a golden case.</summary>
    private protected abstract RelationObjective Create(JsonElement options);

    /// <summary>The objective as it is unless said.</summary>
    private protected abstract RelationObjective Create(RelationSource of = RelationSource.Features, string? student = null, string? teacher = null, ObjectiveContext? context = null);

    [Fact]
    public void Sum_count_and_gradient_are_those_of_PyTorch()
    {
        var cases = RelationCase.Golden(Kind).ToArray();
        Assert.True(cases.Length >= 4, $"{cases.Length} cases");
        foreach (var (name, options, golden, expected, counted, slopes) in cases)
        {
            var (sum, count, gradient) = golden.Of(Create(options));
            Assert.Equal(counted, count);
            Close(expected, sum, 1e-5, name);
            Assert.Equal(slopes.Length, gradient.Length);
            for (var i = 0; i < slopes.Length; i++)
                Close(slopes[i], gradient[i], 2e-5, $"{name}, gradient {i}");
        }
    }

    [Fact]
    public void The_gradient_is_the_slope_of_the_sum()
    {
        const float h = 1e-2f;
        var at = RelationCase.Random(4, seed: 5);
        var gradient = at.Of(Create()).Gradient;
        for (var sample = 0; sample < 4; sample++)
        {
            for (var element = 0; element < 3; element++)
            {
                var slope = (at.Moved(sample, element, h).Of(Create()).Sum - at.Moved(sample, element, -h).Of(Create()).Sum) / (2 * h);
                Close(slope, gradient[sample * 3 + element], 1e-2, $"sample {sample}, element {element}");
            }
        }
    }

    [Fact]
    public void Where_both_agree_it_is_0_with_no_gradient()
    {
        foreach (var scale in new[] { 1e-3f, 1, 1000 })
        {
            var some = RelationCase.Random(6, seed: 3, own: 5, scale: scale);
            var (sum, count, gradient) = (some with { Student = some.Teacher }).Of(Create());
            Assert.Equal(6, count);
            Assert.Equal(0, sum);
            Assert.All(gradient, g => Assert.Equal(0, g));
        }
    }

    [Fact]
    public void It_is_above_0_where_they_differ() => Assert.All(Enumerable.Range(0, 50), seed => Assert.True(RelationCase.Random(2 + seed % 7, seed).Of(Create()).Sum > 0 || seed % 7 == 0));

    [Theory]
    [InlineData(1e-3f)]
    [InlineData(1e3f)]
    public void The_scale_of_the_student_s_space_means_nothing(float factor)
    {
        var some = RelationCase.Random(6, seed: 7);
        Close(some.Of(Create()).Sum, some.Moved(v => [.. v.Select(x => x * factor)]).Of(Create()).Sum, 1e-5, $"times {factor}");
    }

    [Fact]
    public void How_the_student_s_space_is_turned_means_nothing()
    {
        var some = RelationCase.Random(6, seed: 8);
        var (c, s) = (MathF.Cos(0.7f), MathF.Sin(0.7f));
        Close(some.Of(Create()).Sum, some.Moved(v => [c * v[0] - s * v[2], v[1], s * v[0] + c * v[2]]).Of(Create()).Sum, 1e-5, "turned");
    }

    [Fact]
    public void The_order_of_the_samples_means_nothing()
    {
        var some = RelationCase.Random(6, seed: 9);
        Close(some.Of(Create()).Sum, new RelationCase([.. some.Student.Reverse()], [.. some.Teacher.Reverse()]).Of(Create()).Sum, 1e-5, "reversed");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Fewer_than_two_samples_have_no_relation_and_count_0(int samples)
    {
        var (sum, count, gradient) = RelationCase.Random(samples, seed: 1).Of(Create());
        Assert.Equal((0, 0), (sum, count));
        Assert.All(gradient, g => Assert.Equal(0, g));
        using var batch = RelationCase.Random(samples, seed: 1).Batch();
        Assert.Equal(0, Create().Count(batch));
    }

    [Fact]
    public void What_has_no_distance_and_no_direction_gives_finite_numbers()
    {
        float[] zero = [0, 0, 0], one = [1, 2, 3];
        var spread = RelationCase.Random(4, seed: 2).Teacher;
        (string Name, float[][] Student)[] edges =
        [
            ("all samples are one", [one, one, one, one]),
            ("all samples are 0", [zero, zero, zero, zero]),
            ("two are one", [one, one, [2, 0, 1], [-1, 0, 2]]),
            ("one is 0", [zero, one, [2, 0, 1], [-1, 0, 2]]),
            ("all but one are one", [one, one, one, zero]),
            ("as near as numbers can be", [one, [1, 2, 3.0000002f], one, [1.0000001f, 2, 3]]),
            ("far from 0", [[1e4f, 0, 0], [1e4f, 1, 0], [1e4f, 0, 1], [1e4f, 1, 1]]),
            ("two samples", [one, zero]),
        ];
        foreach (var (name, student) in edges)
        {
            Assert.All(new[] { spread[..student.Length], [.. student.Select(_ => one)], [.. student.Select(_ => zero)] }, teacher =>
            {
                var (sum, count, gradient) = new RelationCase(student, teacher).Of(Create());
                Assert.Equal(student.Length, count);
                Assert.True(double.IsFinite(sum) && sum >= 0, $"{name}: {sum}");
                Assert.All(gradient, g => Assert.True(float.IsFinite(g), $"{name}: {g}"));
            });
        }
    }

    [Theory]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    public void Half_precision_is_computed_in_float32(DType dtype)
    {
        float Rounded(float x) => Tensor.From([x]).To(dtype).To(DType.Float32).ToArray<float>()[0];
        var some = RelationCase.Random(5, seed: 4);
        var rounded = new RelationCase([.. some.Student.Select(v => v.Select(Rounded).ToArray())], [.. some.Teacher.Select(v => v.Select(Rounded).ToArray())]);
        Close(rounded.Of(Create()).Sum, rounded.Of(Create(), dtype).Sum, 1e-6, dtype.ToString());
        var large = new RelationCase([[6e4f, -6e4f], [1, 6e4f], [0, 6e-8f]], [[6e4f, 6e4f], [-6e4f, 1], [0, 0]]).Of(Create(), dtype);
        Assert.True(double.IsFinite(large.Sum));
        Assert.All(large.Gradient, g => Assert.False(float.IsNaN(g)));
    }

    [Fact]
    public void Logits_are_compared_like_any_other_vectors()
    {
        var some = RelationCase.Random(5, seed: 6);
        var (features, logits) = (Create(), Create(RelationSource.Logits));
        Assert.Equal((SignalKinds.Features, false), (features.Needs, features.ReadsLogits));
        Assert.Equal((SignalKinds.DenseLogits, true), (logits.Needs, logits.ReadsLogits));
        Assert.Empty(logits.StudentFeatures.Concat(logits.TeacherFeatures));
        var (a, b) = (some.Of(features), some.Of(logits));
        Assert.Equal(a.Sum, b.Sum);
        Assert.Equal(a.Gradient, b.Gradient);
    }

    [Fact]
    public void Paths_are_read_of_each_model_and_none_beside_logits()
    {
        var objective = Create(student: "layers.0", teacher: "layers.1");
        Assert.Equal(["layers.0"], objective.StudentFeatures);
        Assert.Equal(["layers.1"], objective.TeacherFeatures);
        Assert.Contains("'layers.0' is the path of an inner value", Assert.Throws<DecantException>(() => Create(RelationSource.Logits, "layers.0")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_teacher_that_gives_only_logits_is_refused_when_it_is_made()
    {
        var context = new ObjectiveContext(() => RelationModels.Map("The student"), () => FeatureMap.None("The teacher"));
        Assert.Contains("The teacher gives logits only, and 'representation' was asked of it", Assert.Throws<DecantException>(() => Create(context: context)).Message, StringComparison.Ordinal);
        _ = Create(RelationSource.Logits, context: context);
    }

    [Fact]
    public void A_path_that_leads_nowhere_is_refused_when_it_is_made()
    {
        var context = new ObjectiveContext(() => RelationModels.Map("The student"), () => RelationModels.Map("The teacher"));
        _ = Create(context: context);
        Assert.Contains("'layers.7'; near it are", Assert.Throws<DecantException>(() => Create(teacher: "layers.7", context: context)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_left_alive_but_the_sum()
    {
        var some = RelationCase.Random(5, seed: 1);
        _ = some.Of(Create());
        var before = Tensor.LiveCount;
        using (TensorScope.Open())
            _ = some.Of(Create());
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Without_recording_it_is_a_plain_number()
    {
        using var noGrad = Autograd.NoGrad();
        var some = RelationCase.Random(4, seed: 2);
        using var batch = some.Batch();
        var student = RelationCase.Matrix(some.Student);
        student.RequiresGrad = true;
        var signal = new DenseLogits(Tensor.Zeros([4, 2])) { Features = RelationCase.Named(RelationCase.Matrix(some.Teacher)) };
        Assert.False(Create().Compute(new StudentOutput(RelationCase.Named(student)), signal, batch).Sum.RequiresGrad);
        Assert.False(Autograd.IsEnabled);
    }

    protected static void Close(double expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{what}: expected {expected}, came {actual}");
}
