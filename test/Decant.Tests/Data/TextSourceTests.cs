using System.Text;
using Decant.Data;
using Decant.Data.Sources;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Data;

public sealed class TextSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Csv_columns_are_found_by_name_and_quoted_fields_may_hold_anything()
    {
        var file = _folder.Write("a.csv", "id,label,text,other\n1,spam,\"a, \"\"b\"\"\nc\",x\n2,ham,好的 👍,\n3,,no label,\n");
        using var data = new CsvOptions { File = file, Pair = "other" }.Open();
        Assert.Equal(["ham", "spam"], data.Classes);
        Assert.Equal([new TextContent("a, \"b\"\nc", "x"), new TextContent("好的 👍", ""), new TextContent("no label", "")], Contents(data));
        Assert.Equal([1, 0, null], Labels(data));
        Assert.Equal(2, data.LabelledCount);
        Assert.Equal($"{file}:4", data.Where(1)); // the quoted line break is counted
    }

    [Fact]
    public void A_byte_order_mark_and_windows_line_ends_are_no_part_of_the_text()
    {
        var csv = _folder.Write("a.csv", "\uFEFFtext,label\r\nhello,a\r\n\r\nworld,b\r\n");
        using var data = new CsvOptions { File = csv }.Open();
        Assert.Equal([new TextContent("hello"), new TextContent("world")], Contents(data));
        var lines = _folder.Write("a.txt", "\uFEFF1 hello\r\n\r\n0 world");
        using var labelled = new LabelledLinesOptions { File = lines }.Open();
        Assert.Equal([new TextContent("hello"), new TextContent("world")], Contents(labelled));
        Assert.Equal($"{lines}:3", labelled.Where(1));
    }

    [Fact]
    public void In_tsv_a_quote_is_a_character_and_columns_may_be_numbers()
    {
        var file = _folder.Write("a.tsv", "\"said\" he\t10\n\"open\t9\n");
        using var data = new TsvOptions { File = file, Header = false, Text = "1", Label = "2" }.Open();
        Assert.Equal([new TextContent("\"said\" he"), new TextContent("\"open")], Contents(data));
        Assert.Equal(["9", "10"], data.Classes); // integers by number
    }

    [Fact]
    public void Jsonl_reads_named_fields_and_labels_of_any_simple_type()
    {
        var file = _folder.Write("a.jsonl", """
            {"sentence": "a\nb 好", "label": "x", "more": [1, 2]}
            {"sentence": "c", "label": null}
            {"sentence": "d", "label": 3}
            {"sentence": "e"}
            {"sentence": "f", "label": true}
            """);
        using var data = new JsonlOptions { File = file, Text = "sentence" }.Open();
        Assert.Equal(["a\nb 好", "c", "d", "e", "f"], Contents(data).Select(content => content.Text));
        Assert.Equal(["3", "true", "x"], data.Classes);
        Assert.Equal([2, null, 0, null, 1], Labels(data));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Csv_that_is_written_by_the_rules_is_read_back_from_memory_and_from_the_file(bool inMemory)
    {
        var cell = ArbMap.Default.GeneratorFor<NonNull<string>>().Select(s => Clean(s.Get));
        var rows = cell.Zip(cell).Where(row => !string.IsNullOrWhiteSpace(row.Item1)).NonEmptyListOf();
        Prop.ForAll(rows.ToArbitrary(), table =>
        {
            var csv = "text,pair\n" + string.Concat(table.Select(row => $"{Quote(row.Item1)},{Quote(row.Item2)}\n"));
            var file = _folder.Write("p.csv", csv);
            using var data = new CsvOptions { File = file, Pair = "pair", Label = null, MaxInMemoryBytes = inMemory ? 1 << 20 : 0 }.Open();
            return table.Select(row => new TextContent(row.Item1, row.Item2)).SequenceEqual(Contents(data));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_file_above_the_limit_stays_on_the_disk_and_gives_the_same_samples()
    {
        var random = new Rng(5);
        var lines = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{random.Next(4)} text {i} {new string('好', random.Next(30))}\n"));
        var options = new LabelledLinesOptions { File = _folder.Write("big.txt", lines) };
        using var memory = options.Open();
        using var disk = (options with { MaxInMemoryBytes = 0 }).Open();
        Assert.Equal(memory.Count, disk.Count);
        Assert.Equal(memory.Classes, disk.Classes);
        Parallel.For(0, memory.Count, i => Assert.Equal(memory[i], disk[i]));
    }

    [Fact]
    public void A_file_that_changes_while_it_is_in_use_is_noticed()
    {
        var file = _folder.Write("a.txt", "1 one\n0 two\n");
        using var data = new LabelledLinesOptions { File = file, MaxInMemoryBytes = 0 }.Open();
        _folder.Write("a.txt", "1 one\n0 owt\n");
        Assert.Equal(new TextContent("one"), data[0].Content);
        Assert.Contains("a.txt:2: the file was changed", Assert.Throws<DecantException>(() => data[1]).Message);
    }

    [Fact]
    public void Ids_follow_the_content_not_the_place_and_repeats_have_their_own()
    {
        using var one = new LabelledLinesOptions { File = _folder.Write("a.txt", "1 same\n0 other\n1 same\n1 same\n") }.Open();
        using var two = new LabelledLinesOptions { File = _folder.Write("b.txt", "1 new\n0 same\n1 other\n") }.Open();
        Assert.Equal(4, Enumerable.Range(0, 4).Select(one.IdOf).Distinct().Count());
        Assert.Equal(one.IdOf(0), two.IdOf(1));
        Assert.Equal(one.IdOf(1), two.IdOf(2));
        Assert.Equal("cba51d1bbf5e0a0f", new SampleId(0xcba51d1bbf5e0a0f).ToString());
    }

    [Fact]
    public void Other_encodings_are_read_when_they_are_named()
    {
        var latin = _folder.Write("l.txt", Encoding.Latin1.GetBytes("1 Café\n"));
        var gb = _folder.Write("g.txt", [.. "1 "u8, 0xC4, 0xE3, 0xBA, 0xC3, (byte)'\n']);
        using var first = new LabelledLinesOptions { File = latin, Encoding = "latin1" }.Open();
        using var second = new LabelledLinesOptions { File = gb, Encoding = "gb18030" }.Open();
        Assert.Equal([new TextContent("Café"), new TextContent("你好")], [.. Contents(first), .. Contents(second)]);
        Refuses(new LabelledLinesOptions { File = latin, Encoding = "utf-9" }, "the encoding 'utf-9' is not known");
        Refuses(new LabelledLinesOptions { File = latin, Encoding = "utf-16" }, "this is not UTF-16");
    }

    [Fact]
    public void Malformed_utf8_is_refused_with_its_line_and_byte()
    {
        var file = _folder.Write("a.csv", [.. "text,label\nok,1\n"u8, .. "caf"u8, 0xE9, .. ",1\n"u8]);
        Refuses(new CsvOptions { File = file }, "a.csv:3: byte 4 of the line (0xE9) is not UTF-8");
        var lines = _folder.Write("a.txt", [.. "1 ok\n1 x"u8, 0xC3, (byte)'\n', .. "1 ok\n"u8]);
        Refuses(new LabelledLinesOptions { File = lines }, "a.txt:2: byte 4 of the line (0xC3)");
        var json = _folder.Write("a.jsonl", [.. "{\"text\": \""u8, 0xFF, .. "\"}\n"u8]);
        Refuses(new JsonlOptions { File = json }, "a.jsonl:1: byte 11 of the line (0xFF)");
        Refuses(new LabelledLinesOptions { File = _folder.Write("u16.txt", Encoding.Unicode.GetPreamble()) }, "expected samples, came none");
    }

    [Fact]
    public void Every_faulty_row_is_told_at_once()
    {
        var file = _folder.Write("a.csv", "text,label\n,1\nok,1\na,b,c\n  ,2\n" + string.Concat(Enumerable.Repeat("x\n", 20)));
        var error = Assert.Throws<DecantException>(() => new CsvOptions { File = file }.Open());
        Assert.Contains("a.csv:2: the text is empty", error.Message);
        Assert.Contains("a.csv:4: expected 2 columns, came 3", error.Message);
        Assert.Contains("a.csv:5: the text is empty", error.Message);
        Assert.EndsWith("… and 13 rows more", error.Message);
    }

    [Fact]
    public void Missing_files_columns_and_labels_are_named()
    {
        Refuses(new CsvOptions { File = Path.Combine(_folder.Path, "none.csv") }, "there is no such file");
        Refuses(new CsvOptions { File = _folder.Path }, "expected a file, came a folder");
        var csv = _folder.Write("a.csv", "sentence,label\nx,1\n");
        Refuses(new CsvOptions { File = csv }, "a.csv:1: there is no column 'text' ('text'); the header has 'sentence', 'label'");
        Refuses(new CsvOptions { File = csv, Text = "sentence", Label = "class" }, "say 'label: null' for unlabelled text");
        Refuses(new CsvOptions { File = _folder.Write("b.csv", "text,text,label\n") }, "the column 'text' twice");
        Refuses(new CsvOptions { File = csv, Header = false }, "came 'text: text'");
        Refuses(new CsvOptions { File = csv, Header = false, Text = "3", Label = null }, "column 3 was requested, and the first row has 2");
        Refuses(new CsvOptions { File = csv, Delimiter = "::" }, "the delimiter must be one ASCII character");
        Refuses(new CsvOptions { File = _folder.Write("e.csv", "text,label\n") }, "expected samples, came none");
        Refuses(new CsvOptions { File = _folder.Write("e0.csv", "") }, "expected samples, came none");
        Refuses(new CsvOptions { File = csv, Text = "sentence", Classes = ["2", "3"] }, "the label '1' is not one of the 2 classes (2, 3)");
        Refuses(new CsvOptions { File = csv, Text = "sentence", Classes = [] }, "'classes' is an empty list");
        Refuses(new CsvOptions { File = csv, Text = "sentence", Classes = ["1", "1"] }, "names '1' 2 times");
    }

    [Fact]
    public void Wrong_quotes_are_refused_with_the_way_out()
    {
        Refuses(new CsvOptions { File = _folder.Write("a.csv", "text,label\n\"never closed,1\nx,2\n") }, "a.csv:2: a quoted field is never closed");
        Refuses(new CsvOptions { File = _folder.Write("b.csv", "text,label\nok,1\n\"a\"b,1\n") }, "b.csv:3: text follows the closing quote");
        Refuses(new CsvOptions { File = _folder.Write("c.csv", "text,label\nok,1\na \"b\" c,1\n") }, "c.csv:3: a quote stands in a field that is not quoted");
    }

    [Fact]
    public void Wrong_json_and_lines_without_label_are_refused()
    {
        Refuses(new JsonlOptions { File = _folder.Write("a.jsonl", "{\"text\": \"x\"}\n{\"text\": }\n") }, "a.jsonl:2: character 10: this is not JSON");
        Refuses(new JsonlOptions { File = _folder.Write("b.jsonl", "[1]\n") }, "expected a JSON object, came [1]");
        Refuses(new JsonlOptions { File = _folder.Write("c.jsonl", "{\"txt\": \"x\"}\n") }, "has no field 'text'; it has 'txt'");
        Refuses(new JsonlOptions { File = _folder.Write("d.jsonl", "{\"text\": 1}\n") }, "'text' must be a string, came 1");
        Refuses(new JsonlOptions { File = _folder.Write("e.jsonl", "{\"text\": \"x\", \"label\": 1.5}\n") }, "'label' must be the name or the number of a class, came 1.5");
        Refuses(new JsonlOptions { File = _folder.Write("f.jsonl", "{\"text\": \"\\ud800\"}\n") }, "half of a surrogate pair");
        Refuses(new LabelledLinesOptions { File = _folder.Write("a.txt", "1 x\nword\n") }, "a.txt:2: expected a label, a space and a text, came one word");
        Refuses(new LabelledLinesOptions { File = _folder.Write("b.txt", " x\n") }, "begins with the space");
    }

    [Fact]
    public void Whatever_bytes_come_a_text_source_reads_them_or_refuses_them()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            var file = _folder.Write("fuzz", bytes);
            SourceOptions[] sources = [new CsvOptions { File = file, Header = false, Text = "1", Label = null }, new TsvOptions { File = file }, new JsonlOptions { File = file }, new LabelledLinesOptions { File = file, MaxInMemoryBytes = 0 }];
            foreach (var source in sources) ReadOrRefuse(source);
        }).QuickCheckThrowOnFailure();
    }

    internal static void ReadOrRefuse(SourceOptions source)
    {
        try
        {
            using var data = source.Open();
            for (var i = 0; i < data.Count; i++) _ = data[i];
        }
        catch (DecantException)
        {
        }
    }

    private static void Refuses(SourceOptions options, string message) => Assert.Contains(message, Assert.Throws<DecantException>(() => options.Open()).Message);

    private static IEnumerable<TextContent> Contents(Dataset data) => Enumerable.Range(0, data.Count).Select(i => (TextContent)data[i].Content);

    private static IEnumerable<int?> Labels(Dataset data) => Enumerable.Range(0, data.Count).Select(data.LabelOf);

    private static string Quote(string cell) => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Without halves of surrogate pairs, which no UTF-8 can say.</summary>
    private static string Clean(string text) => string.Concat(text.EnumerateRunes());
}
