using System.Text.Json;
using Decant.Data.Batching;
using Decant.Objectives.Temperatures;
using Decant.Signals;
using Decant.Torch;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Objectives;

/// <summary>
/// What every objective on logits is held to. A new one derives from this, adds its cases to Golden/objectives.py and a case worked by hand, and has the rest for free.
/// </summary>
public abstract class ObjectiveSpecification : IDisposable
{
    private readonly TensorScope _scope = TensorScope.Open();

    public void Dispose()
    {
        _scope.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Its kind in recipes.</summary>
    protected abstract string Kind { get; }

    /// <summary>The objective with the options of a golden case, spelled as in a recipe.</summary>
    protected abstract IObjective Create(JsonElement options);

    /// <summary>The objective with options under which nothing of it is switched off.</summary>
    protected abstract IObjective Create();

    /// <summary>Whether it is 0 exactly where student and teacher agree.</summary>
    protected virtual bool IsDivergence => true;

    /// <summary>Whether a sample without a label counts.</summary>
    protected virtual bool CountsUnlabelled => true;

    /// <summary>Whether the samples of a batch are compared with each other, so that each one's share depends on the others.</summary>
    protected virtual bool ComparesSamples => false;

    private const string Compares = "It compares the samples of a batch, so that the share of each depends on the others.";

    /// <summary>Whether the gradient is the derivative of the sum: not where a part of the sum is held fixed on purpose.</summary>
    protected virtual bool HoldsNothingFixed => true;

    /// <summary>Whether rows of one sample are compared with each other, so that the loss cannot be computed some rows at a time.</summary>
    protected virtual bool ComparesRows => ComparesSamples;

    /// <summary>What the logits of extreme cases are multiplied by, where a square of their differences would have a gradient that float16 cannot hold.</summary>
    protected virtual float EdgeScale => 1;

    /// <summary>Whether classes may be ruled out by −∞.</summary>
    protected virtual bool TakesRuledOutClasses => true;

    /// <summary>The options of a golden case, spelled as in a recipe, as the objective's own.</summary>
    protected static T Options<T>(JsonElement options) => options.Deserialize<T>(s_spelling)!;

    private static readonly JsonSerializerOptions s_spelling = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        Converters = { new PlainTemperature(), new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    [Fact]
    public void Its_kind_is_the_one_that_the_recipes_and_golden_cases_know()
    {
        Assert.Equal(Kind, Create().Kind);
        Assert.NotEmpty(ObjectiveCase.Golden(Kind));
    }

    [Fact]
    public void Sum_count_and_gradient_are_those_of_PyTorch()
    {
        foreach (var golden in ObjectiveCase.Golden(Kind))
        {
            var (sum, count, gradient) = Measure.Of(Create(golden.Options), golden);
            Assert.Equal(golden.Count, count);
            Close(golden.Sum, sum, 1e-5, golden.Name);
            Assert.Equal(golden.Gradient.Length, gradient.Length);
            for (var i = 0; i < gradient.Length; i++)
                Close(golden.Gradient[i], gradient[i], 1e-5, $"{golden.Name}, gradient {i}");
        }
    }

    [Fact]
    public void The_gradient_is_the_slope_of_the_sum()
    {
        Assert.SkipUnless(HoldsNothingFixed, "A part of its sum is held fixed on purpose, so its gradient is not the derivative of the sum.");
        const float h = 1e-2f;
        var objective = Create();
        var at = ObjectiveCase.Random(3, 4, seed: 5);
        var gradient = Measure.Of(objective, at).Gradient;
        for (var i = 0; i < at.Student.Length; i++)
        {
            var slope = (Measure.Of(objective, at.Moved(i, h)).Sum - Measure.Of(objective, at.Moved(i, -h)).Sum) / (2 * h);
            Close(slope, gradient[i], 5e-3, $"element {i}");
        }
    }

    [Fact]
    public void It_is_computed_in_parts_exactly_where_samples_are_not_compared() => Assert.NotEqual(ComparesRows, Create().IsRowwise);

    [Fact]
    public void The_sum_and_the_gradient_are_the_same_however_the_batch_is_split()
    {
        Assert.SkipWhen(ComparesSamples, Compares);
        Prop.ForAll(
            Gen.Choose(1, 7).SelectMany(b => Gen.Choose(0, b).SelectMany(cut => Gen.Choose(0, 10_000).Select(seed => (b, cut, seed)))).ToArbitrary(),
            t =>
            {
                using var scope = TensorScope.Open();
                var whole = ObjectiveCase.Random(t.b, 4, t.seed);
                var expected = Measure.Of(Create(), whole);
                var (first, second) = (Measure.Of(Create(), whole.Rows(0, t.cut)), Measure.Of(Create(), whole.Rows(t.cut, t.b)));
                Assert.Equal(expected.Count, first.Count + second.Count);
                Close(expected.Sum, first.Sum + second.Sum, 1e-5, "sum");
                foreach (var (a, b) in expected.Gradient.Zip([.. first.Gradient, .. second.Gradient]))
                    Close(a, b, 1e-6, "gradient");
            }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_is_counted_is_known_before_anything_is_computed()
    {
        for (var size = 0; size < 5; size++)
        {
            var some = ObjectiveCase.Random(size, 3, seed: size);
            using var batch = Measure.BatchOf(Create(), some);
            Assert.Equal(Create().Count(batch), Measure.Of(Create(), some).Count);
        }
    }

    [Fact]
    public void An_empty_batch_counts_0_and_costs_nothing() => CostsNothing(ObjectiveCase.Random(0, 3, seed: 1));

    [Fact]
    public void A_batch_without_labels_teaches_what_its_samples_allow()
    {
        var unlabelled = ObjectiveCase.Random(3, 4, seed: 2) with { Labels = [Batch.NoLabel, Batch.NoLabel, Batch.NoLabel] };
        if (CountsUnlabelled)
            Assert.Equal(3, Measure.Of(Create(), unlabelled).Count);
        else
            CostsNothing(unlabelled);
    }

    [Fact]
    public void The_logits_of_an_unlabelled_sample_do_not_change_what_is_counted()
    {
        var (stayed, moved) = WithUnlabelledMoved();
        Assert.Equal(stayed.Count, moved.Count);
    }

    [Fact]
    public void An_unlabelled_sample_changes_nothing_for_the_others()
    {
        Assert.SkipWhen(ComparesSamples, Compares);
        var (stayed, moved) = WithUnlabelledMoved();
        Assert.Equal(stayed.Gradient[..3], moved.Gradient[..3]);
        Assert.Equal(stayed.Gradient[6..9], moved.Gradient[6..9]);
    }

    [Fact]
    public void An_unlabelled_sample_has_a_part_in_the_sum_exactly_where_it_counts()
    {
        var (stayed, moved) = WithUnlabelledMoved();
        Assert.Equal(CountsUnlabelled, stayed.Sum != moved.Sum);
        if (!CountsUnlabelled)
            Assert.All(moved.Gradient[3..6].Concat(moved.Gradient[9..]), g => Assert.Equal(0, g));
    }

    [Fact]
    public void One_sample_is_a_batch_like_any_other()
    {
        var (sum, count, gradient) = Measure.Of(Create(), ObjectiveCase.Random(1, 4, seed: 4));
        Assert.Equal(1, count);
        Assert.True(double.IsFinite(sum));
        Assert.All(gradient, g => Assert.True(float.IsFinite(g)));
    }

    [Fact]
    public void It_is_0_with_no_gradient_where_student_and_teacher_agree()
    {
        Assert.SkipUnless(IsDivergence, "It is no divergence: it is not 0 where student and teacher agree.");
        foreach (var scale in new[] { 1f, 100f })
        {
            var some = ObjectiveCase.Random(5, 6, seed: 6, scale);
            var (sum, count, gradient) = Measure.Of(Create(), some with { Student = some.Teacher });
            Assert.Equal(Counted(some), count);
            Assert.Equal(0, sum);
            Assert.All(gradient, g => Assert.Equal(0, g, 1e-6f));
        }
    }

    [Fact]
    public void It_is_never_below_0() =>
        Prop.ForAll(Gen.Choose(0, 100_000).ToArbitrary(), seed =>
        {
            using var scope = TensorScope.Open();
            return Measure.Of(Create(), ObjectiveCase.Random(3, 5, seed, scale: seed % 40)).Sum >= -1e-5;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    [InlineData(DType.Float32)]
    public void Logits_as_large_as_half_precision_holds_give_a_finite_sum_in_float32(DType dtype)
    {
        foreach (var teacher in new float[][] { [6e4f, -6e4f, 0], [-6e4f, 6e4f, 6e4f], [1, 2, 3], [6e4f, 0, 0] })
        {
            var some = new ObjectiveCase(1, 3, [6e4f, -6e4f, 1], teacher, [1]);
            var (sum, _, gradient) = Measure.Of(Create(), some, dtype);
            Assert.True(double.IsFinite(sum), $"{dtype}, teacher [{string.Join(", ", teacher)}]: {sum}");
            Assert.All(gradient, g => Assert.False(float.IsNaN(g)));
        }
    }

    [Theory]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    public void Half_precision_logits_are_computed_in_float32(DType dtype)
    {
        var some = ObjectiveCase.Random(4, 5, seed: 8).Rounded(dtype);
        Close(Measure.Of(Create(), some).Sum, Measure.Of(Create(), some, dtype).Sum, 1e-6, dtype.ToString());
    }

    [Fact]
    public void Nothing_is_left_alive_but_the_sum()
    {
        var some = ObjectiveCase.Random(4, 5, seed: 9);
        var objective = Create();
        _ = Measure.Of(objective, some);
        var before = Tensor.LiveCount;
        using (TensorScope.Open())
            _ = Measure.Of(objective, some);
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void A_teacher_of_other_classes_is_refused_with_both_shapes()
    {
        Assert.SkipWhen(Create().Needs == SignalKinds.None, "It needs no teacher.");
        Assert.SkipUnless(Create().NeedsEqualOutputs, "Scores and vectors teach each other.");
        using var batch = ObjectiveCase.Random(2, 3, seed: 1).Batch();
        var student = new StudentOutput(Tensor.Zeros([2, 3]));
        var error = Assert.Throws<DecantException>(() => Create().Compute(student, new DenseLogits(Tensor.Zeros([2, 1])), batch));
        Assert.Contains("[2, 3]", error.Message);
        Assert.Contains("[2, 1]", error.Message);
        Assert.Throws<InvalidOperationException>(() => Create().Compute(student, null, batch));
    }

    public static TheoryData<string, float[], float[]> Edges()
    {
        const float none = float.NegativeInfinity;
        return new()
        {
            { "a teacher that is sure", [0.5f, -1, 2, 0], [6e4f, -6e4f, -6e4f, -6e4f] },
            { "a teacher that is sure of what the student holds for impossible", [-6e4f, 6e4f, 0, 0], [6e4f, -6e4f, -6e4f, -6e4f] },
            { "a teacher that rules all but one class out", [0.5f, -1, 2, 0], [0, none, none, none] },
            { "a teacher that rules some classes out", [0.5f, -1, 2, 0], [0, none, 1, none] },
            { "classes that both rule out", [0.5f, none, 2, none], [0, none, 1, none] },
            { "classes that both rule out, all but one", [0.5f, none, none, none], [0, none, none, none] },
            { "a student that says nothing", [0, 0, 0, 0], [1, 2, -1, 0] },
            { "a teacher that says nothing", [1, 2, -1, 0], [3, 3, 3, 3] },
            { "both say nothing", [7, 7, 7, 7], [0, 0, 0, 0] },
            { "two classes", [1, -2], [0.5f, 0.25f] },
            { "two classes, one of them ruled out", [1, -2], [0.5f, none] },
            { "two classes, one of them ruled out by both", [1, none], [0.5f, none] },
        };
    }

    [Theory]
    [MemberData(nameof(Edges))]
    public void At_the_edges_sum_and_gradient_are_finite(string edge, float[] student, float[] teacher)
    {
        Assert.SkipWhen(!TakesRuledOutClasses && teacher.Concat(student).Any(float.IsInfinity), "It takes no classes that are ruled out by −∞.");
        foreach (var rows in new[] { 1, 3 })
        {
            foreach (var dtype in new[] { DType.Float32, DType.Float16, DType.BFloat16 })
            {
                // With other rows too: what is compared over the batch has an edge in one of them.
                float[] Rows(float[] first, float step) => [.. Enumerable.Range(0, rows).SelectMany(r => first.Select((z, c) => r == 0 || float.IsInfinity(z) ? z : r * step * c))];
                var some = new ObjectiveCase(rows, student.Length, [.. Rows(student, 0.5f).Select(z => z * EdgeScale)], [.. Rows(teacher, -0.25f).Select(z => z * EdgeScale)], new long[rows]);
                var (sum, _, gradient) = Measure.Of(Create(), some, dtype);
                Assert.True(double.IsFinite(sum), $"{edge}, {rows} rows, {dtype}: {sum}");
                Assert.All(gradient, g => Assert.True(float.IsFinite(g), $"{edge}, {rows} rows, {dtype}: gradient {g}"));
            }
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1e-4f)]
    public void A_student_that_says_next_to_nothing_gets_a_gradient_that_does_not_explode(float scale)
    {
        var some = ObjectiveCase.Random(5, 6, seed: 12);
        var (_, _, gradient) = Measure.Of(Create(), some with { Student = [.. some.Student.Select(z => z * scale)] });
        Assert.All(gradient, g => Assert.True(Math.Abs(g) <= 2e3, $"{g}"));
    }

    private sealed class PlainTemperature : System.Text.Json.Serialization.JsonConverter<Temperature>
    {
        public override Temperature Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, Temperature value, JsonSerializerOptions options) => throw new NotSupportedException();
    }

    /// <summary>What is measured of samples of which two have no label, and with the logits of those two moved.</summary>
    private ((double Sum, long Count, float[] Gradient) Stayed, (double Sum, long Count, float[] Gradient) Moved) WithUnlabelledMoved()
    {
        var some = ObjectiveCase.Random(4, 3, seed: 3) with { Labels = [0, Batch.NoLabel, 2, Batch.NoLabel] };
        return (Measure.Of(Create(), some), Measure.Of(Create(), some.Moved(3, 50).Moved(9, -20)));
    }

    private long Counted(ObjectiveCase some)
    {
        using var batch = Measure.BatchOf(Create(), some);
        return Create().Count(batch);
    }

    protected static void Close(double expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{what}: expected {expected}, came {actual}");

    private void CostsNothing(ObjectiveCase some)
    {
        var (sum, count, gradient) = Measure.Of(Create(), some);
        Assert.Equal(0, count);
        Assert.Equal(0, sum);
        Assert.All(gradient, g => Assert.Equal(0, g));
    }
}
