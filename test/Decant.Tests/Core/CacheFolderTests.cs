using Decant.Files;

namespace Decant.Tests.Core;

public sealed class CacheFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_cache_that_cannot_be_is_told_with_the_variable_that_names_another()
    {
        var file = _folder.Write("file", "x");
        var fault = Assert.Throws<DecantException>(() => CacheFolder.Of(file, "packages"));
        Assert.Equal(ExitCodes.Machine, fault.ExitCode);
        Assert.StartsWith($"The cache {file} is no folder and cannot be made one: ", fault.Message);
        Assert.EndsWith("name another with DECANT_CACHE.", fault.Message);
        Assert.Equal(Path.Combine(_folder.Path, "new", "packages"), CacheFolder.Of(Path.Combine(_folder.Path, "new"), "packages"));
    }
}
