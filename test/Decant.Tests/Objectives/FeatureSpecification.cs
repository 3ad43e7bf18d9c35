using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Objectives;

/// <summary>
/// What every objective on inner values is held to. A new one derives from this, adds its cases to Golden/features.py and a case worked by hand, and has the rest for free.
/// </summary>
public abstract class FeatureSpecification : IDisposable
{
    private readonly TensorScope _scope = TensorScope.Open();
    private readonly List<IFeatureObjective> _made = [];

    public void Dispose()
    {
        foreach (var made in _made.OfType<IDisposable>())
            made.Dispose();
        _scope.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Its kind in recipes.</summary>
    protected abstract string Kind { get; }

    /// <summary>A case of so many samples in which nothing is switched off; with padding where it is one of tokens.</summary>
    protected abstract FeatureCase Example(int samples, int seed, float scale = 1);

    /// <summary>A case whose models have values of the same shapes, so that no projection stands between them.</summary>
    protected virtual FeatureCase Alike(int samples, int seed) => Example(samples, seed);

    /// <summary>Whether a sample's share depends on that sample alone.</summary>
    protected virtual bool IsPerSample => true;

    /// <summary>Whether it is 0 exactly where student and teacher agree.</summary>
    protected virtual bool IsDivergence => true;

    /// <summary>The step of the difference quotient that the gradient is compared with.</summary>
    protected virtual float Step => 1e-2f;

    [Fact]
    public void Its_kind_is_the_one_that_the_recipes_and_golden_cases_know()
    {
        var objective = Create(Example(2, 1));
        Assert.Equal(Kind, objective.Kind);
        Assert.Equal(SignalKinds.Features, objective.Needs);
        Assert.False(objective.ReadsLogits);
        Assert.NotEmpty(FeatureCase.Golden(Kind));
    }

    [Fact]
    public void Sum_count_and_gradients_are_those_of_PyTorch()
    {
        foreach (var golden in FeatureCase.Golden(Kind))
        {
            var (sum, count, gradients, weightGradients) = Measure(golden);
            Assert.Equal((golden.Name, golden.Count), (golden.Name, count));
            Close(golden.Sum, sum, 1e-5, golden.Name);
            Same(golden.Gradients, gradients, golden.Name);
            Same(golden.WeightGradients, weightGradients, golden.Name);
        }
    }

    [Fact]
    public void The_gradient_is_the_slope_of_the_sum()
    {
        var at = Example(2, seed: 5);
        var gradients = Measure(at).Gradients;
        foreach (var (path, gradient) in gradients)
        {
            for (var i = 0; i < gradient.Length; i++)
            {
                var slope = (Measure(at.Moved(path, i, Step)).Sum - Measure(at.Moved(path, i, -Step)).Sum) / (2 * Step);
                Close(slope, gradient[i], 5e-3, $"{path}, element {i}");
            }
        }
    }

    [Fact]
    public void The_sum_and_the_gradients_are_the_same_however_the_batch_is_split()
    {
        Assert.SkipUnless(IsPerSample, "The share of a sample depends on the others of its batch.");
        for (var cut = 1; cut < 4; cut++)
        {
            var whole = Example(4, seed: cut);
            var objective = Create(whole);
            var (all, first, second) = (FeatureMeasure.Of(objective, whole), FeatureMeasure.Of(objective, whole.Rows(0, cut)), FeatureMeasure.Of(objective, whole.Rows(cut, 4)));
            Assert.Equal(all.Count, first.Count + second.Count);
            Close(all.Sum, first.Sum + second.Sum, 1e-5, "sum");
            foreach (var (path, gradient) in all.Gradients)
            {
                foreach (var (a, b) in gradient.Zip([.. first.Gradients[path], .. second.Gradients[path]]))
                    Close(a, b, 1e-5, path);
            }
        }
    }

    [Fact]
    public void What_is_counted_is_known_before_anything_is_computed()
    {
        for (var samples = 1; samples < 5; samples++)
        {
            var some = Example(samples, seed: samples);
            using var batch = some.Batch();
            var objective = Create(some);
            Assert.Equal(objective.Count(batch), FeatureMeasure.Of(objective, some).Count);
        }
    }

    [Fact]
    public void Texts_of_padding_alone_count_0_and_cost_nothing()
    {
        var some = Example(2, seed: 1);
        Assert.SkipWhen(some.Mask is null, "Its values are not those of tokens: there is no padding.");
        var (sum, count, gradients, _) = Measure(some with { Mask = [.. some.Mask.Select(row => new bool[row.Length])] });
        Assert.Equal((0, 0), (sum, count));
        Assert.All(gradients.Values.SelectMany(g => g), g => Assert.Equal(0, g));
    }

    [Fact]
    public void What_stands_at_padding_changes_nothing()
    {
        var some = Example(3, seed: 2);
        Assert.SkipWhen(some.Mask is null, "Its values are not those of tokens: there is no padding.");
        Assert.Contains(some.Mask, row => row.Contains(false));
        var objective = Create(some);
        var (stayed, moved) = (FeatureMeasure.Of(objective, some), FeatureMeasure.Of(objective, AtPadding(some, 50)));
        Assert.Equal(stayed.Count, moved.Count);
        Assert.Equal(stayed.Sum, moved.Sum);
        foreach (var (path, gradient) in stayed.Gradients)
        {
            Assert.Equal(gradient, moved.Gradients[path]);
            Assert.Contains(gradient, g => g != 0);
        }
    }

    [Fact]
    public void It_is_0_with_no_gradient_where_student_and_teacher_agree()
    {
        Assert.SkipUnless(IsDivergence, "It is not 0 where student and teacher agree.");
        var some = Alike(3, seed: 6);
        var same = some with { Student = some.Student.ToDictionary(s => s.Key, s => some.Teacher[s.Key]) };
        var (sum, count, gradients, _) = Measure(same);
        Assert.True(count > 0);
        Assert.Equal(0, sum, 1e-6);
        Assert.All(gradients.Values.SelectMany(g => g), g => Assert.Equal(0, g, 1e-5f));
        Assert.True(Measure(some).Sum > 0.01);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1e-4f)]
    [InlineData(3f)]
    public void Collapsed_values_give_finite_gradients_that_do_not_explode(float value)
    {
        foreach (var samples in new[] { 1, 3 })
        {
            var some = Example(samples, seed: 7);
            foreach (var collapsed in new[] { some.WithStudent(v => v.All(value)), some.WithStudent(v => v.All(value)) with { Teacher = some.Teacher.ToDictionary(t => t.Key, t => t.Value.All(value)) } })
            {
                var measured = Measure(collapsed);
                Assert.True(double.IsFinite(measured.Sum), $"{measured.Sum}");
                Assert.All(measured.AllGradients, g => Assert.True(Math.Abs(g) <= 1e4, $"{g}"));
            }
        }
    }

