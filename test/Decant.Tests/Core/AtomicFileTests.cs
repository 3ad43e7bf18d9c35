using Decant.Files;

namespace Decant.Tests.Core;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "模型.bin");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_write_that_throws_midway_leaves_the_old_file_whole_and_no_other(bool isDisk)
    {
        AtomicFile.Write(File, [1, 2, 3]);
        Exception fault = isDisk ? new IOException("No space left on device.") : new InvalidOperationException("a fault");
        var thrown = Assert.ThrowsAny<Exception>(() => AtomicFile.Write(File, stream =>
        {
            stream.Write([9, 9]);
            throw fault;
        }));

        if (isDisk)
            Assert.Equal((ExitCodes.Machine, $"{File} cannot be written: No space left on device. Free some room, or choose another folder."), (((DecantException)thrown).ExitCode, thrown.Message));
        else
            Assert.Same(fault, thrown);
        Assert.Equal([1, 2, 3], System.IO.File.ReadAllBytes(File));
        Assert.Equal([File], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_first_write_that_throws_leaves_nothing()
    {
        Assert.Throws<DecantException>(() => AtomicFile.Write(File, _ => throw new IOException("gone")));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_file_that_is_there_is_replaced_or_left_as_asked()
    {
        AtomicFile.Write(File, [1]);
        AtomicFile.Write(File, [2]);
        var thrown = Assert.Throws<DecantException>(() => AtomicFile.Write(File, [3], replace: false));
        Assert.Equal((ExitCodes.BadInput, $"{File} cannot be written: it is there already, and nothing is overwritten. Choose another name."), (thrown.ExitCode, thrown.Message));
        Assert.Equal([2], System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_the_machines_fault()
    {
        var thrown = Assert.Throws<DecantException>(() => AtomicFile.Write(Path.Combine(_folder.Path, "none", "a"), [1]));
        Assert.Equal(ExitCodes.Machine, thrown.ExitCode);
    }
}
