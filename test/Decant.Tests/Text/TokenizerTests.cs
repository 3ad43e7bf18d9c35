using System.Text;
using Decant.Text;
using Decant.Text.Files;
using Decant.Text.Normalization;
using Decant.Text.PostProcessing;
using Decant.Text.PreTokenization;
using Decant.Text.Training;
using Decant.Text.Training.Unigram;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Text;

public class TokenizerTests
{
    private static readonly string[] s_corpus =
        ["the cat sat on the mat", "the cats sat on the mats", "low lower lowest new newer newest", "这家酒店很好", "这家酒店不好", "naïve café", "it's 1,234.5 %"];

    private static readonly ITokenizer s_bytes = new ByteBpeOptions { Vocabulary = 320 }.Train(s_corpus);
    private static readonly ITokenizer s_likely = new UnigramOptions { Vocabulary = 320 }.Train(s_corpus);
    private static readonly ITokenizer s_pieces = new WordPieceOptions { Vocabulary = 300 }.Train(s_corpus);

    [Fact]
    public void Byte_bpe_gives_any_text_back()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), value =>
        {
            var text = string.Concat(value.Get.EnumerateRunes()); // without halves of surrogate pairs
            return s_bytes.Decode(s_bytes.Encode(text)) == text;
        }).QuickCheckThrowOnFailure();
        var rune = Gen.Choose(0, 0x10FFFF).Where(Rune.IsValid).Select(code => new Rune(code).ToString());
        Prop.ForAll(rune.ListOf().Select(string.Concat).ToArbitrary(), text => s_bytes.Decode(s_bytes.Encode(text)) == text).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void WordPiece_encodes_what_it_decoded_to_the_same_ids()
    {
        var word = Gen.Elements("the", "cat", "lowest", "mats", "这", "café", "new", "1", "好");
        Prop.ForAll(word.NonEmptyListOf().Select(words => string.Join(' ', words)).ToArbitrary(), text =>
        {
            var ids = s_pieces.Encode(text);
            return ids.SequenceEqual(s_pieces.Encode(s_pieces.Decode(ids)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_text_makes_ids_outside_of_the_vocabulary()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
            new[] { s_bytes, s_pieces, s_likely }.All(tokenizer => tokenizer.Encode(text.Get).All(id => id >= 0 && id < tokenizer.VocabularySize))).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_text_for_a_model_is_never_longer_than_asked_and_keeps_its_special_tokens()
    {
        var texts = Gen.Elements(s_corpus);
        Prop.ForAll(texts.Zip(texts).Zip(Gen.Choose(3, 30)).ToArbitrary(), both =>
        {
            var ((text, pair), most) = both;
            var special = s_pieces.Special;
            var one = s_pieces.EncodeForModel(text, null, most);
            var two = s_pieces.EncodeForModel(text, pair, most);
            return one.Ids.Length <= most && two.Ids.Length <= most && one.Ids[0] == special.Classification && two.Ids[^1] == special.Separator
                && two.Ids.Count(id => id == special.Separator) == 2 && two.TypeIds.Length == two.Ids.Length
                && two.TypeIds.Count(type => type == 0) == Array.IndexOf(two.Ids, special.Separator!.Value) + 1;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(5, 3, 10, 5, 3)]
    [InlineData(9, 3, 8, 5, 3)]
    [InlineData(3, 9, 8, 3, 5)]
    [InlineData(9, 9, 8, 4, 4)]
    [InlineData(9, 9, 7, 3, 4)]
    [InlineData(4, 4, 7, 3, 4)]
    [InlineData(4, 8, 7, 3, 4)]
    [InlineData(8, 4, 7, 4, 3)]
    [InlineData(3, 4, 6, 3, 3)]
    [InlineData(2, 2, 3, 1, 2)]
    [InlineData(9, 9, 1, 0, 1)]
    [InlineData(9, 0, 5, 5, 0)]
    [InlineData(0, 9, 5, 0, 5)]
    [InlineData(9, 9, 0, 0, 0)]
    public void The_longer_of_a_pair_is_cut_first_and_of_an_odd_room_the_second_gets_the_odd_token_unless_the_first_is_longer(int first, int second, int room, int expectedFirst, int expectedSecond) =>
        Assert.Equal((expectedFirst, expectedSecond), Truncation.CutLongest(first, second, room));

    [Fact]
    public void Training_does_not_depend_on_the_order_of_the_texts()
    {
        foreach (TokenizerOptions options in new TokenizerOptions[] { new WordPieceOptions { Vocabulary = 300 }, new ByteBpeOptions { Vocabulary = 320 }, new UnigramOptions { Vocabulary = 320 } })
            Assert.Equal(options.Train(s_corpus).Hash, options.Train(s_corpus.Reverse()).Hash);
        Assert.NotEqual(s_bytes.Hash, new ByteBpeOptions { Vocabulary = 265 }.Train(s_corpus).Hash);
        Assert.NotEqual(s_bytes.Hash, new ByteBpeOptions { Vocabulary = 320, LowerCase = true }.Train(s_corpus).Hash);
    }

    [Fact]
    public void The_most_frequent_pair_is_joined_first()
    {
        var tokenizer = new ByteBpeOptions { Vocabulary = 5 + 256 + 2 }.Train(["ab ab ab abc abc", "xy"]);
        Assert.Equal(["ab", "Ġab"], [tokenizer.TokenOf(261), tokenizer.TokenOf(262)]);
        Assert.Equal(263, tokenizer.VocabularySize);
    }

    [Fact]
    public void Pairs_rarer_than_the_least_frequency_stay_apart()
    {
        var tokenizer = new ByteBpeOptions { Vocabulary = 1000, MinFrequency = 3 }.Train(["ab ab", "ab", "cd", "cd"]);
        Assert.True(tokenizer.TokenToId.ContainsKey("ab"));
        Assert.False(tokenizer.TokenToId.ContainsKey("cd"));
    }

    [Fact]
    public void Characters_beyond_the_vocabulary_are_unknown_the_rarest_first()
    {
        var texts = Enumerable.Range(0, 500).Select(i => new string((char)(0x4E00 + i), 1 + (i < 100 ? 5 : 0)));
        var tokenizer = new WordPieceOptions { Vocabulary = 300 }.Train(texts);
        Assert.Equal(300, tokenizer.VocabularySize);
        Assert.NotEqual(tokenizer.Special.Unknown, tokenizer.Encode("\u4E00")[0]);
        Assert.Equal([tokenizer.Special.Unknown!.Value], tokenizer.Encode("\u4FF0"));
    }

    [Fact]
    public void Accents_go_also_without_the_machines_globalization_data()
    {
        var normalizer = new BertNormalizer(cleanText: true, handleChinese: true, stripAccents: true, lowerCase: true);
        Assert.Equal("angstrom cafe naive tieng viet", normalizer.Normalize("Ångström CAFÉ naïve Tiê\u0301ng Vie\u0323\u0302t"));
        Assert.Equal("i ı ss", normalizer.Normalize("İ ı ss"));
        Assert.Equal("\u1112\u1161\u11AB", normalizer.Normalize("한"));
        Assert.Equal(" 中  𠀀 x", normalizer.Normalize("中𠀀\u200Dx"));
        Assert.Equal("; =", normalizer.Normalize("\u037E \u2260"));
    }

    [Fact]
    public void A_capital_sigma_is_lower_cased_without_regard_to_its_place_as_in_the_original() =>
        Assert.Equal("σασ", new LowercaseNormalizer().Normalize("ΣΑΣ"));

    [Fact]
    public void Words_are_those_of_the_gpt2_pattern() => Assert.Equal(
        ["I", "'ll", " ", " say", " '", "hi", "'", " 42", "x", "\n\n", " it", "'s", "…", " 𝒜b𠀀", " "],
        new ByteLevelCutter(addPrefixSpace: false, cutsWords: true).Cut("I'll  say 'hi' 42x\n\n it's… 𝒜b𠀀 "));

    [Fact]
    public void A_very_long_word_is_encoded_in_reasonable_time()
    {
        var text = string.Concat(Enumerable.Repeat("thecatsatonthemat", 20_000));
        Assert.Equal(text, s_bytes.Decode(s_bytes.Encode(text)));
        Assert.Equal([s_pieces.Special.Unknown!.Value], s_pieces.Encode(text));
    }

    [Fact]
    public void Files_that_are_no_tokenizer_are_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("the tokenizer cannot be read", Assert.Throws<DecantException>(() => TokenizerFile.Load(folder.Path)).Message);
        Refuses("{", "expected a tokenizer.json");
        Refuses("[]", "expected a tokenizer.json");
        Refuses("{\"model\": {\"type\": \"Unigram\"}}", "lacks 'vocab'");
        TokenizerFile.Save(s_bytes, folder.Path, 64);
        var json = File.ReadAllText(Path.Combine(folder.Path, "tokenizer.json"));
        Assert.Equal(s_bytes.Hash, TokenizerFile.Load(folder.Path).Hash);
        Refuses(json.Replace("\"type\": \"BPE\"", "\"type\": \"Unigram\"", StringComparison.Ordinal), "expected a list");
        Refuses(json.Replace("\"[MASK]\": 4", "\"[MASK]\": 3", StringComparison.Ordinal), "both have the id 3");
        Refuses(json.Replace("\"merges\": [", "\"merges\": [\"t hh\",", StringComparison.Ordinal), "needs the token 'hh'");

        void Refuses(string content, string message)
        {
            folder.Write("tokenizer.json", content);
            Assert.Contains(message, Assert.Throws<DecantException>(() => TokenizerFile.Load(folder.Path)).Message);
        }
    }

    [Fact]
    public void A_corpus_without_words_is_refused() =>
        Assert.Contains("the texts have no words", Assert.Throws<DecantException>(() => new WordPieceOptions().Train(["", "  "])).Message);
}
