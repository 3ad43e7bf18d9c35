using System.Text;
using Decant.Data;
using Decant.Data.Documents;
using Decant.Data.Sources;

namespace Decant.Tests.Data;

/// <summary>Files as people have them: their encodings, separators, empty cells, and what is no text.</summary>
public sealed class OwnFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("utf-16", true, "utf-8")]
    [InlineData("utf-16BE", true, "utf-8")]
    [InlineData("utf-32", true, "utf-8")]
    [InlineData("utf-16", true, "utf-16")]
    [InlineData("utf-16", false, "utf-16")]
    [InlineData("utf-16", false, "utf-16le")]
    [InlineData("utf-16BE", false, "utf-16be")]
    [InlineData("gb18030", false, "gb18030")]
    public void Other_encodings_are_read_by_their_mark_or_by_their_name(string written, bool isMarked, string said)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(written) ?? Encoding.GetEncoding(written);
        var file = _folder.Write("a.csv", [.. isMarked ? encoding.GetPreamble() : [], .. encoding.GetBytes("text,label\n好 的,\"甲\"\nfine 😀,b\n")]);
        using var data = new CsvOptions { File = file, Encoding = said }.Open();
        Assert.Equal(["好 的", "fine 😀"], Enumerable.Range(0, 2).Select(i => ((TextContent)data[i].Content).Text));
        Assert.Equal(["b", "甲"], data.Classes);
        Assert.Equal($"{file}:3", data.Where(1));
    }

    [Fact]
    public void Words_with_tags_are_read_from_UTF_16_too()
    {
        using var data = new ConllOptions { File = _folder.Write("a.txt", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("张 B-PER\n三 I-PER\n\n好 O\n")]) }.Open();
        Assert.Equal(2, data.Count);
        Assert.Equal(["张", "三"], ((WordsContent)data[0].Content).Words);
    }

    [Theory]
    [InlineData("gb18030", "By its bytes it looks like gb18030: if it is, say 'encoding: gb18030'.")]
    [InlineData("utf-16", "By its bytes it looks like utf-16le: if it is, say 'encoding: utf-16le'.")]
    [InlineData("windows-1252", "By its bytes it looks like windows-1252: if it is, say 'encoding: windows-1252'.")]
    public void An_encoding_that_was_not_said_is_named(string written, string hint)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(written) ?? Encoding.GetEncoding(written);
        var rows = written == "windows-1252" ? "a café,b\ntrès bien,c\n" : "这家店的汤很好,甲\n今天下雨,乙\n";
        var file = _folder.Write("a.csv", encoding.GetBytes("text,label\n" + rows));
        var fault = Assert.Throws<DecantException>(() => new CsvOptions { File = file }.Open());
        Assert.EndsWith(hint, fault.Message);
    }

    [Fact]
    public void What_is_not_the_encoding_that_it_is_said_to_be_is_refused()
    {
        var file = _folder.Write("a.csv", "text,label\na,b\n"); // an odd number of bytes
        var fault = Assert.Throws<DecantException>(() => new CsvOptions { File = file, Encoding = "utf-16" }.Open());
        Assert.StartsWith($"{file}: this is not UTF-16", fault.Message);
    }

    [Fact]
    public void Sound_is_refused_by_what_it_is_by_every_source_of_text()
    {
        var file = _folder.Write("a.wav", [.. "RIFF"u8, 36, 0, 0, 0, .. "WAVEfmt "u8, .. new byte[60]]);
        SourceOptions[] sources = [new CsvOptions { File = file }, new JsonlOptions { File = file }, new LabelledLinesOptions { File = file }, new ConllOptions { File = file }, new TextSourceOptions { Files = [file] }];
        Assert.All(sources, source => Assert.Equal($"{file}: expected text, came a WAV file (sound); sound is not read.", Assert.Throws<DecantException>(() => source.Open()).Message));
    }

    [Fact]
    public void A_text_with_a_zero_in_it_is_a_text()
    {
        using var data = new CsvOptions { File = _folder.Write("a.csv", "text,label\na\0,b\0\n") }.Open();
        Assert.Equal("a\0", ((TextContent)data[0].Content).Text);
    }

    [Fact]
    public void A_text_that_begins_as_a_file_of_another_kind_would_is_a_text()
    {
        using var data = new CsvOptions { File = _folder.Write("a.csv", "ID3,label\nRIFF,b\n"), Text = "ID3" }.Open();
        Assert.Equal(1, data.Count);
    }

    [Theory]
    [InlineData("text;label\na;b\n", "its fields seem to have ';' between them: say 'kind: csv' and 'delimiter: \";\"'")]
    [InlineData("text\tlabel\na\tb\n", "its fields have tabs between them: say 'kind: tsv'")]
    [InlineData("text|label\na|b\n", "its fields seem to have '|' between them: say 'kind: csv' and 'delimiter: \"|\"'")]
    public void Another_separator_is_named(string content, string hint) =>
        Assert.Contains(hint, Assert.Throws<DecantException>(() => new CsvOptions { File = _folder.Write("a.csv", content) }.Open()).Message);

    [Fact]
    public void A_JSON_array_is_read_element_by_element()
    {
        var file = _folder.Write("a.json", "\uFEFF[ {\"text\": \"a [ \\\" ] b\\\\\", \"label\": 1},\n\n{\"text\":\n\"二\",\n \"label\": 2} ]\n");
        foreach (var inMemory in new[] { 0, 1 << 20 })
        {
            using var data = new JsonlOptions { File = file, MaxInMemoryBytes = inMemory }.Open();
            Assert.Equal(["a [ \" ] b\\", "二"], Enumerable.Range(0, 2).Select(i => ((TextContent)data[i].Content).Text));
            Assert.Equal(["1", "2"], data.Classes);
            Assert.Equal($"{file}:3", data.Where(1));
        }
    }

    [Theory]
    [InlineData("[{\"text\": \"a\"}", ":1: the JSON array is not closed; is the file cut off?")]
    [InlineData("[{\"text\": \"a\"}]\n{}", ":2: something follows the end of the JSON array")]
    [InlineData("[{\"text\": \"a\"},\n 7]", ":2: expected a JSON object, came 7")]
    [InlineData("[]", ":1: expected a JSON object, came []")]
    public void A_damaged_JSON_array_is_told(string content, string expected)
    {
        var file = _folder.Write("a.json", content);
        Assert.Contains(expected, Assert.Throws<DecantException>(() => new JsonlOptions { File = file }.Open()).Message);
    }

    [Fact]
    public void Rows_without_text_are_refused_or_dropped_and_counted()
    {
        var file = _folder.Write("a.csv", "text,label\na,x\n ,y\n\"\",x\nb,y\n");
        Assert.Contains("a.csv:3: the text is empty; give it text, take the row out, or say 'empty: drop' to leave all such rows out", Assert.Throws<DecantException>(() => new CsvOptions { File = file }.Open()).Message);
        using var data = new CsvOptions { File = file, Empty = EmptyRows.Drop }.Open();
        Assert.Equal(2, data.Count);
        Assert.Equal($"{file}:5", data.Where(1));
        Assert.Equal([$"{file}: 2 rows without text were left out ('empty: drop')."], data.Remarks);
    }

    [Fact]
    public void Rows_without_a_label_are_counted_and_it_is_said_what_they_become()
    {
        var file = _folder.Write("a.csv", "text,label\na,x\nb,\nc, \nd,y\n");
        using var data = new CsvOptions { File = file }.Open();
        Assert.Equal(2, data.LabelledCount);
        Assert.Equal($"{file}: 2 of 4 rows have nothing in 'label': they are samples without a label, which the student learns from its teacher alone, and which nothing is measured on.", Assert.Single(data.Remarks));
        using var meant = new CsvOptions { File = file, Label = null }.Open();
        Assert.Empty(meant.Remarks);
    }

    [Fact]
    public void A_column_of_free_text_is_no_column_of_classes()
    {
        var file = _folder.Write("a.csv", "question,answer\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"q{i},\"{i} apples\nare left over after all the others were eaten\"\n")));
        var fault = Assert.Throws<DecantException>(() => new CsvOptions { File = file, Text = "question", Label = "answer" }.Open());
        Assert.Equal(
            $"{file}: the column 'answer' has 60 different values in 60 rows, too many for classes. It reads like free text, such as '0 apples are left over after all the oth…': for a language model that is to write it, say 'completion: answer' with 'prompt', and 'task: causal-lm'. If they are classes, name them all with 'classes'.",
            fault.Message);
        using var scored = new CsvOptions { File = _folder.Write("b.csv", "text,label\n" + string.Concat(Enumerable.Range(0, 120).Select(i => $"t{i},{i / 2}\n"))) }.Open();
        Assert.Equal(60, scored.Classes.Count); // two rows each: they may be classes
    }

    [Fact]
    public void Long_names_of_classes_do_not_fill_a_message()
    {
        var train = _folder.Write("a.csv", "text,label\na,\"one line\nand another that goes on and on and on and on\"\nb,x\n");
        using var data = new CsvOptions { File = train }.Open();
        using var other = new CsvOptions { File = _folder.Write("b.csv", "text,label\na,\"something else\nthat is long as well, and goes on and on\"\n") }.Open();
        var fault = Assert.Throws<DecantException>(() => other.WithClasses(data.Classes));
        Assert.Contains("the label 'something else that is long as well, and…' is not one of the 2 classes (one line and another that goes on and on…, x)", fault.Message);
    }
}
