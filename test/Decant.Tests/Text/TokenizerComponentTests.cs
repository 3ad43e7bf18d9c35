using System.Text;
using System.Text.Json;
using Decant.Text;
using Decant.Text.Configuration;
using Decant.Text.Files;
using Decant.Text.Models;
using Decant.Text.Patterns;
using Decant.Text.PreTokenization;
using Decant.Text.Training;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Text;

/// <summary>Each component by itself; numbers by hand or from the rules of Unicode.</summary>
public class TokenizerComponentTests
{
    [Theory]
    [InlineData("""{"type":"NFC"}""", "e\u0301 \u1112\u1161\u11AB a\u0323\u0302 \u0958", "é 한 ậ \u0915\u093C")]
    [InlineData("""{"type":"NFD"}""", "é 한 \u1EAD", "e\u0301 \u1112\u1161\u11AB a\u0323\u0302")]
    [InlineData("""{"type":"NFKC"}""", "ﬃ Ⅷ ㎏ ｶﾞ ½", "ffi VIII kg ガ 1⁄2")]
    [InlineData("""{"type":"NFKD"}""", "ﬃ é ﷺ", "ffi e\u0301 صلى الله عليه وسلم")]
    [InlineData("""{"type":"NFD"}""", "a\u0302\u0323", "a\u0323\u0302")]
    [InlineData("""{"type":"Lowercase"}""", "ΣΑΣ İ ÄB", "σασ i\u0307 äb")]
    [InlineData("""{"type":"Strip","strip_left":true,"strip_right":false}""", " \u3000a b ", "a b ")]
    [InlineData("""{"type":"StripAccents"}""", "e\u0301a\u0903", "ea")]
    [InlineData("""{"type":"Replace","pattern":{"Regex":"a{2,}"},"content":"$0"}""", "baaab a", "b$0b a")]
    [InlineData("""{"type":"Replace","pattern":{"String":"ab"},"content":""}""", "xababx", "xx")]
    [InlineData("""{"type":"Prepend","prepend":"▁"}""", "a", "▁a")]
    [InlineData("""{"type":"Prepend","prepend":"▁"}""", "", "")]
    [InlineData("""{"type":"Nmt"}""", "a\u0001b\u200Bc\n", "ab c ")]
    [InlineData("""{"type":"ByteLevel"}""", " é", "ĠÃ©")]
    [InlineData("""{"type":"Sequence","normalizers":[{"type":"NFKC"},{"type":"Lowercase"}]}""", "Å", "å")]
    [InlineData("""{"type":"BertNormalizer","clean_text":false,"handle_chinese_chars":false,"strip_accents":false,"lowercase":true}""", "É\u0000中", "é\u0000中")]
    public void Normalizers(string json, string text, string expected) =>
        Assert.Equal(expected, NormalizerReader.Read(TokenizerParts.Json(json), "test", new StringBuilder())!.Normalize(text));

    [Theory]
    [InlineData("""{"type":"BertPreTokenizer"}""", "ab, c\u00A0d。", "ab|,|c|d|。")]
    [InlineData("""{"type":"Whitespace"}""", "ab_1 c.! d'e", "ab_1|c|.!|d|'|e")]
    [InlineData("""{"type":"WhitespaceSplit"}""", " a.b  c\n", "a.b|c")]
    [InlineData("""{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}""", "a b  c", "▁a|▁b|▁|▁c")]
    [InlineData("""{"type":"Metaspace","replacement":"▁","prepend_scheme":"never","split":false}""", "a b", "a▁b")]
    [InlineData("""{"type":"Metaspace","replacement":"_","add_prefix_space":true}""", " a", "_a")]
    [InlineData("""{"type":"Split","pattern":{"String":"-"},"behavior":"Removed","invert":false}""", "a-b--c", "a|b|c")]
    [InlineData("""{"type":"Split","pattern":{"String":"-"},"behavior":"Isolated","invert":false}""", "a-b--c", "a|-|b|-|-|c")]
    [InlineData("""{"type":"Split","pattern":{"String":"-"},"behavior":"MergedWithPrevious","invert":false}""", "a-b--c", "a-|b-|-|c")]
    [InlineData("""{"type":"Split","pattern":{"String":"-"},"behavior":"MergedWithNext","invert":false}""", "a-b--c", "a|-b|-|-c")]
    [InlineData("""{"type":"Split","pattern":{"String":"-"},"behavior":"Contiguous","invert":false}""", "a-b--c", "a|-|b|--|c")]
    [InlineData("""{"type":"Split","pattern":{"Regex":"\\d+"},"behavior":"Removed","invert":true}""", "a12b3", "12|3")]
    [InlineData("""{"type":"Split","pattern":{"Regex":"[^\\p{L}]?\\p{L}+"},"behavior":"Isolated","invert":false}""", "x𝐀𝐁 𝟙b", "x𝐀𝐁| |𝟙b")]
    [InlineData("""{"type":"Split","pattern":{"Regex":"[a-z&&[^aeiou]]++"},"behavior":"Isolated","invert":false}""", "banana", "b|a|n|a|n|a")]
    [InlineData("""{"type":"Split","pattern":{"Regex":"\\p{Han}+"},"behavior":"Isolated","invert":false}""", "a漢𠀀b", "a|漢𠀀|b")]
    [InlineData("""{"type":"Punctuation"}""", "a.b!!", "a|.|b|!|!")]
    [InlineData("""{"type":"Punctuation","behavior":"Contiguous"}""", "a.b!!", "a|.|b|!!")]
    [InlineData("""{"type":"Digits","individual_digits":true}""", "a12", "a|1|2")]
    [InlineData("""{"type":"Digits","individual_digits":false}""", "a12b", "a|12|b")]
    [InlineData("""{"type":"CharDelimiterSplit","delimiter":"-"}""", "a-b", "a|b")]
    [InlineData("""{"type":"UnicodeScripts"}""", "aб漢かカー x", "a|б|漢かカー |x")]
    [InlineData("""{"type":"FixedLength","length":2}""", "a𝐀bcd", "a𝐀|bc|d")]
    [InlineData("""{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}""", "a b", " a| b")]
    [InlineData("""{"type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},{"type":"Digits","individual_digits":true}]}""", "a1 b", "a|1|b")]
    public void Pre_tokenizers(string json, string text, string expected) =>
        Assert.Equal(expected, string.Join('|', PreTokenizerReader.Read(TokenizerParts.Json(json), "test", new StringBuilder()).Cutter!.Cut(text)));

