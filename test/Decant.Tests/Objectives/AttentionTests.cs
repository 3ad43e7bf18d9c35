using Decant.Modules;
using Decant.Objectives.Features;
using Decant.Torch;

namespace Decant.Tests.Objectives;

/// <summary>What objectives on maps of attention have in common.</summary>
public abstract class AttentionMapSpecification : FeatureSpecification
{
    protected override FeatureCase Example(int samples, int seed, float scale = 1) => Example(samples, seed, scale, studentHeads: 2, teacherHeads: 4);

    protected override FeatureCase Alike(int samples, int seed) => Example(samples, seed, 1, studentHeads: 2, teacherHeads: 2) with { Options = "{ pairs: [{ student: 1, teacher: 1 }] }" };

    // A padded row of scores [A, T, S] follows the sample's mask along T; columns are keys, which the model hides.
    protected override FeatureCase AtPadding(FeatureCase some, float by) => some.WithStudent(v =>
    {
        var (heads, length) = ((int)v.Shape[1], (int)v.Shape[2]);
        return v with { Numbers = [.. v.Numbers.Select((x, i) => some.Mask![i / (heads * length * length)][i / length % length] && some.Mask[i / (heads * length * length)][i % length] ? x : x + by)] };
    });

    [Fact]
    public void Heads_that_do_not_fit_are_refused_with_both_numbers()
    {
        var some = Example(1, 1);
        Assert.Contains($"{Kind}: 'heads: each' compares head by head, and the student has 2, the teacher 4", Assert.Throws<DecantException>(() => Create(some with { Options = "{ heads: each }" })).Message, StringComparison.Ordinal);
        var odd = Example(1, 1, 1, 2, 3) with { Options = "{ heads: groups }" };
        Assert.Contains("its 3 are no multiple of the student's 2", Assert.Throws<DecantException>(() => Create(odd)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_one_of_the_models_does_not_see_have_no_part_whatever_its_padding_says()
    {
        var some = Alike(1, 3) with { Mask = null };
        var hidden = some.Moved("layer.1.attention.scores", 2, -1e30f);
        var measured = Measure(hidden);
        Assert.Equal(0, measured.Gradients["layer.1.attention.scores"][2]);
        Assert.True(double.IsFinite(measured.Sum));
        Assert.True(measured.Sum < 1e6, $"{measured.Sum}");
    }

    protected static FeatureCase Example(int samples, int seed, float scale, long studentHeads, long teacherHeads)
    {
        var random = new Random(seed);
        var mask = Lengths(samples);
        return new(Scores(random, samples, 1, studentHeads, scale, mask), Scores(random, samples, 2, teacherHeads, scale, mask)) { Mask = mask };
    }

    private static Dictionary<string, Values> Scores(Random random, int samples, int layers, long heads, float scale, bool[][] mask) => Enumerable.Range(1, layers)
        .ToDictionary(i => $"layer.{i}.attention.scores", _ =>
        {
            var scores = Values.Random(random, scale, samples, heads, 4, 4);
            return scores with { Numbers = [.. scores.Numbers.Select((x, i) => mask[i / (int)(heads * 16)][i % 4] ? x : x - 1e30f)] };
        });
}

public sealed class AttentionScoresObjectiveTests : AttentionMapSpecification
{
    protected override string Kind => "attention-scores";

    [Fact]
    public void Worked_by_hand_squares_are_averaged_over_the_keys_that_a_token_sees()
    {
        // Two tokens, the third padding: rows (1, 2) ↔ (0, 0) and (3, 5) ↔ (3, 4): (1 + 4) ÷ 2 + (0 + 1) ÷ 2 = 3.
        const float no = -1e30f;
        var some = Maps([1, 2, no, 3, 5, no, 7, 7, no], [0, 0, no, 3, 4, no, 1, 1, no], 3) with { Mask = [[true, true, false]] };
        var (sum, count, gradients, _) = Measure(some);
        Assert.Equal((3, 2), (sum, count));
        Assert.Equal([1, 2, 0, 0, 1, 0, 0, 0, 0], gradients["layer.1.attention.scores"]);
    }

    [Fact]
    public void Ordinary_negative_scores_count()
    {
        Assert.Equal(12.5, Measure(Maps([-5, 0, 0, 0], [0, 0, 0, 0], 2)).Sum);
        Assert.Equal(5_000, Measure(Maps([-100, 0, 0, 0], [0, 0, 0, 0], 2)).Sum); // 10⁴ ÷ 2
    }

    internal static FeatureCase Maps(float[] student, float[] teacher, long length) => new(
        new() { ["layer.1.attention.scores"] = new([1, 1, length, length], student) }, new() { ["layer.1.attention.scores"] = new([1, 1, length, length], teacher) });
}

public sealed class AttentionProbabilitiesObjectiveTests : AttentionMapSpecification
{
    protected override string Kind => "attention-probabilities";

    [Fact]
    public void Worked_by_hand_the_divergence_of_one_row()
    {
        // p = (¾, ¼), q = (½, ½): ¾·ln 1.5 + ¼·ln ½; the gradient is q − p. The second token agrees.
        var (sum, count, gradients, _) = Measure(AttentionScoresObjectiveTests.Maps([0, 0, 1, 1], [MathF.Log(3), 0, 5, 5], 2));
        Assert.Equal(2, count);
        Assert.Equal(0.75 * Math.Log(1.5) + 0.25 * Math.Log(0.5), sum, 1e-6);
        Assert.Equal([-0.25, 0.25, 0, 0], gradients["layer.1.attention.scores"].Select(g => Math.Round(g, 6)));
    }

    [Fact]
    public void A_constant_that_is_added_to_a_row_of_scores_changes_nothing()
    {
        var some = Alike(2, 4) with { Mask = null };
        Close(Measure(some).Sum, Measure(some.WithStudent(v => v with { Numbers = [.. v.Numbers.Select(x => x + 7)] })).Sum, 1e-5, "sum");
    }
}

public sealed class AttentionRelationsObjectiveTests : FeatureSpecification
{
    protected override string Kind => "attention-relations";

    protected override FeatureCase Example(int samples, int seed, float scale = 1) => Example(samples, seed, scale, studentWidth: 3, teacherWidth: 5);

    protected override FeatureCase Alike(int samples, int seed) => Example(samples, seed, 1, 3, 3);

    protected override FeatureCase AtPadding(FeatureCase some, float by) => some.WithStudent(v =>
    {
        var (heads, length, width) = ((int)v.Shape[1], (int)v.Shape[2], (int)v.Shape[3]);
        return v with { Numbers = [.. v.Numbers.Select((x, i) => some.Mask![i / (heads * length * width)][i / width % length] ? x : x + by)] };
    });

    [Fact]
    public void Worked_by_hand_two_tokens_of_one_number()
    {
        // Values 0 and √(ln 3): products 0, 0; 0, ln 3: the second row is (¼, ¾), the first even. The student's are even: KL = ¾·ln 1.5 + ¼·ln ½.
        var some = new FeatureCase(Values1([0, 0]), Values1([0, MathF.Sqrt(MathF.Log(3))])) { Options = "{ relations: [value-value], relation-heads: 1 }" };
        var (sum, count, gradients, _) = Measure(some);
        Assert.Equal(2, count);
        Assert.Equal(0.75 * Math.Log(1.5) + 0.25 * Math.Log(0.5), sum, 1e-6);
        Assert.All(gradients["layer.1.attention.values"], g => Assert.Equal(0, g, 1e-6f)); // at 0 all products are 0, to first order
    }

    [Fact]
    public void Widths_that_differ_need_no_projection_and_agree_where_the_vectors_are_the_same_in_another_space()
    {
        // The teacher's vectors are the student's, turned into twice the width: products are the same but for √d.
        var random = new Random(3);
        var student = Values.Random(random, 1, 2, 1, 4, 2);
        var wide = new Values([2, 1, 4, 4], [.. Enumerable.Range(0, 8).SelectMany(i => new[] { student.Numbers[2 * i], student.Numbers[(2 * i) + 1], 0, 0 }.Select(x => x * MathF.Sqrt(MathF.Sqrt(2))))]);
        static Dictionary<string, Values> All(Values v) => new() { ["layer.1.attention.queries"] = v, ["layer.1.attention.keys"] = v, ["layer.1.attention.values"] = v };
        var (sum, count, gradients, weights) = Measure(new FeatureCase(All(student), All(wide)));
        Assert.Equal(8, count);
        Assert.Equal(0, sum, 1e-6);
        Assert.All(gradients.Values.SelectMany(g => g), g => Assert.Equal(0, g, 1e-6f));
        Assert.Empty(weights);
        Assert.True(Measure(new FeatureCase(All(Values.Random(random, 1, 2, 1, 4, 2)), All(wide))).Sum > 0.01);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(48)]
    [InlineData(1_000)]
    public void In_parts_sum_and_gradients_are_those_of_all_at_once(long elements)
    {
        using var generator = new Generator(2);
        var (s, t) = (Tensor.Randn([3, 5, 4, 2], generator), Tensor.Randn([3, 5, 4, 3], generator));
        var other = Tensor.Randn([3, 5, 4, 2], generator);
        var mask = RelationMask.Of(Example(3, 1).Batch(), isCausal: true);
        s.RequiresGrad = other.RequiresGrad = true;
        foreach (var right in new[] { s, other })
        {
            float[] Gradients(long part)
            {
                (s.Grad, other.Grad) = (null, null);
                var sum = RelationDivergence.Of((s, right), (t, t), mask, part);
                sum.Backward();
                return [sum.Detach().ToArray<float>()[0], .. s.Grad!.ToArray<float>(), .. right.Grad!.ToArray<float>()];
            }

            foreach (var (whole, parts) in Gradients(1 << 20).Zip(Gradients(elements)))
                Close(whole, parts, 1e-5, $"{elements} at a time");
        }
    }

    [Fact]
    public void Relation_heads_that_do_not_divide_the_widths_and_learned_maps_are_refused()
    {
        var some = Example(1, 1) with { Options = "{ relation-heads: 4 }" };
        Assert.Contains("attention-relations: The student's 'layer.1.attention.queries' is 6 wide, which 4 relation heads do not divide", Assert.Throws<DecantException>(() => Create(some)).Message, StringComparison.Ordinal);
        Assert.Contains("'layers: learned' mixes all layers", Assert.Throws<DecantException>(() => Create(some with { Options = "{ layers: learned }" })).Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, Values> Values1(float[] numbers) => new()
    {
        ["layer.1.attention.values"] = new([1, 1, numbers.Length, 1], numbers),
        ["layer.1.attention.queries"] = new([1, 1, numbers.Length, 1], numbers),
        ["layer.1.attention.keys"] = new([1, 1, numbers.Length, 1], numbers),
    };

    private static FeatureCase Example(int samples, int seed, float scale, long studentWidth, long teacherWidth)
    {
        var random = new Random(seed);
        Dictionary<string, Values> Side(long width) => AttentionParts.All.Take(3).ToDictionary(part => $"layer.1.attention.{part}", _ => Values.Random(random, scale, samples, 2, 4, width));
        return new(Side(studentWidth), Side(teacherWidth)) { Mask = Lengths(samples) };
    }
}
