using Decant.Models.Generation;

namespace Decant.Tests.Models.Generation;

public class TokenSamplerTests
{
    // Probabilities 0.5, 0.25, 0.125, 0.125 at temperature 1.
    private static readonly float[] s_logits = [MathF.Log(1), MathF.Log(4), MathF.Log(2), MathF.Log(1)];

    [Theory]
    [InlineData(0.00, 0)]
    [InlineData(0.12, 0)]
    [InlineData(0.13, 1)]
    [InlineData(0.62, 1)]
    [InlineData(0.63, 2)]
    [InlineData(0.87, 2)]
    [InlineData(0.88, 3)]
    [InlineData(0.9999999999, 3)]
    public void A_number_picks_the_token_whose_share_it_falls_into(double number, int expected) =>
        Assert.Equal(expected, Choose(new() { SamplingTemperature = 1 }, number));

    [Fact]
    public void A_temperature_of_zero_takes_the_likeliest_and_the_first_of_equals()
    {
        Assert.Equal(1, Choose(new(), 0.99));
        Assert.Equal(0, TokenSampler.ArgMax([2, 2, 1]));
    }

    [Fact]
    public void The_temperature_divides_the_logits()
    {
        // Weights 1, 16, 4, 1 of 22 at one half.
        Assert.Equal(0, Choose(new() { SamplingTemperature = 0.5 }, 0.9 / 22));
        Assert.Equal(1, Choose(new() { SamplingTemperature = 0.5 }, 1.1 / 22));
        Assert.Equal(1, Choose(new() { SamplingTemperature = 0.5 }, 16.9 / 22));
        Assert.Equal(2, Choose(new() { SamplingTemperature = 0.5 }, 17.1 / 22));
        Assert.Equal(1, Choose(new() { SamplingTemperature = 1e-3 }, 0.999));
    }

    [Fact]
    public void Top_k_leaves_the_k_likeliest_and_those_as_likely_as_the_last()
    {
        Assert.Equal([1], Possible(new() { SamplingTemperature = 1, TopK = 1 }));
        Assert.Equal([1, 2], Possible(new() { SamplingTemperature = 1, TopK = 2 }));
        Assert.Equal([0, 1, 2, 3], Possible(new() { SamplingTemperature = 1, TopK = 3 }));
        Assert.Equal([0, 1, 2, 3], Possible(new() { SamplingTemperature = 1, TopK = 99 }));
    }

    [Fact]
    public void Top_p_leaves_the_fewest_that_reach_it()
    {
        Assert.Equal([1], Possible(new() { SamplingTemperature = 1, TopP = 0.01 }));
        Assert.Equal([1], Possible(new() { SamplingTemperature = 1, TopP = 0.499 }));
        Assert.Equal([1, 2], Possible(new() { SamplingTemperature = 1, TopP = 0.51 }));
        Assert.Equal([0, 1, 2], Possible(new() { SamplingTemperature = 1, TopP = 0.76 }));
        Assert.Equal([0, 1, 2, 3], Possible(new() { SamplingTemperature = 1, TopP = 0.9 }));
        Assert.Equal([1], Possible(new() { SamplingTemperature = 1, TopK = 2, TopP = 0.6 })); // 2/3 of what top-k leaves
    }

    [Fact]
    public void The_penalty_divides_positive_logits_and_multiplies_negative_ones()
    {
        var options = new GenerationOptions { RepetitionPenalty = 2 };
        Assert.Equal(1, TokenSampler.Choose([3f, 2f, -1f], new HashSet<int> { 0 }, options.Sampling, () => 0)); // 1.5 against 2
        Assert.Equal(0, TokenSampler.Choose([4.1f, 2f, -1f], new HashSet<int> { 0 }, options.Sampling, () => 0)); // 2.05 against 2
        Assert.Equal(1, TokenSampler.Choose([-1f, -1.9f], new HashSet<int> { 0 }, options.Sampling, () => 0)); // −2 against −1.9
        Assert.Equal(0, TokenSampler.Choose([-0.9f, -1.9f], new HashSet<int> { 0 }, options.Sampling, () => 0)); // −1.8
    }

    [Fact]
    public void In_a_large_vocabulary_top_p_is_what_sorting_all_of_it_gives()
    {
        var random = new Random(4);
        var logits = Enumerable.Range(0, 5000).Select(_ => (float)(random.NextDouble() * 8)).ToArray();
        var weights = logits.Select(l => Math.Exp(l)).ToArray();
        var order = Enumerable.Range(0, logits.Length).OrderByDescending(i => weights[i]).ToList();
        var (sum, kept) = (0.0, new List<int>());
        foreach (var id in order.TakeWhile(_ => sum < 0.7 * weights.Sum()))
        {
            kept.Add(id);
            sum += weights[id];
        }

        var options = new GenerationOptions { SamplingTemperature = 1, TopP = 0.7 };
        var last = TokenSampler.Choose(logits.ToArray(), new HashSet<int>(), options.Sampling, () => 1 - 1e-12);
        Assert.Equal(kept[^1], last);
    }

    private static int Choose(GenerationOptions options, double number) => TokenSampler.Choose(s_logits.ToArray(), new HashSet<int>(), options.Sampling, () => number);

    private static int[] Possible(GenerationOptions options) => [.. Enumerable.Range(0, 200).Select(i => Choose(options, i / 200.0)).Distinct().Order()];
}
