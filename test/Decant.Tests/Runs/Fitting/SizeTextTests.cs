using Decant.Runs.Recipes.Schema;

namespace Decant.Tests.Runs.Fitting;

public class SizeTextTests
{
    [Theory]
    [InlineData("800000", 800_000L)]
    [InlineData("500k", 500_000L)]
    [InlineData("1.5M", 1_500_000L)]
    [InlineData(" 2 B ", 2_000_000_000L)]
    [InlineData("0", null)]
    [InlineData("-1M", null)]
    [InlineData("1MB", null)]
    [InlineData("1e6", null)]
    [InlineData("many", null)]
    [InlineData("", null)]
    [InlineData("99999999999999999999999G", null)]
    public void Counts_have_thousands_and_millions(string text, long? expected) => Assert.Equal(expected, SizeText.Count(text));

    [Theory]
    [InlineData("5MB", 5_000_000L)]
    [InlineData("5MiB", 5L << 20)]
    [InlineData("1.5 kB", 1500L)]
    [InlineData("700", 700L)]
    [InlineData("2.5GB", 2_500_000_000L)]
    [InlineData("5M", null)]
    [InlineData("MB", null)]
    [InlineData("1,5MB", null)]
    public void Bytes_have_powers_of_1000_and_of_1024(string text, long? expected) => Assert.Equal(expected, SizeText.Bytes(text));
}
