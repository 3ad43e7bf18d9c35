using System.IO.Compression;
using Decant.Data;
using Decant.Data.Sources;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Data;

public sealed class IdxAndCifarTests : IDisposable
{
    private static readonly byte[] s_images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    private static readonly byte[] s_labels = [0, 0, 8, 1, 0, 0, 0, 2, 7, 0];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Idx_is_read_plain_and_gzipped(bool gzip)
    {
        using var data = Open(gzip ? Gzip(s_images) : s_images, gzip ? Gzip(s_labels) : s_labels);
        Assert.Equal(["0", "7"], data.Classes);
        var image = (ImageContent)data[1].Content;
        Assert.Equal((1, 2, 3), (image.Channels, image.Height, image.Width));
        Assert.Equal([7, 8, 9, 10, 11, 12], image.Pixels.ToArray());
        Assert.Equal([1, 0], new[] { data.LabelOf(0), data.LabelOf(1) }.Select(label => label!.Value));
        using var unlabelled = new IdxOptions { Images = _folder.Write("i", s_images) }.Open();
        Assert.Equal(0, unlabelled.LabelledCount);
    }

    [Fact]
    public void Colour_images_have_four_dimensions()
    {
        using var data = Open([0, 0, 8, 4, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6], [0, 0, 8, 1, 0, 0, 0, 1, 1]);
        var image = (ImageContent)data[0].Content;
        Assert.Equal((3, 1, 2), (image.Channels, image.Height, image.Width));
    }

    [Fact]
    public void A_cut_off_file_is_refused_with_its_length()
    {
        Refuses(s_images[..^3], s_labels, "cut off: its head says 2 × 2 × 3 = 12 bytes of images, came 9");
        Refuses(s_images[..9], s_labels, "cut off in its head: expected 16 bytes, came 9");
        Refuses(s_images[..2], s_labels, "expected an IDX file of images, came 2 bytes");
        Refuses([.. s_images, 1], s_labels, "and 1 more follow; the file is damaged");
        Refuses(Gzip(s_images)[..^12], s_labels, "");
    }

    [Fact]
    public void A_wrong_magic_number_is_refused_with_what_it_may_mean()
    {
        Refuses(s_labels, s_images, "expected the magic number 0x00000803 or 0x00000804 of an IDX file of images, came 0x00000801; these are labels: are 'images' and 'labels' exchanged?");
        Refuses(s_images, s_images, "these are images");
        Refuses([0x89, .. "PNG....."u8], s_labels, "this is another kind of file");
        Refuses([0, 0, 0x0D, 3, .. s_images[4..]], s_labels, "only unsigned bytes (type 0x08) are read");
    }

    [Fact]
    public void Counts_that_disagree_are_refused()
    {
        Refuses(s_images, [0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3], "3 labels for the 2 images");
        Refuses([0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 3], s_labels, "dimension 1 has the size 0");
        Refuses([0, 0, 8, 3, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 1], s_labels, "dimension 1 has the size 4");
        Refuses([0, 0, 8, 3, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 1], s_labels, "cut off");
    }

    [Fact]
    public void Whatever_bytes_are_changed_the_file_is_read_or_refused()
    {
        var changes = ArbMap.Default.GeneratorFor<byte>().Zip(Gen.Choose(0, 99)).ListOf();
        Prop.ForAll(changes.ToArbitrary(), list =>
        {
            foreach (var gzip in new[] { false, true })
            {
                var images = gzip ? Gzip(s_images) : (byte[])s_images.Clone();
                foreach (var (value, at) in list) images[at % images.Length] = value;
                TextSourceTests.ReadOrRefuse(new IdxOptions { Images = _folder.Write("i", images), Labels = _folder.Write("l", s_labels) });
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Cifar_files_are_read_one_after_another()
    {
        using var data = new CifarOptions { Files = [_folder.Write("1", [.. Record(3), .. Record(9)]), _folder.Write("2", Record(0))] }.Open();
        Assert.Equal(3, data.Count);
        Assert.Equal(["cat", "truck", "airplane"], Enumerable.Range(0, 3).Select(i => data.Classes[data.LabelOf(i)!.Value]));
        var image = (ImageContent)data[2].Content;
        Assert.Equal((3, 32, 32, 3072), (image.Channels, image.Height, image.Width, image.Pixels.Length));
        using var fine = new CifarOptions { Files = [_folder.Write("3", [5, .. Record(77)])], Labels = CifarLabels.Cifar100Fine }.Open();
        using var coarse = new CifarOptions { Files = [_folder.Write("3", [5, .. Record(77)])], Labels = CifarLabels.Cifar100Coarse }.Open();
        Assert.Equal((77, 5), (fine.LabelOf(0), coarse.LabelOf(0)));
    }

    [Fact]
    public void Cifar_files_of_a_wrong_length_or_label_are_refused()
    {
        var error = Assert.Throws<DecantException>(() => new CifarOptions { Files = [_folder.Write("1", Record(1)[..^5])] }.Open());
        Assert.Contains("expected records of 3,073 bytes", error.Message);
        Assert.Contains("record 1 has the label 50, and there are 10 classes", Assert.Throws<DecantException>(() => new CifarOptions { Files = [_folder.Write("1", Record(50))] }.Open()).Message);
        Assert.Contains("'files' is an empty list", Assert.Throws<DecantException>(() => new CifarOptions { Files = [] }.Open()).Message);
    }

    private Dataset Open(byte[] images, byte[] labels) => new IdxOptions { Images = _folder.Write("images", images), Labels = _folder.Write("labels", labels) }.Open();

    private void Refuses(byte[] images, byte[] labels, string message) => Assert.Contains(message, Assert.Throws<DecantException>(() => Open(images, labels)).Message);

    private static byte[] Record(byte label) => [label, .. Enumerable.Range(0, 3072).Select(i => (byte)(i + label))];

    private static byte[] Gzip(byte[] content)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest)) gzip.Write(content);
        return memory.ToArray();
    }
}
