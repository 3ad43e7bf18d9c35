using Decant.Compression.Quantization.Calibrating;

namespace Decant.Tests.Compression.Quantization.Calibrating;

public class ActivationHistogramTests
{
    [Fact]
    public void A_larger_value_doubles_the_limit_and_keeps_every_count()
    {
        var histogram = new ActivationHistogram();
        Assert.True(histogram.Add([1, -1, 0.5f]));
        Assert.Equal(1, histogram.Limit);
        Assert.True(histogram.Add([3]));

        Assert.Equal(4, histogram.Limit); // 1 → 2 → 4
        Assert.Equal((-1, 3, 4), (histogram.Least, histogram.Most, histogram.Count));
        Assert.Equal(4, histogram.Counts.Sum());
        const int perUnit = ActivationHistogram.Bins / 8;
        Assert.Equal(1, histogram.Counts[3 * perUnit]); // −1
        Assert.Equal(1, histogram.Counts[(9 * perUnit / 2)]); // 0.5
        Assert.Equal(1, histogram.Counts[7 * perUnit]); // 3
        Assert.Equal(1, histogram.Counts[(5 * perUnit) - 1]); // 1 was in the last bin, which ended there
    }

    [Fact]
    public void Zeros_before_the_first_other_value_stay_at_0()
    {
        var histogram = new ActivationHistogram();
        histogram.Add([0, 0, 0]);
        histogram.Add([2, -2]);

        Assert.Equal(3, histogram.Counts[ActivationHistogram.Bins / 2]);
        Assert.Equal(1, histogram.Counts[0]);
        Assert.Equal(1, histogram.Counts[^1]);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void What_is_not_finite_is_refused(float value) => Assert.False(new ActivationHistogram().Add([1, value]));

    [Fact]
    public void The_same_values_in_other_portions_give_the_same_extremes_and_count()
    {
        var values = Enumerable.Range(0, 5000).Select(i => MathF.Sin(i) * i).ToArray();
        var (whole, parts) = (new ActivationHistogram(), new ActivationHistogram());
        whole.Add(values);
        foreach (var part in values.Chunk(7))
            parts.Add(part);

        Assert.Equal((whole.Least, whole.Most, whole.Count), (parts.Least, parts.Most, parts.Count));
        Assert.Equal(5000, parts.Counts.Sum());
        Assert.InRange(parts.Limit, whole.Limit, whole.Limit * 2);
    }
}
