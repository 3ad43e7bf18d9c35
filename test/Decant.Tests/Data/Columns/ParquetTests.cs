using Decant.Data;
using Decant.Data.Columns;
using Decant.Data.Labels;
using Decant.Data.Pictures;
using Decant.Data.Sources;
using Parquet;
using Parquet.Schema;

namespace Decant.Tests.Data.Columns;

/// <summary>Parquet files: those of Arrow's writer (Golden/parquet.csx), and some that are written here.</summary>
public sealed class ParquetTests : IDisposable
{
    private static readonly string[] s_texts = ["good film", "bad 电影", "two\nlines", "x\"y", "no label", "good film", "😀"];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Files => ["plain", "snappy", "gzip", "zstd", "brotli", "lz4"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public void Texts_and_classes_by_their_names_come_from_files_of_any_compression(string name)
    {
        foreach (var inMemory in new[] { 0L, 1 << 20 })
        {
            using var data = new ParquetSourceOptions { Files = [Golden(name)], MaxInMemoryBytes = inMemory }.Open();
            Assert.Equal(s_texts.Select(text => new TextContent(text)), Contents(data));
            Assert.Equal(["neg", "pos"], data.Classes);
            Assert.Equal([1, 0, 1, 0, null, 1, 0], Enumerable.Range(0, data.Count).Select(data.LabelOf));
            Assert.Equal($"{Golden(name)}, row 6", data.Where(5));
            Assert.Equal([$"{Golden(name)}: 1 of 7 rows have nothing in 'label': they are samples without a label, which the student learns from its teacher alone, and which nothing is measured on."], data.Remarks);
        }
    }

    [Fact]
    public void A_row_has_the_id_that_its_text_has_in_any_file()
    {
        using var data = new ParquetSourceOptions { Files = [Golden("zstd")] }.Open();
        using var lines = new LabelledLinesOptions { File = _folder.Write("a.txt", "1 good film\n0 bad 电影\n1 good film\n") }.Open();
        Assert.Equal([lines.IdOf(0), lines.IdOf(1), lines.IdOf(2)], [data.IdOf(0), data.IdOf(1), data.IdOf(5)]);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Words_with_tags_come_from_lists(string name)
    {
        using var data = new ParquetSourceOptions { Files = [Golden(name)], Words = "words", Tags = "tags" }.Open();
        Assert.Equal(["a b", "c", "x y", "d e f", "u", "g", "h"], Contents(data).Select(content => string.Join(' ', ((WordsContent)content).Words)));
        Assert.Equal(["O", "B-PER", "I-PER"], data.Classes);
        Assert.Equal(["0 1", "2", "0 0", "0 0 0", "", "1", "2"], Enumerable.Range(0, 7).Select(i => string.Join(' ', (data.AnnotationOf(i) as TagAnnotation)?.Tags ?? [])));
        using var unlabelled = new ParquetSourceOptions { Files = [Golden(name)], Words = "words" }.Open();
        Assert.Equal(0, unlabelled.LabelledCount);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Any_number_of_labels_comes_from_lists_or_from_columns_of_0_and_1(string name)
    {
        using var lists = new ParquetSourceOptions { Files = [Golden(name)], Labels = ["tags"] }.Open();
        Assert.Equal((LabelKind.LabelSet, 6), (lists.LabelKind, lists.LabelledCount));
        Assert.Equal(["O", "B-PER", "I-PER"], lists.Classes); // as the file numbers them
        Assert.Equal(["0 1", "2", "0", "0", "-", "1", "2"], Sets(lists));
        Assert.Contains("1 of 7 rows have nothing in 'tags'", Assert.Single(lists.Remarks));
        using var names = new ParquetSourceOptions { Files = [Golden(name)], Labels = ["words"] }.Open();
        Assert.Equal(["a", "b", "c", "d", "e", "f", "g", "h", "u", "x", "y"], names.Classes);
        using var columns = new ParquetSourceOptions { Files = [Golden(name)], Labels = ["flag", "small"], Classes = ["flag", "small"] }.Open();
        Assert.Equal(["0 1", "", "1", "0", "", "0 1", ""], Sets(columns));

        static IEnumerable<string> Sets(Dataset data) => Enumerable.Range(0, data.Count).Select(i => data.AnnotationOf(i) is LabelSetAnnotation set ? string.Join(' ', set.Labels) : "-");
    }

    [Fact]
    public void Numbers_truths_pairs_and_prompts_are_columns_too()
    {
        using var scored = new ParquetSourceOptions { Files = [Golden("snappy")], Target = ["score", "small"] }.Open();
        Assert.Equal(["score", "small"], scored.Classes);
        Assert.Equal([-4.25f, 0], ((NumberAnnotation)scored.AnnotationOf(4)!).Numbers);
        using var truths = new ParquetSourceOptions { Files = [Golden("plain")], Label = "flag" }.Open();
        Assert.Equal(["false", "true"], truths.Classes);
        Assert.Equal([1, 0, null, 1, 0, 1, 0], Enumerable.Range(0, 7).Select(truths.LabelOf));
        using var pairs = new ParquetSourceOptions { Files = [Golden("gzip")], Pair = "broken", Label = null }.Open();
        Assert.Equal(new TextContent("good film", ""), pairs[0].Content); // the column has nulls alone
        using var prompts = new ParquetSourceOptions { Files = [Golden("lz4")], Prompt = "text", Completion = "text" }.Open();
        Assert.Equal(LabelKind.Content, prompts.LabelKind);
    }

    [Fact]
    public void Pictures_come_from_structures_of_bytes()
    {
        using var data = new ParquetSourceOptions { Files = [Golden("pictures")], Image = "image" }.Open();
        Assert.Equal(["cat", "dog"], data.Classes);
        using var folder = new ImageFolderOptions { Folder = Path.Combine(AppContext.BaseDirectory, "Golden", "pictures"), Labels = false, Damaged = EmptyRows.Drop, Size = 8 }.Open();
        using var small = new ParquetSourceOptions { Files = [Golden("pictures")], Image = "image", Size = 8 }.Open();
        Assert.Contains(small.IdOf(0), Enumerable.Range(0, folder.Count).Select(folder.IdOf));
        Assert.Equal((3, 17, 23), (((ImageContent)data[0].Content).Channels, ((ImageContent)data[0].Content).Height, ((ImageContent)data[0].Content).Width));
    }

    [Fact]
    public void Several_files_are_one_source_by_name_by_pattern_or_by_folder()
    {
        foreach (var (copy, of) in new[] { ("train-00001-of-00002.parquet", "zstd"), ("train-00000-of-00002.parquet", "plain"), ("notes.txt", "plain") })
            File.Copy(Golden(of), Path.Combine(_folder.Path, copy));
        foreach (var entry in new[] { Path.Combine(_folder.Path, "train-*.parquet"), _folder.Path })
        {
            using var data = new ParquetSourceOptions { Files = [entry] }.Open();
            Assert.Equal(14, data.Count);
            Assert.Equal(Path.Combine(_folder.Path, "train-00001-of-00002.parquet") + ", row 1", data.Where(7));
            Assert.Equal(14, Enumerable.Range(0, 14).Select(data.IdOf).Distinct().Count());
        }
    }

    [Fact]
    public void What_is_not_there_or_of_another_type_is_named()
    {
        var file = Golden("snappy");
        Refuses(new() { Files = [file], Text = "sentence" }, $"{file}: there is no column 'sentence' ('text'); it has 'text', 'label', 'score'");
        Refuses(new() { Files = [file], Label = "class" }, "say 'label: null' for unlabelled samples");
        Refuses(new() { Files = [file], Text = "label" }, "the column 'label' ('text') has whole numbers; expected strings");
        Refuses(new() { Files = [file], Text = "nested" }, "the column 'nested' ('text') has lists of lists of whole numbers; expected strings");
        Refuses(new() { Files = [file], Words = "nested" }, "the column 'nested' ('words') has lists of lists of whole numbers; expected lists of strings");
        Refuses(new() { Files = [file], Words = "tags" }, "has lists of whole numbers; expected lists of strings");
        Refuses(new() { Files = [file], Label = "score" }, "the column 'score' ('label') has numbers; expected strings, whole numbers, or true and false");
        Refuses(new() { Files = [file], Target = ["text"] }, "the column 'text' ('target') has strings; expected numbers");
        Refuses(new() { Files = [Golden("pictures")], Text = "image" }, "the column 'image' ('text') has structures of bytes, path; expected strings");
        Refuses(new() { Files = [file], Image = "text" }, "expected encoded pictures: bytes, or structures with 'bytes'");
        Refuses(new() { Files = [file], Text = "broken" }, $"{file}, row 1: the text is empty");
        Refuses(new() { Files = [file], Labels = ["nested"] }, "the column 'nested' ('labels') has lists of lists of whole numbers; expected lists of strings or of whole numbers");
        Refuses(new() { Files = [file], Labels = ["text"] }, "the column 'text' ('labels') has strings; expected lists of strings or of whole numbers");
        Refuses(new() { Files = [file], Labels = ["label", "score"] }, "the column 'score' ('labels') has numbers; expected strings, whole numbers, or true and false");
        Refuses(new() { Files = [file], Labels = ["tags"], Target = ["score"] }, "'labels' is for samples with any number of labels, and 'target' for another task");
        Refuses(new() { Files = [file], Labels = ["tags"], Words = "words" }, "beside 'words' no 'labels' are read");
        Refuses(new() { Files = [file], Tags = "tags" }, "'tags' are those of 'words'");
        Refuses(new() { Files = [file], Size = 8 }, "'size', 'crop', 'channels' and 'damaged' are for pictures");
        Refuses(new() { Files = [file], Image = "image", Words = "words" }, "a sample is 'words' or an 'image'");
        Refuses(new() { Files = [file], Words = "words", Pair = "text" }, "beside 'words' neither 'pair', 'completion' nor 'target' is read");
        Refuses(new() { Files = [Path.Combine(_folder.Path, "x-*.parquet")] }, "no file is there");
        Refuses(new() { Files = [_folder.Write("a.parquet", "text,label\n")] }, "expected a Parquet file, which begins with 'PAR1'");
        Refuses(new() { Files = [_folder.Write("cut.parquet", File.ReadAllBytes(file)[..^100])] }, "it is cut off");
        Refuses(new() { Files = [Golden("pictures")], Image = "image", Label = null, Channels = 1, Damaged = EmptyRows.Drop, Classes = [] }, "'classes' is an empty list");
    }

    [Fact]
    public async Task A_class_that_the_file_has_no_name_for_is_named_with_its_row()
    {
        var file = await Write("""{"info":{"features":{"label":{"names":["a","b"],"_type":"ClassLabel"}}}}""", ["x", "y", "z"], [1, 2, -1]);
        Refuses(new() { Files = [file] }, $"{file}, row 2: 'label' is 2, and the file says the names of 2 classes (a, b)");
        var kept = await Write("""{"info":{"features":{"label":{"names":["a","b"],"_type":"ClassLabel"}}}}""", ["x", "y"], [-1, -1]);
        using var data = new ParquetSourceOptions { Files = [kept] }.Open();
        Assert.Equal((0, 2), (data.LabelledCount, data.Classes.Count));
        Refuses(new() { Files = [await Write("{", ["x"], [0])] }, "its metadata 'huggingface' cannot be read");
    }

    [Fact]
    public async Task Rows_without_text_are_dropped_where_the_recipe_says_so_and_places_stay_right()
    {
        var file = await Write(null, ["", "y", " ", "z"], [0, 1, 0, 1]);
        using var data = new ParquetSourceOptions { Files = [file], Empty = EmptyRows.Drop }.Open();
        Assert.Equal([$"{file}, row 2", $"{file}, row 4"], [data.Where(0), data.Where(1)]);
        Assert.Equal([$"{file}: 2 rows without text were left out ('empty: drop')."], data.Remarks);
        Assert.Equal(["1"], data.Classes);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_reported()
    {
        var file = await Write(null, ["fine", "odd"], [0, 1]);
        var bytes = File.ReadAllBytes(file);
        for (int at; (at = bytes.AsSpan().IndexOf("odd"u8)) >= 0;) bytes[at] = 0xFF;
        using var data = new ParquetSourceOptions { Files = [_folder.Write("odd.parquet", bytes)] }.Open();
        Assert.Contains("1 rows have the replacement character (U+FFFD) in their text", Assert.Single(data.Remarks));
        Assert.Contains("row 2", data.Remarks[0]);
    }

    [Fact]
    public async Task Memory_does_not_grow_with_the_rows()
    {
        // Each row group is 2,000 rows of some 400 characters: 0.8 MB; there are 2 and 60 of them.
        var (few, many) = (await Long("few.parquet", 2), await Long("many.parquet", 60));
        using var warm = new ParquetSourceOptions { Files = [few], Label = null, MaxInMemoryBytes = 0 }.Open();
        var (small, large) = (Held(few), Held(many));
        Assert.True(large.Rows == 120_000 && large.Bytes - small.Bytes < 64 * (large.Rows - small.Rows), $"{small} for few rows, {large} for many");

        static (long Bytes, int Rows) Held(string file)
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            using var data = new ParquetSourceOptions { Files = [file], Label = null, MaxInMemoryBytes = 0 }.Open();
            Assert.StartsWith($"row {data.Count - 1} ", ((TextContent)data[data.Count - 1].Content).Text);
            return (GC.GetTotalMemory(forceFullCollection: true) - before, data.Count);
        }
    }

    [Fact]
    public void Columns_that_lie_without_end_in_each_other_are_refused()
    {
        const int Deep = 200_000;
        // A file's description in Thrift's compact protocol: version 1, elements of one child each, no rows, no row groups.
        byte[] element = [0x48, 1, (byte)'a', 0x15, 2, 0];
        byte[] count = [.. Varint(Deep)];
        byte[] description = [0x15, 2, 0x19, 0xFC, .. count, .. Enumerable.Repeat(element, Deep).SelectMany(bytes => bytes), 0x16, 0, 0x19, 0x0C, 0];
        var file = _folder.Write("deep.parquet", [.. "PAR1"u8, .. description, .. BitConverter.GetBytes(description.Length), .. "PAR1"u8]);
        Refuses(new() { Files = [file] }, "columns lie more than 64 deep in each other");

        static IEnumerable<byte> Varint(int value)
        {
            for (; value >= 0x80; value >>= 7) yield return (byte)(value | 0x80);
            yield return (byte)value;
        }
    }

    private static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", "parquet", name + ".parquet");

    private static IEnumerable<SampleContent> Contents(Dataset data) => Enumerable.Range(0, data.Count).Select(i => data[i].Content);

    private static void Refuses(ParquetSourceOptions options, string expected) => Assert.Contains(expected, Assert.Throws<DecantException>(() => options.Open()).Message);

    private async Task<string> Write(string? features, string[] texts, long[] labels)
    {
        var (text, label) = (new DataField<string>("text"), new DataField<long>("label"));
        var path = Path.Combine(_folder.Path, Path.GetRandomFileName() + ".parquet");
        await using var file = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(text, label), file, new() { CompressionMethod = CompressionMethod.None });
        if (features is not null) writer.CustomMetadata = new Dictionary<string, string> { ["huggingface"] = features };
        using var group = writer.CreateRowGroup();
        await group.WriteAsync(text, texts);
        await group.WriteAsync<long>(label, labels.AsMemory());
        return path;
    }

    private async Task<string> Long(string name, int groups)
    {
        const int Rows = 2000;
        var text = new DataField<string>("text");
        var path = Path.Combine(_folder.Path, name);
        await using var file = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(text), file);
        for (var g = 0; g < groups; g++)
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(text, Enumerable.Range(g * Rows, Rows).Select(i => $"row {i} {new string((char)('a' + (i % 26)), 400)}").ToArray());
        }

        return path;
    }
}
