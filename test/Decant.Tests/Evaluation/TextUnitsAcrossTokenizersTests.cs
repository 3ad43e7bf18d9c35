using Decant.Data;
using Decant.Data.Tokens;
using Decant.Evaluation.Language;
using Decant.Tests.Text.Alignment;
using Decant.Text;

namespace Decant.Tests.Evaluation;

public sealed class TextUnitsAcrossTokenizersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Blocks_of_a_text_hold_the_same_bytes_in_the_tokens_of_both()
    {
        var text = string.Concat(Enumerable.Repeat(MadeUp.Texts[0] + " ", 30));
        using var file = File(MadeUp.ByteBpe(420), [text]);
        using var other = File(MadeUp.ByteBpe(300), [text]);
        var units = new TextUnits(file, 16);
        var alike = new TextUnits(other, units);
        Assert.Equal(("block", "block"), (units.Name, alike.Name));
        var (own, theirs) = (Bytes(file, units), Bytes(other, alike));
        Assert.Equal(own.Keys, theirs.Keys);
        Assert.All(own, block => Assert.InRange(theirs[block.Key] - block.Value, -8, 8)); // a token at the edge belongs to the block that it begins in
    }

    [Fact]
    public void Documents_are_the_same_documents()
    {
        string[] texts = [.. Enumerable.Range(0, 12).Select(i => MadeUp.Texts[i % 4])];
        using var file = File(MadeUp.ByteBpe(420), texts);
        using var other = File(MadeUp.ByteBpe(300), texts);
        var units = new TextUnits(file, 16);
        var alike = new TextUnits(other, units);
        Assert.Equal("document", alike.Name);
        Assert.Equal(Bytes(file, units), Bytes(other, alike));
    }

    private static SortedDictionary<long, long> Bytes(TokenFile file, TextUnits units)
    {
        var bytes = new SortedDictionary<long, long>();
        for (var token = 0L; token < file.Count; token++)
            bytes[units.Of(token)] = bytes.GetValueOrDefault(units.Of(token)) + units.BytesOf(token);
        return bytes;
    }

    private TokenFile File(ITokenizer tokenizer, string[] texts)
    {
        using var documents = Dataset.From("texts", texts.Select(t => ((SampleContent)new TextContent(t), (string?)null)));
        return TokenFile.OpenOrBuild(documents, tokenizer, TextBoundaries.EndOfText(tokenizer), _folder.Path);
    }
}