    [Theory]
    [InlineData("""{"type":"WordPiece","prefix":"##","cleanup":true}""", "he|##llo|,|do|n't", "hello, don't")]
    [InlineData("""{"type":"ByteLevel"}""", "Ġa|Ã|©", " aé")]
    [InlineData("""{"type":"Metaspace","replacement":"▁","add_prefix_space":true}""", "▁a|▁b", "a b")]
    [InlineData("""{"type":"BPEDecoder","suffix":"</w>"}""", "a|b</w>|c</w>", "ab c")]
    [InlineData("""{"type":"ByteFallback"}""", "a|<0xC3>|<0xA9>|<0xFF>", "a\uFFFD\uFFFD\uFFFD")]
    [InlineData("""{"type":"Sequence","decoders":[{"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]}""", "  a|<0xC3>|<0xA9>", " aé")]
    [InlineData("""{"type":"Replace","pattern":{"String":"▁"},"content":" "}""", "▁a▁|b", " a b")]
    [InlineData("""{"type":"CTC","pad_token":"<pad>","word_delimiter_token":"|","cleanup":true}""", "h h <pad> i", "h h  i")]
    public void Decoders(string json, string tokens, string expected) =>
        Assert.Equal(expected, string.Concat(DecoderReader.Read(TokenizerParts.Json(json), "test", new HashSet<string>())!.Decode([.. tokens.Split('|')])));

    [Fact]
    public void Words_found_by_hand_are_those_of_the_expressions()
    {
        foreach (var known in WordPattern.All)
        {
            var (byHand, byExpression) = (new WordSplitter(known), new SplitPreTokenizer(TextPattern.Regex(known.Expression, "test"), SplitBehavior.Isolated, invert: false));
            foreach (var text in HardTexts.Some(1000)) Assert.Equal(byExpression.Cut(text), byHand.Cut(text));
            var piece = Gen.Elements("'", "s", "S", "ſ", "LL", "re", " ", "\n", "\r", "\t", "\u3000", "a", "é", "1", "22", "𝟙", "𝐀", "!", "😀", "\u0301", "\u200D");
            Prop.ForAll(piece.ListOf().Select(string.Concat).ToArbitrary(), text => byExpression.Cut(text).SequenceEqual(byHand.Cut(text))).QuickCheckThrowOnFailure();
        }
    }

    [Fact]
    public void Merging_a_long_word_by_heap_and_by_seams_is_merging_it_step_by_step()
    {
        var corpus = HardTexts.Some(300).ToArray();
        var trained = (Tokenizer)new ByteBpeOptions { Vocabulary = 600 }.Train(corpus);
        var merges = TokenizerParts.Json(Encoding.UTF8.GetString(TokenizerJson.Write(trained.Parts))).GetProperty("model").GetProperty("merges").EnumerateArray().Select(merge => merge.GetString()!.Split(' ')).ToArray();
        var model = trained.Parts.Model;
        foreach (var text in corpus.Take(100))
        {
            var word = ByteLevel.ToCharacters(text + text + text);
            var expected = word.Select(c => c.ToString()).ToList();
            foreach (var _ in word)
            {
                var best = merges.FirstOrDefault(merge => Enumerable.Range(0, expected.Count - 1).Any(i => expected[i] == merge[0] && expected[i + 1] == merge[1]));
                if (best is null) break;
                var at = Enumerable.Range(0, expected.Count - 1).First(i => expected[i] == best[0] && expected[i + 1] == best[1]);
                expected[at] += expected[at + 1];
                expected.RemoveAt(at + 1);
            }

            var tokens = new List<Token>();
            model.Encode(word, tokens);
            Assert.Equal(expected, tokens.Select(token => trained.TokenOf(token.Id)));
            Assert.Equal(expected, tokens.Select(token => word[token.Start..token.End]));
        }
    }

