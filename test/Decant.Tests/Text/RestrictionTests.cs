using System.Text;
using Decant.Text;
using Decant.Text.Configuration;
using Decant.Text.Files;
using Decant.Text.Models;
using Decant.Text.Restriction;
using Decant.Text.Training;
using Decant.Text.Training.Unigram;

namespace Decant.Tests.Text;

/// <summary>Tokenizers with the tokens of some texts only.</summary>
public class RestrictionTests
{
    private static readonly string s_golden = Path.Combine(AppContext.BaseDirectory, "Golden", "tokenizers");
    private static readonly string[] s_corpus = File.ReadAllLines(Path.Combine(s_golden, "corpus.txt"));

    public static TheoryData<string> Names => ["wordpiece", "wordpiece-cased", "byte-bpe", "byte-bpe-lower", "unigram", "unigram-bytes"];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_texts_give_the_old_ids_renumbered_after_saving_and_loading_too(string name)
    {
        var whole = Load(name);
        foreach (var texts in new[] { s_corpus[..2], s_corpus, [.. HardTexts.Some(40)], [] })
        {
            var restricted = whole.Restrict(texts);
            AssertSame(whole, restricted, texts);
            using var folder = new TemporaryFolder();
            TokenizerFile.Save(restricted.Tokenizer, folder.Path, maxTokens: 64);
            var loaded = TokenizerFile.Load(folder.Path);
            Assert.Equal(restricted.Tokenizer.Hash, loaded.Hash);
            AssertSame(whole, restricted with { Tokenizer = loaded }, texts);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_few_texts_do_not_use_is_left_out_and_special_tokens_stay(string name)
    {
        var whole = Load(name);
        var restricted = whole.Restrict([s_corpus[0]]);
        Assert.True(restricted.Kept.Count < whole.VocabularySize, $"{restricted.Kept.Count} of {whole.VocabularySize}");
        Assert.Equal(restricted.Kept.Count, restricted.Tokenizer.VocabularySize);
        Assert.Equal(restricted.Kept.Order(), restricted.Kept);
        Assert.Equal([0, 1, 2, 3, 4], restricted.Kept.Take(5));
        Assert.NotEqual(whole.Hash, restricted.Tokenizer.Hash);
        Assert.Same(whole, restricted.Whole);
        for (var id = 0; id < restricted.Kept.Count; id++) Assert.Equal(whole.TokenOf(restricted.Kept[id]), restricted.Tokenizer.TokenOf(id));
    }

    [Theory]
    [InlineData("byte-bpe")]
    [InlineData("unigram-bytes")]
    public void Any_other_text_can_still_be_said_in_bytes(string name)
    {
        var tokenizer = Load(name).Restrict([s_corpus[0]]).Tokenizer;
        foreach (var text in HardTexts.Some(200).Where(text => !text.Contains('▁', StringComparison.Ordinal) && !text.Contains('[', StringComparison.Ordinal))) Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }

    [Fact]
    public void Bpe_keeps_what_merges_lead_through()
    {
        var whole = new ByteBpeOptions { Vocabulary = 400 }.Train(["abcd abcd abcd", "xyz xyz xyz"]);
        var kept = whole.Restrict(["abcd abcd"]).Tokenizer.TokenToId;
        Assert.Contains("Ġabcd", kept.Keys);
        Assert.Contains("abcd", kept.Keys);
        Assert.Contains(kept.Keys, token => token.Length == 2 && "abcd".Contains(token, StringComparison.Ordinal));
        Assert.DoesNotContain(kept.Keys, token => token.Length > 1 && "xyz".Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public void A_word_that_WordPiece_does_not_know_stays_unknown()
    {
        // "abcd" begins with abc, and ##d is no token. No text uses abc; were it left out, ab and ##cd, which are used, would make the word.
        var whole = WordPiece("[UNK]", "abc", "ab", "##cd", "c", "unused");
        string[] texts = ["abcd", "ab ccd"];
        var restricted = whole.Restrict(texts);
        Assert.Equal(["[UNK]", "ab", "c", "##cd"], restricted.Tokenizer.Tokenize("abcd ab ccd").Tokens);
        Assert.Equal(["##cd", "[UNK]", "ab", "abc", "c"], restricted.Tokenizer.TokenToId.Keys.Order(StringComparer.Ordinal));
        AssertSame(whole, restricted, texts);
    }

    [Fact]
    public void Unigram_keeps_the_score_of_the_unknown()
    {
        // The unknown has ten less than the least, −51, so "xyb" is xy·b with −30. Were zzz left out, it would be the unknown and yb, −25 and −1.
        (string, double)[] tokens = [("<unk>", 0), ("xy", -15), ("b", -15), ("yb", -1), ("zzz", -41), ("unused", -3)];
        var whole = new Tokenizer(new TokenizerParts { Model = new UnigramModel(tokens, 0, byteFallback: false), Config = new TokenizerConfig(), Source = "test" });
        string[] texts = ["xyb", "yb", "qyb"];
        Assert.Equal([1, 2], whole.Encode("xyb"));
        AssertSame(whole, whole.Restrict(texts), texts);
        Assert.Equal([0, 1, 2, 3, 4], whole.Restrict(texts).Kept);
    }

    [Fact]
    public void Templates_and_padding_name_the_new_ids()
    {
        using var folder = new TemporaryFolder();
        foreach (var post in new[]
        {
            """{"type":"BertProcessing","sep":["[S]",7],"cls":["[C]",5]}""",
            """{"type":"RobertaProcessing","sep":["[S]",7],"cls":["[C]",5],"trim_offsets":true,"add_prefix_space":false}""",
            """{"type":"Sequence","processors":[{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[C]","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"pair":[{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[S]","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],"special_tokens":{"[C]":{"id":"[C]","ids":[5],"tokens":["[C]"]},"[S]":{"id":"[S]","ids":[7],"tokens":["[S]"]}}}]}""",
        })
        {
            var whole = TokenizerFile.Load(folder.Write("tokenizer.json", $$$"""
                {"version":"1.0","truncation":null,"padding":{"strategy":{"Fixed":8},"direction":"Right","pad_to_multiple_of":null,"pad_id":9,"pad_type_id":0,"pad_token":"[P]"},
                 "added_tokens":[],"normalizer":null,"pre_tokenizer":{"type":"WhitespaceSplit"},"post_processor":{{{post}}},"decoder":null,
                 "model":{"type":"WordLevel","unk_token":"u","vocab":{"u":0,"a":1,"b":2,"c":3,"d":4,"[C]":5,"e":6,"[S]":7,"f":8,"[P]":9}} }
                """));
            var restricted = whole.Restrict(["b c"]);
            Assert.Equal([0, 2, 3, 5, 7, 9], restricted.Kept);
            foreach (var pair in new[] { null, "c b" })
                Assert.Equal(whole.Tokenize("b c", pair).Ids, restricted.Tokenizer.Tokenize("b c", pair).Ids.Select(id => restricted.Kept[id]));
        }
    }

    [Theory]
    [InlineData("bert-base-uncased")]
    [InlineData("bert-base-chinese")]
    public void A_published_tokenizer_of_the_repository_gives_the_old_ids_renumbered(string name)
    {
        string[] texts = [.. HardTexts.Some(60), .. s_corpus];
        var whole = TokenizerFile.Load(RealData.Find(name));
        var restricted = whole.Restrict(texts);
        Assert.True(restricted.Kept.Count < whole.TokenToId.Count / 2, $"{restricted.Kept.Count} of {whole.TokenToId.Count}");
        AssertSame(whole, restricted, texts);
    }

    [Fact]
    public void Published_tokenizers_give_the_old_ids_renumbered()
    {
        string[] texts = [.. HardTexts.Some(60), .. s_corpus];
        foreach (var name in new[] { "gpt2", "roberta-base", "tinyllama", "tinyllama/tokenizer.model", "t5-small", "sentencepiece/test_sentencepiece.model" })
        {
            var whole = TokenizerFile.Load(TestData.Need(Path.Combine("tokenizers", name)));
            var restricted = whole.Restrict(texts);
            Assert.True(restricted.Kept.Count < whole.TokenToId.Count / 2 || name.StartsWith("sentencepiece", StringComparison.Ordinal), $"{name}: {restricted.Kept.Count} of {whole.TokenToId.Count}");
            AssertSame(whole, restricted, texts);
        }
    }

    private static void AssertSame(ITokenizer whole, RestrictedTokenizer restricted, string[] texts)
    {
        foreach (var text in texts)
        {
            Assert.Equal(whole.Encode(text), restricted.Tokenizer.Encode(text).Select(id => restricted.Kept[id]));
            var (before, after) = (whole.EncodeForModel(text, text, 5000), restricted.Tokenizer.EncodeForModel(text, text, 5000));
            Assert.Equal(before.Ids, after.Ids.Select(id => restricted.Kept[id]));
            Assert.Equal(before.TypeIds, after.TypeIds);
        }

        Assert.Equal(whole.Special.Unknown, restricted.Tokenizer.Special.Unknown is { } id ? restricted.Kept[id] : null);
        Assert.Equal(whole.Special.Filler, restricted.Kept[restricted.Tokenizer.Special.Filler]);
    }

    private static ITokenizer Load(string name) => name == "unigram-bytes" ? new UnigramOptions { Vocabulary = 400 }.Train(s_corpus) : TokenizerFile.Load(Path.Combine(s_golden, name));

    private static ITokenizer WordPiece(params string[] tokens) => new Tokenizer(new TokenizerParts
    {
        Model = new WordPieceModel(tokens.Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id, StringComparer.Ordinal)),
        PreTokenizer = TokenizerParts.Json("""{"type":"BertPreTokenizer"}"""),
        Config = new TokenizerConfig(),
        Source = "test",
    });
}
