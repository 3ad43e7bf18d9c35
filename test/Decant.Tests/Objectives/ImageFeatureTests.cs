namespace Decant.Tests.Objectives;

/// <summary>What objectives on layers of image networks have in common.</summary>
public abstract class ImageFeatureSpecification : FeatureSpecification
{
    protected override FeatureCase Example(int samples, int seed, float scale = 1)
    {
        var random = new Random(seed);
        return new(Layers(random, samples, scale, (2, 4), (3, 2)), Layers(random, samples, scale, (3, 4), (4, 2)));
    }

    protected override FeatureCase Alike(int samples, int seed)
    {
        var random = new Random(seed);
        return new(Layers(random, samples, 1, (2, 4), (3, 2)), Layers(random, samples, 1, (2, 4), (3, 2)));
    }

    protected static Dictionary<string, Values> Layers(Random random, int samples, float scale, params (long Channels, long Side)[] layers) => layers.Index()
        .ToDictionary(l => $"layer.{l.Index + 1}", l => Values.Random(random, scale, samples, l.Item.Channels, l.Item.Side, l.Item.Side));

    protected static Dictionary<string, Values> One(float[] numbers, params long[] shape) => new() { ["layer.1"] = new(shape, numbers) };

    protected static FeatureCase OfTokens() => new(One([1, 2, 3, 4], 1, 2, 2), One([1, 2, 3, 4], 1, 2, 2));
}

public sealed class AttentionTransferObjectiveTests : ImageFeatureSpecification
{
    protected override string Kind => "attention-transfer";

    [Theory]
    [InlineData("squares", 0.4)]
    [InlineData("norm", 0.632456)]
    [InlineData("mean", 0.2)]
    public void Worked_by_hand_one_image_of_two_places(string form, double expected)
    {
        // Squares averaged over channels: student (3, 4) → (0.6, 0.8); teacher (0, 2) → (0, 1). Difference (0.6, −0.2): 0.4.
        var some = new FeatureCase(One([MathF.Sqrt(3), 2], 1, 1, 1, 2), One([0, 2, 0, 0], 1, 2, 1, 2)) { Options = $"{{ distance: {form} }}" };
        var (sum, count, _, weights) = Measure(some);
        Assert.Equal(1, count);
        Assert.Equal(expected, sum, 1e-5);
        Assert.Empty(weights);
    }

    [Fact]
    public void How_strongly_a_layer_responds_has_no_part()
    {
        var some = Example(2, 3);
        Close(Measure(some).Sum, Measure(some.WithStudent(v => v with { Numbers = [.. v.Numbers.Select(x => -5 * x)] })).Sum, 1e-5, "sum");
    }

    [Fact]
    public void Values_that_are_no_images_and_learned_maps_are_refused()
    {
        Assert.Contains("attention-transfer: The student's 'layer.1' [B, T, 2] is no value of an image", Assert.Throws<DecantException>(() => Create(OfTokens())).Message, StringComparison.Ordinal);
        Assert.Contains("'layers: learned' mixes", Assert.Throws<DecantException>(() => Create(Example(1, 1) with { Options = "{ layers: learned }" })).Message, StringComparison.Ordinal);
    }
}

public sealed class HintObjectiveTests : ImageFeatureSpecification
{
    protected override string Kind => "hint";

    protected override FeatureCase Alike(int samples, int seed) => base.Alike(samples, seed) with { Options = "{ projection: none }" };

    [Fact]
    public void Worked_by_hand_squares_are_averaged_over_channels_and_places()
    {
        // One channel, two places, not projected: differences 1 and 3: (1 + 9) ÷ 2 = 5.
        var (sum, count, gradients, _) = Measure(new FeatureCase(One([2, 3], 1, 1, 1, 2), One([1, 0], 1, 1, 1, 2)) { Options = "{ projection: none }" });
        Assert.Equal((5, 1), (sum, count));
        Assert.Equal([1, 3], gradients["layer.1"]);
    }

    [Fact]
    public void Worked_by_hand_a_larger_map_is_averaged_over_areas()
    {
        // (2, 4) becomes 3 beside one place of 1: 4; each of the two gets half of the gradient 2·2.
        var (sum, _, gradients, _) = Measure(new FeatureCase(One([2, 4], 1, 1, 1, 2), One([1], 1, 1, 1, 1)) { Options = "{ projection: none }" });
        Assert.Equal(4, sum);
        Assert.Equal([2, 2], gradients["layer.1"]);
    }

    [Theory]
    [InlineData("{ student: 3 }", "hint: The student has no layer 3: its layers are numbered from 1 to 2, and it has no embeddings to be layer 0.")]
    [InlineData("{ projection: none }", "'layer.1' is 2 wide and the teacher's 'layer.1' 3")]
    public void A_layer_that_is_not_there_or_a_width_that_differs_is_refused(string options, string said) =>
        Assert.Contains(said, Assert.Throws<DecantException>(() => Create(Example(1, 1) with { Options = options })).Message, StringComparison.Ordinal);
}

public sealed class FspObjectiveTests : ImageFeatureSpecification
{
    protected override string Kind => "fsp";

    [Fact]
    public void Worked_by_hand_one_channel_each_and_two_places()
    {
        // Student: (1, 2)·(3, 4) ÷ 2 = 5.5; teacher (1, 0)·(1, 1) ÷ 2 = 0.5: 25. The gradient of the first layer: 2·5·(3, 4) ÷ 2.
        static Dictionary<string, Values> Two(float[] first, float[] second) => new() { ["layer.1"] = new([1, 1, 1, 2], first), ["layer.2"] = new([1, 1, 1, 2], second) };
        var (sum, count, gradients, _) = Measure(new FeatureCase(Two([1, 2], [3, 4]), Two([1, 0], [1, 1])));
        Assert.Equal((25, 1), (sum, count));
        Assert.Equal([15, 20], gradients["layer.1"]);
        Assert.Equal([5, 10], gradients["layer.2"]);
    }

    [Fact]
    public void One_pair_of_layers_has_no_flow_and_widths_that_differ_need_a_projection()
    {
        Assert.Contains("fsp: the flow between layers needs two pairs of layers or more; 1 came", Assert.Throws<DecantException>(() => Create(Example(1, 1) with { Options = "{ layers: last }" })).Message, StringComparison.Ordinal);
        Assert.Contains("'projection: none' allows no map", Assert.Throws<DecantException>(() => Create(Example(1, 1) with { Options = "{ projection: none }" })).Message, StringComparison.Ordinal);
    }
}
