using System.Text;
using Decant.Data;
using Decant.Data.Documents;
using Decant.Data.Labels;

namespace Decant.Tests.Data;

public sealed class TextDocumentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_a_document_as_it_is()
    {
        var file = _folder.Write("a.txt", "\uFEFF one\r\n\n two \n");
        using var data = new TextSourceOptions { Files = [file] }.Open();
        Assert.Equal([" one\r\n\n two \n"], Texts(data));
        Assert.Equal((LabelKind.Content, 1), (data.LabelKind, data.LabelledCount));
    }

    [Fact]
    public void Lines_are_documents_and_empty_ones_are_counted_kept_or_refused()
    {
        var file = _folder.Write("a.txt", "one\r\n\n  two\n \n\nthree");
        var options = new TextSourceOptions { Files = [file], Documents = DocumentCut.Line };
        using var data = options.Open();
        Assert.Equal(["one", "  two", "three"], Texts(data));
        Assert.Equal([$"{file}:1", $"{file}:3", $"{file}:6"], Enumerable.Range(0, 3).Select(data.Where));
        Assert.Equal([$"{file}: 3 empty documents were passed over; 3 have text."], data.Remarks);
        using var all = (options with { Empty = EmptyDocuments.Keep }).Open();
        Assert.Equal(["one", "", "  two", " ", "", "three"], Texts(all));
        var error = Assert.Throws<DecantException>(() => (options with { Empty = EmptyDocuments.Refuse }).Open());
        Assert.Equal([2, 4, 5], error.Message.Split('\n').Select(line => int.Parse(line[(file.Length + 1)..].Split(':')[0])));
    }

    [Fact]
    public void Paragraphs_are_runs_of_lines()
    {
        var file = _folder.Write("a.txt", "\n\none\ntwo\n \t\n\nthree\r\n");
        using var data = new TextSourceOptions { Files = [file], Documents = DocumentCut.BlankLine }.Open();
        Assert.Equal(["one\ntwo", "three"], Texts(data));
        Assert.Equal($"{file}:7", data.Where(1));
    }

    [Fact]
    public void A_heading_begins_a_document()
    {
        var file = _folder.Write("a.txt", "\n = First = \n \n text \n = = Part = = \n more \n\n = Second = \n end \n");
        using var data = new TextSourceOptions { Files = [file], Documents = DocumentCut.Heading, Heading = "^ = [^=]" }.Open();
        Assert.Equal([" = First = \n \n text \n = = Part = = \n more ", " = Second = \n end "], Texts(data));
        Assert.Equal([$"{file}:2", $"{file}:8"], [data.Where(0), data.Where(1)]);
        Assert.Contains("is not a regular expression", Assert.Throws<DecantException>(() => new TextSourceOptions { Files = [file], Documents = DocumentCut.Heading, Heading = "(" }.Open()).Message);
    }

    [Fact]
    public void A_separator_stands_between_documents_wherever_it_is()
    {
        var file = _folder.Write("a.txt", "one\ntwo\n<|end|>\nthree<|end|>four <|e<|end|><|end|>\n");
        using var data = new TextSourceOptions { Files = [file], Documents = DocumentCut.Separator, Separator = "<|end|>" }.Open();
        Assert.Equal(["one\ntwo", "three", "four <|e"], Texts(data));
        Assert.Equal([$"{file}:1", $"{file}:4", $"{file}:4"], Enumerable.Range(0, 3).Select(data.Where));
        Assert.Single(data.Remarks);
    }

    [Fact]
    public void A_separator_is_found_where_the_reading_was_interrupted()
    {
        const string Separator = "<|endoftext|>";
        foreach (var shift in Enumerable.Range(-14, 16))
        {
            var first = new string('a', (1 << 20) + shift);
            var file = _folder.Write("a.txt", first + Separator + "b" + Separator + first);
            using var data = new TextSourceOptions { Files = [file], Documents = DocumentCut.Separator, Separator = Separator }.Open();
            Assert.Equal([first.Length, 1, first.Length], Texts(data).Select(text => text.Length));
        }
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("gb18030")]
    public void A_document_that_is_not_held_whole_has_the_id_of_its_text(string encoding)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        foreach (var size in new[] { 70_000, 200_003 })
        {
            var text = string.Concat(Enumerable.Range(0, size).Select(i => i % 7 == 0 ? "好" : i % 1001 == 0 ? "𝄞" : i % 11 == 0 ? "\n" : "x"));
            var file = _folder.Write("a.txt", Encoding.GetEncoding(encoding).GetBytes(text));
            using var data = new TextSourceOptions { Files = [file], Encoding = encoding }.Open();
            using var memory = Dataset.From("m", [(new TextContent(text), null)]);
            Assert.Equal(memory.IdOf(0), data.IdOf(0));
            Assert.Equal(text, Texts(data).Single());
        }
    }

    [Fact]
    public void Folders_and_patterns_stand_for_their_files_by_name()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "sub"));
        foreach (var name in new[] { "b.txt", "a.txt", "c.md", "sub/d.txt", ".hidden" }) _folder.Write(name, name);
        using var pattern = new TextSourceOptions { Files = [Path.Combine(_folder.Path, "*.txt")] }.Open();
        Assert.Equal(["a.txt", "b.txt"], Texts(pattern));
        using var all = new TextSourceOptions { Files = [_folder.Path] }.Open();
        Assert.Equal(["a.txt", "b.txt", "c.md", "sub/d.txt"], Texts(all));
        Assert.Contains("no file is there", Assert.Throws<DecantException>(() => new TextSourceOptions { Files = [Path.Combine(_folder.Path, "*.json")] }.Open()).Message);
        Assert.Contains("named 2 times", Assert.Throws<DecantException>(() => new TextSourceOptions { Files = [Path.Combine(_folder.Path, "a.txt"), Path.Combine(_folder.Path, "a*")] }.Open()).Message);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public void Bytes_that_are_no_text_are_told_with_their_line(int before)
    {
        var file = _folder.Write("a.txt", [.. Enumerable.Repeat((byte)'x', before), (byte)'\n', (byte)'o', 0xFF, (byte)'\n']);
        foreach (var cut in new[] { DocumentCut.File, DocumentCut.Line, DocumentCut.BlankLine })
        {
            var error = Assert.Throws<DecantException>(() => new TextSourceOptions { Files = [file], Documents = cut }.Open());
            Assert.Contains("a.txt:2: byte 2 of the line (0xFF) is not UTF-8", error.Message);
        }
    }

    [Fact]
    public void What_cannot_be_read_says_what_to_do()
    {
        var pointer = _folder.Write("lfs.txt", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n");
        Assert.Contains("this is a Git LFS pointer, not the data", Assert.Throws<DecantException>(() => new TextSourceOptions { Files = [pointer] }.Open()).Message);
        Assert.Contains("came none", Assert.Throws<DecantException>(() => new TextSourceOptions { Files = [_folder.Write("e.txt", " \n")] }.Open()).Message);
        Assert.Contains("there is no such file", Assert.Throws<DecantException>(() => new TextSourceOptions { Files = ["/nowhere/a.txt"] }.Open()).Message);
        Assert.Contains("needs 'separator'", Assert.Throws<DecantException>(() => new TextSourceOptions { Files = [pointer], Documents = DocumentCut.Separator }.Open()).Message);
        Assert.Contains("only for 'documents: heading'", Assert.Throws<DecantException>(() => new TextSourceOptions { Files = [pointer], Heading = "x" }.Open()).Message);
    }

    [Fact]
    public void A_file_that_changes_while_it_is_used_is_noticed()
    {
        var file = _folder.Write("a.txt", "one\ntwo\n");
        using var data = new TextSourceOptions { Files = [file], Documents = DocumentCut.Line }.Open();
        File.WriteAllText(file, "one\nTWO\n");
        Assert.Equal(new TextContent("one"), data[0].Content);
        Assert.Contains("a.txt:2: the file was changed", Assert.Throws<DecantException>(() => data[1]).Message);
    }

    [Fact]
    public void Wikitext_is_lines_articles_or_one_text()
    {
        var file = TestData.Need("wikitext-2/valid.txt");
        using var lines = new TextSourceOptions { Files = [file], Documents = DocumentCut.Line, Empty = EmptyDocuments.Keep }.Open();
        Assert.Equal(3_760, lines.Count);
        Assert.Equal(217_646, lines.Count + Texts(lines).Sum(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length)); // as published, with an end for every line
        using var articles = new TextSourceOptions { Files = [file], Documents = DocumentCut.Heading, Heading = "^ = [^=]" }.Open();
        Assert.Equal(60, articles.Count);
    }

    private static IEnumerable<string> Texts(Dataset data) => Enumerable.Range(0, data.Count).Select(i => ((TextContent)data[i].Content).Text);
}
