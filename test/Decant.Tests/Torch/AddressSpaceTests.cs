using Decant.Torch.Interop;

namespace Decant.Tests.Torch;

public class AddressSpaceTests
{
    [Theory]
    [InlineData("unlimited", 270_000_000, false)]
    [InlineData("8192000000", 3_000_000, false)]
    [InlineData("4096000000", 3_900_000, true)]
    public void A_limit_under_which_OpenBLAS_would_wait_for_ever_is_refused(string limit, long kilobytes, bool isRefused)
    {
        var problem = AddressSpace.Problem(
            ["Limit                     Soft Limit           Hard Limit           Units", $"Max address space         {limit}           unlimited            bytes"],
            ["Name:\tdotnet", $"VmSize:\t {kilobytes} kB"],
            cores: 2);

        Assert.Equal(isRefused, problem is not null);
        if (isRefused)
            Assert.Contains("ulimit -v", problem);
    }

    [Fact]
    public void What_cannot_be_known_is_no_problem() => Assert.Null(AddressSpace.Problem([], [], 2));
}
