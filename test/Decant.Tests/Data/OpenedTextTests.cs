using System.Text;
using Decant.Data;
using Decant.Data.Documents;
using Decant.Data.Retrieval;
using Decant.Data.Sources;
using Decant.Runs.Jobs.Generation;
using Decant.Runs.Jobs.Prediction;
using Decant.Teachers.Remote.Synthesizing;

namespace Decant.Tests.Data;

/// <summary>Every reader of text by the byte-order mark of its file.</summary>
public sealed class OpenedTextTests : IDisposable
{
    private static readonly Dictionary<string, (string Text, Func<string, IEnumerable<string>> Read)> s_readers = new(StringComparer.Ordinal)
    {
        ["csv"] = ("text,label\n好 😀,甲\nfine,b\n", file => Texts(new CsvOptions { File = file })),
        ["tsv"] = ("text\tlabel\n好 😀\t甲\nfine\tb\n", file => Texts(new TsvOptions { File = file })),
        ["jsonl"] = ("{\"text\":\"好 😀\"}\n{\"text\":\"fine\"}\n", file => Texts(new JsonlOptions { File = file })),
        ["json array"] = ("[{\"text\":\"好 😀\"},{\"text\":\"fine\"}]", file => Texts(new JsonlOptions { File = file })),
        ["labelled lines"] = ("甲 好 😀\nb fine\n", file => Texts(new LabelledLinesOptions { File = file })),
        ["lines"] = ("好 😀\nfine\n", file => Texts(new LinesOptions { File = file })),
        ["conll"] = ("好 O\n😀 O\n\nfine O\n", file => Texts(new ConllOptions { File = file })),
        ["text by line"] = ("好 😀\nfine\n", file => Texts(new TextSourceOptions { Files = [file], Documents = DocumentCut.Line })),
        ["text by separator"] = ("好 😀<|分|>fine", file => Texts(new TextSourceOptions { Files = [file], Documents = DocumentCut.Separator, Separator = "<|分|>" })),
        ["text by paragraph"] = ("好 😀\n\nfine\n", file => Texts(new TextSourceOptions { Files = [file], Documents = DocumentCut.BlankLine })),
        ["a whole text"] = ("好 😀\nfine", file => Texts(new TextSourceOptions { Files = [file] }).SelectMany(text => text.Split('\n'))),
        ["texts of a search"] = ("1\t好 😀\n2\tfine\n", file => IdentifiedTexts.Read(file).Texts),
        ["phrases"] = ("好 😀\nfine\n", PhraseSet.Lines),
        ["lines to predict"] = ("好 😀\nfine\n", file => PredictLine.OfFile(file).Select(line => line.Text)),
        ["a prompt"] = ("好 😀\nfine\n", file => PromptText.OfFile(file).Split('\n')),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Readers => [.. s_readers.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Readers))]
    public void A_mark_says_the_encoding(string reader)
    {
        foreach (var encoding in new[] { "utf-8", "utf-16", "utf-16BE", "utf-32", "utf-32BE" }.Select(Encoding.GetEncoding))
        {
            var file = _folder.Write("a.file", [.. encoding.GetPreamble(), .. encoding.GetBytes(s_readers[reader].Text)]);
            Assert.Equal(["好 😀", "fine"], s_readers[reader].Read(file));
        }
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void UTF_16_without_a_mark_is_refused_by_what_it_looks_like(string reader)
    {
        foreach (var (encoding, name) in new[] { ("utf-16", "utf-16le"), ("utf-16BE", "utf-16be") })
        {
            var file = _folder.Write("a.file", Encoding.GetEncoding(encoding).GetBytes(s_readers[reader].Text.Replace("好", "good", StringComparison.Ordinal)));
            var fault = Assert.Throws<DecantException>(() => s_readers[reader].Read(file).ToList());
            Assert.StartsWith($"{file}: expected UTF-8, came characters of two bytes.", fault.Message);
            Assert.Contains(name, fault.Message);
        }
    }

    [Theory]
    [InlineData(DocumentCut.Line)]
    [InlineData(DocumentCut.File)]
    public void Long_documents_of_UTF_16_are_read_in_pieces_like_any_other(DocumentCut cut)
    {
        var text = string.Concat(Enumerable.Range(0, 50_000).Select(i => (char)(0x4E00 + (i % 5000))));
        using var wide = new TextSourceOptions { Files = [_folder.Write("w.txt", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)])], Documents = cut }.Open();
        using var narrow = new TextSourceOptions { Files = [_folder.Write("n.txt", text)], Documents = cut }.Open();
        Assert.Equal(narrow.IdOf(0), wide.IdOf(0));
        Assert.Equal(narrow[0].Content, wide[0].Content);
        using var reader = wide.OpenText(0);
        var (read, room) = (new StringBuilder(), new char[1000]);
        for (int count; (count = reader.Read(room.AsSpan())) > 0;) read.Append(room, 0, count);
        Assert.Equal(text, read.ToString());
    }

    [Fact]
    public void Files_of_one_source_may_differ_in_their_marks()
    {
        var wide = _folder.Write("a.txt", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("eins\nzwei\n")]);
        var narrow = _folder.Write("b.txt", "drei\n");
        Assert.Equal(["eins", "zwei", "drei"], Texts(new TextSourceOptions { Files = [wide, narrow], Documents = DocumentCut.Line }));
        Assert.Equal(["eins", "zwei"], Texts(new TextSourceOptions { Files = [_folder.Write("c.txt", Encoding.Unicode.GetBytes("eins\nzwei\n"))], Documents = DocumentCut.Line, Encoding = "utf-16le" }));
    }

    [Fact]
    public void A_table_without_a_header_keeps_its_quotes_and_its_lines()
    {
        // As the files of CoLA are: source, acceptability, an annotation, the sentence.
        var file = _folder.Write("cola.tsv", "gj04\t1\t\tOne more \"pseudo generalization.\ngj04\t0\t*\t\"I can\" 5\" tall\nad03\t1\t\tlast\" one\n");
        foreach (var inMemory in new[] { 0L, 1 << 20 })
            Assert.Equal(["One more \"pseudo generalization.", "\"I can\" 5\" tall", "last\" one"], Texts(new TsvOptions { File = file, Header = false, Text = "4", Label = "2", MaxInMemoryBytes = inMemory }));
    }

    private static List<string> Texts(SourceOptions source)
    {
        using var data = source.Open();
        return [.. Enumerable.Range(0, data.Count).Select(i => data[i].Content switch
        {
            TextContent text => text.Text,
            WordsContent words => string.Join(' ', words.Words),
            var content => throw new InvalidOperationException($"{content}"),
        })];
    }
}
