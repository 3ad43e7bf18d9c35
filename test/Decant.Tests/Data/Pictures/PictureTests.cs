using System.Buffers.Binary;
using System.Text.Json;
using Decant.Data;
using Decant.Data.Pictures;
using Decant.Data.Sources;

namespace Decant.Tests.Data.Pictures;

/// <summary>Pictures as PIL decodes them (Golden/pictures.py), and folders of them.</summary>
public sealed class PictureTests : IDisposable
{
    private static readonly string s_golden = Path.Combine(AppContext.BaseDirectory, "Golden", "pictures");

    private readonly TemporaryFolder _folder = new();

    private sealed record Expected(int Width, int Height, byte[] Pixels, byte[] Grey, byte[] Stretched, byte[] Cropped);

    public static TheoryData<string> Pictures => [.. Directory.GetFiles(s_golden).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Pictures_are_decoded_turned_and_resized_as_PIL_does_it(string name)
    {
        var expected = JsonSerializer.Deserialize<Dictionary<string, Expected>>(File.ReadAllText(s_golden + ".json"), JsonSerializerOptions.Web)![name];
        Put("a", name, name);
        var decoders = name.EndsWith(".jpg", StringComparison.Ordinal) ? 3 : 0; // two decoders of JPEG round differently
        Near(expected.Pixels, Image(new() { Folder = _folder.Path }), (3, expected.Height, expected.Width), decoders);
        Near(expected.Grey, Image(new() { Folder = _folder.Path, Channels = 1 }), (1, expected.Height, expected.Width), decoders);
        Near(expected.Stretched, Image(new() { Folder = _folder.Path, Size = 8 }), (3, 8, 8), decoders + 1); // PIL rounds between rows and columns too
        Near(expected.Cropped, Image(new() { Folder = _folder.Path, Size = 8, Crop = true }), (3, 8, 8), decoders + 1);
    }

    [Fact]
    public void A_class_is_a_sub_folder_and_what_is_no_picture_is_counted()
    {
        Put("dog", "z.PNG", "colour.png");
        Put("dog/deep", "a.bmp", "colour.bmp");
        Put("cat", "b.png", "grey.png");
        Put("10", "c.png", "bits.png");
        Put(".hidden", "d.png", "bits.png");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "empty"));
        foreach (var other in new[] { "cat/notes.txt", "cat/.DS_Store", "dog/.a.png", "readme.md" }) File.WriteAllText(Path.Combine(_folder.Path, other), "x");
        Put("", "loose.png", "grey.png");
        using var data = new ImageFolderOptions { Folder = _folder.Path }.Open();
        Assert.Equal(["10", "cat", "dog"], data.Classes);
        Assert.Equal(["10/c.png", "cat/b.png", "dog/deep/a.bmp", "dog/z.PNG"], Enumerable.Range(0, 4).Select(i => Path.GetRelativePath(_folder.Path, data.Where(i))));
        Assert.Equal([0, 1, 2, 2], Enumerable.Range(0, 4).Select(data.LabelOf));
        Assert.Equal(
            [
                $"{_folder.Path}: 4 files are no pictures (PNG, JPEG, BMP, GIF, WebP) and were passed over, such as cat/.DS_Store.",
                $"{_folder.Path}: 1 pictures lie beside the folders of the classes and were passed over, such as loose.png.",
                $"{_folder.Path}: no picture is in 'empty', so it is no class.",
            ],
            data.Remarks);
        using var all = new ImageFolderOptions { Folder = _folder.Path, Labels = false }.Open();
        Assert.Equal((5, 0), (all.Count, all.LabelledCount));
    }

    [Fact]
    public void Ids_are_those_of_what_is_seen()
    {
        Put("a", "1.png", "colour.png");
        Put("a", "2.webp", "colour.webp");
        Put("b", "3.bmp", "colour.bmp");
        using var data = new ImageFolderOptions { Folder = _folder.Path }.Open();
        var image = (ImageContent)data[0].Content;
        Assert.Equal(3, Enumerable.Range(0, 3).Select(data.IdOf).Distinct().Count());
        using var again = Dataset.From("again", [(new ImageContent(image.Pixels, 3, image.Height, image.Width), null), (new ImageContent(((ImageContent)data[2].Content).Pixels, 3, image.Height, image.Width), null)]);
        Assert.Equal([data.IdOf(0), data.IdOf(1)], [again.IdOf(0), again.IdOf(1)]); // the second of the same content
    }

    [Fact]
    public void Damaged_pictures_are_named_and_stop_or_are_left_out()
    {
        for (var i = 0; i < 40; i++) Put(i % 2 == 0 ? "a" : "b", $"{i:00}.png", "colour.png");
        var bytes = File.ReadAllBytes(Path.Combine(s_golden, "colour.jpg"));
        File.WriteAllBytes(Path.Combine(_folder.Path, "a", "cut.jpg"), bytes[..^200]);
        File.WriteAllText(Path.Combine(_folder.Path, "b", "text.jpg"), "this is a text, whatever its name says");
        File.WriteAllText(Path.Combine(_folder.Path, "b", "empty.png"), "");
        var fault = Assert.Throws<DecantException>(() => new ImageFolderOptions { Folder = _folder.Path }.Open()).Message;
        Assert.Contains($"{_folder.Path}/a/cut.jpg: the picture is damaged or cut off (IncompleteInput)", fault);
        Assert.Contains($"{_folder.Path}/b/text.jpg: expected PNG, JPEG, BMP, WebP or GIF, came another kind of file", fault);
        Assert.EndsWith("Replace what is damaged, or say 'damaged: drop' to leave such pictures out.", fault);
        foreach (var inMemory in new[] { 0L, 1 << 20 })
        {
            using var data = new ImageFolderOptions { Folder = _folder.Path, Damaged = EmptyRows.Drop, MaxInMemoryBytes = inMemory }.Open();
            Assert.Equal(40, data.Count);
            Assert.StartsWith($"{_folder.Path}: 3 of 43 pictures could not be decoded and were left out ('damaged: drop'); the first is {_folder.Path}/a/cut.jpg: ", Assert.Single(data.Remarks));
            Assert.Equal(Path.Combine(_folder.Path, "b", "39.png"), data.Where(39));
            Assert.All(Enumerable.Range(0, 40), i => Assert.Equal(i < 20 ? 0 : 1, data.LabelOf(i)));
        }
    }

    [Fact]
    public void Other_sizes_and_other_folders_are_refused_with_the_way_out()
    {
        Put("a", "1.png", "colour.png");
        Put("a", "exif6.jpg", "exif6.jpg");
        Refuses(new() { Folder = _folder.Path }, $"a/exif6.jpg: expected 23 × 17 pixels as in {_folder.Path}/a/1.png, came 17 × 23; say 'size: 17', the side of the square");
        Refuses(new() { Folder = Path.Combine(_folder.Path, "none") }, "there is no such folder");
        Refuses(new() { Folder = Path.Combine(_folder.Path, "a", "1.png") }, "expected a folder of pictures, came a file");
        Refuses(new() { Folder = Path.Combine(_folder.Path, "a") }, "expected sub-folders with pictures, one for each class, came none; pictures lie in the folder itself: say 'labels: false'");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "c"));
        Refuses(new() { Folder = Path.Combine(_folder.Path, "c"), Labels = false }, "expected pictures (PNG, JPEG, BMP, GIF, WebP), came none among 0 files");
        Refuses(new() { Folder = _folder.Path, Size = 8, Classes = ["x"] }, "the label 'a' is not one of the 1 classes (x)");
    }

    [Fact]
    public void A_picture_that_would_fill_the_memory_is_refused_before_it_is_decoded()
    {
        var png = File.ReadAllBytes(Path.Combine(s_golden, "colour.png"));
        foreach (var at in new[] { 16, 20 }) (png[at], png[at + 1]) = (0, 1); // 65,559 × 65,553 pixels
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Checksum(png.AsSpan(12, 17)));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "a"));
        File.WriteAllBytes(Path.Combine(_folder.Path, "a", "big.png"), png);
        Refuses(new() { Folder = _folder.Path }, "the picture has 65,559 × 65,553 pixels, and at most 100,000,000 are decoded");
    }

    [Fact]
    public void A_link_that_leads_round_in_a_circle_is_not_followed()
    {
        Put("a", "1.png", "colour.png");
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "a", "again"), Path.Combine(_folder.Path, "a"));
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "a", "2.png"), Path.Combine(s_golden, "colour.png"));
        using var data = new ImageFolderOptions { Folder = _folder.Path }.Open();
        Assert.Equal(2, data.Count);
    }

    private static void Near(byte[] expected, ImageContent came, (int Channels, int Height, int Width) shape, int most)
    {
        Assert.Equal(shape, (came.Channels, came.Height, came.Width));
        Assert.Equal(expected.Length, came.Pixels.Length);
        Assert.All(expected.Zip(came.Pixels.ToArray()), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, most));
    }

    /// <summary>CRC-32 of a chunk of PNG.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var value in bytes)
        {
            sum ^= value;
            for (var bit = 0; bit < 8; bit++) sum = (sum >> 1) ^ ((sum & 1) * 0xEDB88320);
        }

        return ~sum;
    }

    private static ImageContent Image(ImageFolderOptions options)
    {
        using var data = options.Open();
        return (ImageContent)data[0].Content;
    }

    private static void Refuses(ImageFolderOptions options, string expected) => Assert.Contains(expected, Assert.Throws<DecantException>(() => options.Open()).Message);

    private void Put(string folder, string name, string golden)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, folder));
        File.Copy(Path.Combine(s_golden, golden), Path.Combine(_folder.Path, folder, name));
    }
}
