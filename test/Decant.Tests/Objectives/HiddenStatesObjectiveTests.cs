using Decant.Signals;

namespace Decant.Tests.Objectives;

public sealed class HiddenStatesObjectiveTests : FeatureSpecification
{
    protected override string Kind => "hidden-states";

    protected override FeatureCase Example(int samples, int seed, float scale = 1)
    {
        var random = new Random(seed);
        return new(Tokens(random, samples, 2, 2, scale), Tokens(random, samples, 4, 3, scale)) { Mask = Lengths(samples) };
    }

    protected override FeatureCase Alike(int samples, int seed)
    {
        var random = new Random(seed);
        return new(Tokens(random, samples, 2, 3), Tokens(random, samples, 2, 3)) { Mask = Lengths(samples) };
    }

    [Fact]
    public void Worked_by_hand_squares_are_averaged_over_the_width_and_summed_over_tokens_that_are_no_padding()
    {
        // Tokens (1, 2) ↔ (1, 0) and (3, 3) ↔ (2, 1), then padding: 4 ÷ 2 + (1 + 4) ÷ 2 = 4.5; the gradient is the difference, 2·d ÷ H.
        var some = new FeatureCase(Layer([1, 2, 3, 3, 9, 9], 1, 3, 2), Layer([1, 0, 2, 1, -9, -9], 1, 3, 2)) { Mask = [[true, true, false]] };
        var (sum, count, gradients, _) = Measure(some);
        Assert.Equal((4.5, 2), (sum, count));
        Assert.Equal([0, 2, 1, 2, 0, 0], gradients["layer.1"]);
    }

    [Fact]
    public void Worked_by_hand_the_patient_form_sums_over_the_width_of_the_first_token_s_direction()
    {
        // (3, 4) ↔ (0, 2): (0.6, 0.8) − (0, 1) = (0.6, −0.2), squared and summed 0.4: twice 1 − cos = 1 − 0.8.
        var some = new FeatureCase(Layer([3, 4, 7, 7], 1, 2, 2), Layer([0, 2, 1, 0], 1, 2, 2)) { Mask = [[true, true]] };
        Assert.Equal(0.4, Measure(some with { Options = "{ tokens: first, distance: normalized }" }).Sum, 1e-6);
        Assert.Equal(0.2, Measure(some with { Options = "{ tokens: first, distance: cosine }" }).Sum, 1e-6);
        Assert.Equal(1, Measure(some with { Options = "{ tokens: first, distance: cosine }" }).Count);
    }

    [Fact]
    public void Images_count_once_each_however_many_places_they_have()
    {
        var some = new FeatureCase(
            new() { ["layer.1"] = new([1, 1, 1, 2], [1, 3]) }, new() { ["layer.1"] = new([1, 1, 1, 2], [0, 0]) });
        var (sum, count, gradients, _) = Measure(some);
        Assert.Equal((5, 1), (sum, count)); // (1 + 9) ÷ 2
        Assert.Equal([1, 3], gradients["layer.1"]);
    }

    [Fact]
    public void A_learned_map_begins_with_the_mean_of_the_teacher_s_layers_and_learns_the_shares()
    {
        var some = new FeatureCase(Layer([3, 3], 1, 1, 2), new() { ["layer.1"] = new([1, 1, 2], [4, 0]), ["layer.2"] = new([1, 1, 2], [0, 4]) }) { Options = "{ layers: learned }" };
        var (sum, _, _, weights) = Measure(some);
        Assert.Equal(1, sum, 1e-6); // the mean is (2, 2)
        Assert.Equal([0, 0], weights["mixtures.0"].Select(w => (double)w), (a, b) => Math.Abs(a - b) < 1e-6);
        var off = Measure(some with { Student = Layer([4, 0], 1, 1, 2) });
        Assert.True(off.WeightGradients["mixtures.0"][0] < 0 && off.WeightGradients["mixtures.0"][1] > 0); // towards the first
    }

    [Fact]
    public void Values_that_are_not_one_for_every_token_are_refused_with_both_shapes()
    {
        var some = new FeatureCase(Layer([1, 2, 3, 4], 1, 2, 2), Layer([1, 2, 3, 4], 1, 2, 2)) { Mask = [[true, true, true]] };
        var error = Assert.Throws<DecantException>(() => Measure(some));
        Assert.Contains("The student's 'layer.1' is [1, 2, 2] for inputs of [1, 3]; expected a vector for every token", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ projection: none }", "The student's 'layer.1' is 2 wide and the teacher's 'layer.2' 3, and 'projection: none' allows no map between them")]
    [InlineData("{ pairs: [{ student: layer.1, teacher: vector }] }", "The student's 'layer.1' [B, T, 2] cannot be compared with the teacher's 'vector' [B, 3]")]
    [InlineData("{ pairs: [{ student: vector, teacher: vector }], tokens: first }", "'tokens: first' is for values of tokens")]
    [InlineData("{ pairs: [{ student: layer.1, teacher: wide }], layers: last }", "give one of 'layers', 'teacher-layers' and 'pairs'")]
    [InlineData("{ distance: angle }", "expected one of mse, cosine, normalized")]
    public void What_cannot_be_compared_is_refused_when_the_objective_is_made(string options, string said)
    {
        var some = Example(2, seed: 1) with { Options = options };
        some.Student["vector"] = new([2, 2], [1, 2, 3, 4]);
        some.Teacher["vector"] = new([2, 3], [1, 2, 3, 4, 5, 6]);
        var error = Assert.ThrowsAny<DecantException>(() => Create(some));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains("hidden-states", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_of_the_teacher_that_have_several_shapes_cannot_be_mixed()
    {
        var some = new FeatureCase(Layer([1, 2], 1, 1, 2), new() { ["layer.1"] = new([1, 1, 2], [1, 1]), ["layer.2"] = new([1, 1, 1], [1]) }) { Options = "{ layers: learned }" };
        Assert.Contains("one shape: the teacher's 'layer.1' [B, T, 2] and the teacher's 'layer.2' [B, T, 1] came", Assert.Throws<DecantException>(() => Create(some)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_projection_is_made_only_where_the_widths_differ_or_one_is_asked_for()
    {
        static string[] Names(IFeatureObjective objective) => [.. ((ITrainedObjective)objective).Trained.NamedParameters().Select(p => p.Key)];
        Assert.Empty(Names(Create(Alike(1, 1))));
        Assert.Equal(["projections.0.first.weight", "projections.0.first.bias", "projections.1.first.weight", "projections.1.first.bias"], Names(Create(Example(1, 1))));
        Assert.Equal(4, Names(Create(Alike(1, 1) with { Options = "{ projection: linear }" })).Length);
        Assert.Equal(8, Names(Create(Alike(1, 1) with { Options = "{ projection: mlp }" })).Length);
    }

    private static Dictionary<string, Values> Layer(float[] numbers, params long[] shape) => new() { ["layer.1"] = new(shape, numbers) };
}
