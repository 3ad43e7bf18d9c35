using Decant.Compression.Quantization;
using Decant.Compression.Quantization.Numbers;

namespace Decant.Tests.Compression.Quantization.Numbers;

public class IntegerDotProductsTests
{
    [Theory]
    [InlineData(true, false, false, true, true)]
    [InlineData(false, true, false, true, true)]
    [InlineData(false, false, true, false, true)]
    [InlineData(false, false, false, true, false)]
    [InlineData(false, false, false, false, true)]
    public void X86_without_vnni_saturates(bool avx512, bool avx, bool arm, bool x86, bool exact) => Assert.Equal(exact, IntegerDotProducts.Of(avx512, avx, arm, x86).Exact);

    [Fact]
    public void What_is_found_here_is_what_the_system_says()
    {
        Assert.SkipUnless(File.Exists("/proc/cpuinfo"), "there is no /proc/cpuinfo to compare with");
        var flags = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("flags", StringComparison.Ordinal))?.Split(' ') ?? [];
        Assert.SkipWhen(flags.Length == 0, "/proc/cpuinfo has no flags of an x86 processor");

        Assert.Equal(flags.Contains("avx512_vnni") || flags.Contains("avx_vnni"), IntegerDotProducts.Here.Exact);
    }

    [Fact]
    public void Two_products_of_7_bits_fit_into_16_and_of_8_bits_do_not()
    {
        Assert.True(2 * IntegerRange.UInt8.Highest * IntegerRange.Reduced.Highest <= short.MaxValue);
        Assert.True(2 * IntegerRange.UInt8.Highest * IntegerRange.Int8.Highest > short.MaxValue);
    }

    [Fact]
    public void The_range_of_weights_is_the_processors_or_as_asked()
    {
        Assert.Equal(IntegerDotProducts.Here.Exact ? IntegerRange.Int8 : IntegerRange.Reduced, IntegerNotes.RangeOf(null));
        Assert.Equal(IntegerRange.Reduced, IntegerNotes.RangeOf(true));
        Assert.Equal(IntegerRange.Int8, IntegerNotes.RangeOf(false));
    }
}
