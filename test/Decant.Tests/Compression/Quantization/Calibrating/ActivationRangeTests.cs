using Decant.Compression.Quantization.Calibrating;

namespace Decant.Tests.Compression.Quantization.Calibrating;

public class ActivationRangeTests
{
    [Fact]
    public void Min_max_is_from_the_smallest_to_the_largest() =>
        Assert.Equal(new ActivationRange(-3, 5), ActivationRange.Of(Of([-3, 0, 1, 5]), CalibrationMethod.MinMax, 0));

    [Fact]
    public void A_percentile_cuts_half_of_the_rest_at_each_end()
    {
        var histogram = Of([.. Enumerable.Range(-500, 1001).Select(i => i / 10f)]); // −50 … 50 in steps of 0.1

        var range = ActivationRange.Of(histogram, CalibrationMethod.Percentile, 90);

        var bin = (float)(2 * histogram.Limit / ActivationHistogram.Bins);
        Assert.InRange(range.Least, -45 - 0.1f - bin, -45 + 0.1f + bin);
        Assert.InRange(range.Most, 45 - 0.1f - bin, 45 + 0.1f + bin);
    }

    [Fact]
    public void All_percent_are_min_max() => Assert.Equal(new ActivationRange(-1, 3), ActivationRange.Of(Of([-1, 2, 3]), CalibrationMethod.Percentile, 100));

    [Fact]
    public void A_range_always_holds_0() => Assert.Equal(0, ActivationRange.Of(Of([4, 5, 6]), CalibrationMethod.Percentile, 60).Least);

    [Fact]
    public void Entropy_cuts_a_far_outlier_and_leaves_even_values()
    {
        var even = Enumerable.Range(0, 200_000).Select(i => i % 1000 / 1000f).ToArray();

        var whole = ActivationRange.Of(Of(even), CalibrationMethod.Entropy, 0);
        var cut = ActivationRange.Of(Of([.. even, 15f]), CalibrationMethod.Entropy, 0);

        Assert.InRange(whole.Most, 0.95f, 1f);
        Assert.InRange(cut.Most, 0.9f, 3f);
        Assert.Equal(0, cut.Least);
    }

    private static ActivationHistogram Of(float[] values)
    {
        var histogram = new ActivationHistogram();
        histogram.Add(values);
        return histogram;
    }
}