    [Theory]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    public void Half_precision_is_computed_in_float32(DType dtype)
    {
        var some = Example(3, seed: 8).Rounded(dtype);
        Close(Measure(some).Sum, FeatureMeasure.Of(Create(some), some, dtype).Sum, 1e-6, dtype.ToString());
    }

    [Fact]
    public void Values_as_large_as_half_precision_holds_give_a_finite_sum()
    {
        var some = Example(2, seed: 9, scale: 3e4f).Rounded(DType.Float16);
        var measured = Measure(some);
        Assert.True(double.IsFinite(measured.Sum), $"{measured.Sum}");
        Assert.All(measured.AllGradients, g => Assert.True(float.IsFinite(g)));
    }

    [Fact]
    public void Nothing_is_left_alive_but_the_sum()
    {
        var some = Example(3, seed: 10);
        var objective = Create(some);
        _ = FeatureMeasure.Of(objective, some);
        var before = Tensor.LiveCount;
        using (TensorScope.Open())
            _ = FeatureMeasure.Of(objective, some);
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Without_recorded_gradients_it_says_the_same()
    {
        var some = Example(3, seed: 12);
        using var noGrad = Autograd.NoGrad();
        var objective = Create(some);
        using var batch = some.Batch();
        var sum = objective.Compute(
            new StudentOutput(objective.StudentFeatures.ToDictionary(p => p, p => some.Student[p].ToTensor())),
            new DenseLogits(Tensor.Zeros([1, 1])) { Features = objective.TeacherFeatures.ToDictionary(p => p, p => some.Teacher[p].ToTensor()) }, batch).Sum.Item();
        using var grad = Autograd.EnableGrad();
        Close(Measure(some).Sum, sum, 1e-6, "sum");
    }

    [Fact]
    public void A_teacher_that_says_nothing_is_a_fault_of_the_program()
    {
        var some = Example(2, seed: 11);
        using var batch = some.Batch();
        var objective = Create(some);
        Assert.Throws<InvalidOperationException>(() => objective.Compute(new StudentOutput(new Dictionary<string, Tensor>()), null, batch));
        Assert.Throws<InvalidOperationException>(() => objective.Compute(new StudentOutput(new Dictionary<string, Tensor>()), new DenseLogits(Tensor.Zeros([1, 1])), batch));
    }

    /// <summary>Adds something to all values of the student at padding; by default to vectors of tokens [B, T, H].</summary>
    protected virtual FeatureCase AtPadding(FeatureCase some, float by) => some.WithStudent(v =>
    {
        var width = (int)v.Shape[^1];
        return v with { Numbers = [.. v.Numbers.Select((x, i) => some.Mask!.SelectMany(m => m).ElementAt(i / width) ? x : x + by)] };
    });

    protected IFeatureObjective Create(FeatureCase some)
    {
        var objective = some.Create(Kind);
        _made.Add(objective);
        return objective;
    }

    internal FeatureMeasure Measure(FeatureCase some) => FeatureMeasure.Of(Create(some), some);

    /// <summary>Tokens [samples, 4, width] of the embeddings and so many layers.</summary>
    protected static Dictionary<string, Values> Tokens(Random random, int samples, int layers, long width, float scale = 1) => Enumerable.Range(0, layers + 1)
        .ToDictionary(i => i == 0 ? "embeddings" : $"layer.{i}", _ => Values.Random(random, scale, samples, 4, width));

    /// <summary>Texts of 4, 2, 1 and 3 tokens.</summary>
    protected static bool[][] Lengths(int samples) => [.. Enumerable.Range(0, samples).Select(i => Enumerable.Range(0, 4).Select(t => t < (new[] { 4, 2, 1, 3 })[i % 4]).ToArray())];

    protected static void Close(double expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{what}: expected {expected}, came {actual}");

    private static void Same(Dictionary<string, double[]> expected, Dictionary<string, float[]> actual, string name)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach (var (path, gradient) in expected)
        {
            Assert.Equal(gradient.Length, actual[path].Length);
            for (var i = 0; i < gradient.Length; i++)
                Close(gradient[i], actual[path][i], 1e-5, $"{name}, gradient of {path}[{i}]");
        }
    }
}
