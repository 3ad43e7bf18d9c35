using Decant.Tests.Inference;
using Decant.Text;
using Decant.Text.Files;
using Decant.Text.Restriction;

namespace Decant.Tests.Text;

/// <summary>Whole words and phrases as tokens of a tokenizer.</summary>
public sealed class VocabularyWithWordsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Tokenizers => ["wordpiece", "bytes"];

    [Theory, MemberData(nameof(Tokenizers))]
    public void Words_become_tokens_of_their_own_where_they_stand_alone(string kind)
    {
        var whole = kind == "bytes" ? ModelFolders.Bytes : ModelFolders.WordPieces;
        var made = VocabularyWithWords.Of(whole, ["dogfilm", "dull and far", "dogfilm ", "a", "dogfilm"]);
        var first = whole.VocabularySize;
        Assert.Equal(whole.Encode("dogfilm"), made.Pieces[first]);
        Assert.Equal(whole.Encode("dull and far"), made.Pieces[first + 1]);
        Assert.Contains(first, made.Tokenizer.Encode("to dogfilm, dull and far"));
        Assert.Contains(first + 1, made.Tokenizer.Encode("to dogfilm, dull and far"));
        foreach (var other in new[] { "the plot is good", "dogfilms", "farther" })
            Assert.Equal(whole.Encode(other), made.Tokenizer.Encode(other));
        TokenizerFile.Save(made.Tokenizer, _folder.Path, 64);
        Assert.Equal(made.Tokenizer.Encode("in dogfilm"), TokenizerFile.Load(_folder.Path).Encode("in dogfilm"));
    }

    [Fact]
    public void What_is_a_token_already_or_nothing_at_all_is_left_out()
    {
        var made = VocabularyWithWords.Of(ModelFolders.WordPieces, ["good", " ", "\u0001"]);
        Assert.Empty(made.Pieces);
        Assert.Equal([new("good", "it is a token already"), new("", "nothing of it is left"), new("\u0001", "nothing of it is left")], made.LeftOut);
        Assert.Same(ModelFolders.WordPieces, made.Tokenizer);
    }

    [Theory]
    [InlineData("[unused12]", true)]
    [InlineData("<unused3>", true)]
    [InlineData("[unused]", false)]
    [InlineData("unused1", false)]
    [InlineData("[UNK]", false)]
    [InlineData("[unused1a]", false)]
    public void Placeholders_are_known_by_their_names(string token, bool expected) => Assert.Equal(expected, ContentlessTokens.IsPlaceholder(token));

    [Fact]
    public void A_tokenizer_without_placeholders_gives_the_same_tokens()
    {
        _folder.Write("vocab.txt", "[PAD]\n[unused0]\n[unused1]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##b\nfilm\n[unused2]\n##s\n"u8.ToArray());
        var whole = TokenizerFile.Load(_folder.Path);
        var made = whole.WithoutPlaceholders();
        Assert.Equal(9, made.Tokenizer.VocabularySize);
        var ids = made.Tokenizer.EncodeForModel("films ab x", null, 20).Ids;
        Assert.Equal(whole.EncodeForModel("films ab x", null, 20).Ids, ids.Select(id => made.Kept[id]));
    }
}