    [Fact]
    public void A_unigram_model_takes_the_cut_of_the_highest_score_and_writes_the_unknown_as_bytes_if_it_can()
    {
        var tokens = new[] { ("<unk>", 0d), ("a", -3), ("b", -3), ("ab", -4), ("abc", -20), ("c", -3) };
        Assert.Equal(["ab", "c"], Cut(new UnigramModel(tokens, 0, byteFallback: false), "abc"));
        Assert.Equal(["a", "<unk>", "b"], Cut(new UnigramModel(tokens, 0, byteFallback: false), "axyb"));
        var bytes = tokens.Concat(Enumerable.Range(0, 256).Select(i => ($"<0x{i:X2}>", -30d))).ToArray();
        Assert.Equal(["a", "<0xC3>", "<0xA9>"], Cut(new UnigramModel(bytes, 0, byteFallback: true), "aé"));

        static string[] Cut(UnigramModel model, string word)
        {
            var cut = new List<Token>();
            model.Encode(word, cut);
            return [.. cut.Select(token => model.Vocabulary.First(pair => pair.Value == token.Id).Key)];
        }
    }

    [Fact]
    public void Added_tokens_are_found_before_the_text_is_cut_with_the_spaces_that_they_take()
    {
        var tokenizer = Made("""[{"id":10,"content":"<m>","lstrip":true,"rstrip":true,"normalized":false,"special":true},{"id":11,"content":"ab","single_word":true,"normalized":true,"special":false},{"id":20,"content":"<mm>","normalized":false,"special":true}]""");
        Assert.Equal([0, 10, 0], tokenizer.Encode("x  <m>  y"));
        Assert.Equal([20], tokenizer.Encode("<mm>"));
        Assert.Equal([11, 1], tokenizer.Encode("AB abc"));
        Assert.Equal(21, tokenizer.VocabularySize);
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.TokenOf(15));
        var made = tokenizer.Tokenize("x  <m>  y");
        Assert.Equal([(0, 1), (1, 8), (8, 9)], made.Offsets);
    }

    [Theory]
    [InlineData("\"normalizer\":{\"type\":\"Fancy\"}", "normalizer 'Fancy' is not supported")]
    [InlineData("\"normalizer\":{\"type\":\"Lowercase\",\"locale\":\"tr\"}", "option 'locale', which is not supported")]
    [InlineData("\"pre_tokenizer\":{\"type\":\"Split\",\"pattern\":{\"Regex\":\"\\\\X\"},\"behavior\":\"Isolated\"}", "cannot be used")]
    [InlineData("\"decoder\":{\"type\":\"Fancy\"}", "decoder 'Fancy' is not supported")]
    [InlineData("\"post_processor\":{\"type\":\"Fancy\"}", "post_processor 'Fancy' is not supported")]
    [InlineData("\"surprise\":1", "'surprise' is not supported")]
    public void What_is_not_supported_is_refused_by_name(string part, string message) =>
        Assert.Contains(message, Assert.Throws<DecantException>(() => Made("[]", part)).Message);

    [Fact]
    public void Files_that_were_changed_at_random_give_an_error_or_a_tokenizer_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        TokenizerFile.Save(new WordPieceOptions { Vocabulary = 300 }.Train(["the cat sat on the mat"]), folder.Path, 64);
        var json = File.ReadAllBytes(Path.Combine(folder.Path, "tokenizer.json"));
        var random = new Random(3);
        var model = SentencePieceFileTests.Model();
        for (var i = 0; i < 600; i++)
        {
            Try("tokenizer.json", Mutated(json));
            Try("x.model", Mutated(model));
        }

        void Try(string name, byte[] content)
        {
            try
            {
                TokenizerFile.Load(folder.Write(name, content)).Encode("the cat [MASK] é");
            }
            catch (DecantException)
            {
            }
        }

        byte[] Mutated(byte[] source)
        {
            var bytes = source.ToArray();
            for (var n = random.Next(1, 6); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            return random.Next(3) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
        }
    }

    private static ITokenizer Made(string added, string? part = null)
    {
        using var folder = new TemporaryFolder();
        part ??= """ "normalizer":{"type":"Lowercase"} """;
        folder.Write("tokenizer.json", $$"""{"added_tokens":{{added}},{{part}},"model":{"type":"WordLevel","vocab":{"<unk>":0,"abc":1},"unk_token":"<unk>"}{{(part.Contains("pre_tokenizer", StringComparison.Ordinal) ? "" : ""","pre_tokenizer":{"type":"WhitespaceSplit"}""")}}}""");
        return TokenizerFile.Load(folder.Path);
    }
}
