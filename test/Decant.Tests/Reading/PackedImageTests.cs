using System.IO.Compression;
using Decant.Data.Sources;

namespace Decant.Tests.Reading;

/// <summary>Packed files of images that unpack to more than they should: refused before they fill the memory.</summary>
public sealed class PackedImageTests : IDisposable
{
    private const long MostBytes = 300 << 20;
    private static readonly byte[] s_smallHead = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_follows_the_bytes_that_the_head_says_is_not_read() =>
        Refuses("images", Bomb(s_smallHead, 300 << 20), 4 << 20, "its head says 2 × 2 × 3 = 12 bytes of images, and more follow; the file is damaged.", Idx);

    [Theory]
    [InlineData(new byte[] { 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0 })]
    [InlineData(new byte[] { 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF })]
    public void A_head_that_asks_for_more_than_a_file_of_its_length_holds_is_refused_before_memory_is_taken(byte[] sizes) =>
        Refuses("images", Bomb([0, 0, 8, 3, .. sizes], 1000), 4 << 20, "which a packed file of its length does not hold; fetch the file again.", Idx);

    [Fact]
    public void Packed_records_without_an_end_are_refused_once_they_are_more_than_images_can_be()
    {
        var bomb = Bomb([], 300 << 20);
        Refuses("a.bin", bomb, MostBytes, $"its {bomb.Length:N0} bytes unpack to more than {UnpackedFile.FreeBytes + (200L * bomb.Length):N0}, which images do not", path => new CifarOptions { Files = [path] });
    }

    [Fact]
    public void Black_images_are_packed_to_a_thousandth_and_read()
    {
        byte[] head = [0, 0, 8, 3, 0, 0, 0x27, 0x10, 0, 0, 0, 28, 0, 0, 0, 28];
        var path = _folder.Write("images", Bomb(head, 10_000 * 28 * 28));
        using var data = Idx(path).Open();
        Assert.Equal(10_000, data.Count);
    }

    [Fact]
    public void A_file_that_is_not_packed_is_refused_by_its_length_alone()
    {
        var path = _folder.Write("images", [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3]);
        using (var file = new FileStream(path, FileMode.Open))
            file.SetLength(1L << 40);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("and 1,099,511,627,748 more follow", Assert.Throws<DecantException>(() => Idx(path).Open()).Message, StringComparison.Ordinal);
        Assert.Contains("came 1,099,511,627,776; split the file", Assert.Throws<DecantException>(() => new CifarOptions { Files = [path] }.Open()).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    private static IdxOptions Idx(string path) => new() { Images = path };

    private void Refuses(string name, byte[] content, long most, string message, Func<string, SourceOptions> options)
    {
        var path = _folder.Write(name, content);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(message, Assert.Throws<DecantException>(() => options(path).Open()).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, most);
    }

    private static byte[] Bomb(byte[] head, int zeros)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.SmallestSize))
        {
            gzip.Write(head);
            var chunk = new byte[1 << 20];
            for (var left = zeros; left > 0; left -= chunk.Length)
                gzip.Write(chunk.AsSpan(0, Math.Min(left, chunk.Length)));
        }

        return memory.ToArray();
    }
}
