using System.Text.Json.Nodes;
using Decant.Export.Gguf;
using Decant.Text;
using Decant.Text.Files;
using Decant.Text.Training;

namespace Decant.Tests.Export.Gguf;

/// <summary>Tokenizers in GGUF files: llama.cpp gives the same ids on a thousand texts, or they are refused by name.</summary>
public sealed class GgufTokenizerTests : IDisposable
{
    private const string Llama3 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Qwen2 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private static readonly Lazy<string[]> s_texts = new(Thousand);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Bytes_as_they_are_trained_here() => Same(GgufFixture.Bytes);

    [Fact]
    public void Bytes_cut_as_Qwen2s_and_Llama_3s()
    {
        foreach (var (expression, takesWords) in new[] { (Qwen2, false), (Llama3, false), (Llama3, true) })
            Same(Changed(GgufFixture.Bytes, json =>
            {
                json["pre_tokenizer"] = Cut(expression);
                json["model"]!["ignore_merges"] = takesWords;
            }));
    }

    [Fact]
    public void GPT2s_own() => Same(TokenizerFile.Load(TestData.Need("tokenizers/gpt2")));

    [Fact]
    public void Pieces_of_Llama() => Same(TokenizerFile.Load(TestData.Need("tokenizers/tinyllama")));

    [Fact]
    public void Pieces_of_Llama_from_its_model_file() => Same(TokenizerFile.Load(TestData.Need("tokenizers/tinyllama/tokenizer.model")));

    [Fact]
    public void Pieces_that_drop_spaces_do_so_here_alone_and_that_is_said()
    {
        var report = Same(GgufFixture.Pieces, text => text.Trim() == text && !text.Contains("  ", StringComparison.Ordinal));
        Assert.Contains("drops spaces", Assert.Single(report.Notes));
    }

    [Fact]
    public void Words_of_BERT() => Same(GgufFixture.Words);

    [Fact]
    public void Words_of_Chinese_BERT() => Same(TokenizerFile.Load(RealData.Find("bert-base-chinese")));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Words_as_they_are_trained_here(bool lowerCase)
    {
        var report = Same(new WordPieceOptions { Vocabulary = 600, LowerCase = lowerCase }.Train(s_texts.Value), text => !lowerCase || !text.Any(IsVowelSign));
        Assert.Contains(lowerCase ? "Khmer" : "since 2026", Assert.Single(report.Notes));
    }

    [Fact]
    public void A_model_with_more_rows_than_tokens_has_unused_ones()
    {
        using var model = GgufFixture.Model(GgufFixture.Decoder("llama", vocabulary: 416));
        using var llama = LlamaCpp.Open(GgufFixture.Write(_folder, model, GgufFixture.Bytes).Path);
        Assert.Equal(416, Assert.Single(llama.Logits([7])).Length);
    }

    [Fact]
    public void A_model_with_fewer_rows_than_tokens_is_refused()
    {
        using var model = GgufFixture.Model(GgufFixture.Decoder("llama", vocabulary: 399));
        Assert.Contains("400 tokens and the model rows for 399", Assert.Throws<DecantException>(() => GgufFixture.Write(_folder, model, GgufFixture.Bytes)).Message);
    }

    [Fact]
    public void What_stands_around_a_text_is_said()
    {
        using var stories = GgufFixture.Model(GgufFixture.Decoder("llama", vocabulary: 512));
        using var encoder = GgufFixture.Model(GgufFixture.Encoder("bert"));
        using (var llama = LlamaCpp.Vocabulary(GgufFixture.Write(_folder, stories, GgufFixture.Pieces).Path))
            Assert.Equal(GgufFixture.Pieces.EncodeForModel("a fine day", null, 99).Ids, llama.Ids("a fine day", framed: true));
        using (var llama = LlamaCpp.Vocabulary(GgufFixture.Write(_folder, encoder, GgufFixture.Words).Path))
            Assert.Equal(GgufFixture.Words.EncodeForModel("a fine day", null, 99).Ids, llama.Ids("a fine day", framed: true));
        using (var model = GgufFixture.Model(GgufFixture.Decoder("llama")))
        using (var llama = LlamaCpp.Vocabulary(GgufFixture.Write(_folder, model, GgufFixture.Bytes).Path))
            Assert.Equal(GgufFixture.Bytes.Encode("a fine day"), llama.Ids("a fine day", framed: true)); // a language model's text is not closed
    }

    [Fact]
    public void Templates_of_chats_are_carried_to_the_letter()
    {
        const string Template = "{% for m in messages %}{{ '<|' + m['role'] + '|>' }}\n{{ m.content }}  {% endfor %}\n中";
        using var model = GgufFixture.Model(GgufFixture.Decoder("llama"));
        var report = GgufFixture.Write(_folder, model, GgufFixture.Bytes, new() { Name = "小 model", ChatTemplate = Template, NamedChatTemplates = new Dictionary<string, string> { ["tool_use"] = "x" } });
        using var llama = LlamaCpp.Vocabulary(report.Path);
        Assert.Equal(Template, llama.Settings["tokenizer.chat_template"]);
        Assert.Equal("x", llama.Settings["tokenizer.chat_template.tool_use"]);
        Assert.Equal("小 model", llama.Settings["general.name"]);
    }

    public static TheoryData<string, string, string> Refused => new()
    {
        { "bytes", """{"normalizer":{"type":"Lowercase"}}""", "Lowercase" },
        { "bytes", """{"normalizer":{"type":"NFKC"}}""", "NFKC" },
        { "bytes", """{"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}}""", "add_prefix_space" },
        { "bytes", """{"pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"[0-9]+"},"behavior":"Isolated","invert":false},{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}]}}""", "[0-9]+" },
        { "bytes", """{"pre_tokenizer":{"type":"Whitespace"}}""", "Whitespace" },
        { "words", """{"normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":false,"strip_accents":null,"lowercase":true}}""", "handle_chinese_chars" },
        { "words", """{"normalizer":{"type":"BertNormalizer","clean_text":false,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true}}""", "clean_text" },
        { "words", """{"normalizer":{"type":"NFC"}}""", "NFC" },
        { "words", """{"pre_tokenizer":{"type":"Whitespace"}}""", "Whitespace" },
        { "pieces", """{"normalizer":{"type":"NFKC"}}""", "NFKC" },
        { "pieces", """{"pre_tokenizer":{"type":"BertPreTokenizer"}}""", "BertPreTokenizer" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_tokenizer_that_llama_cpp_has_not_is_refused_by_name(string name, string change, string named)
    {
        var tokenizer = Changed(name switch { "bytes" => GgufFixture.Bytes, "words" => GgufFixture.Words, _ => GgufFixture.Pieces }, json =>
        {
            foreach (var (key, value) in JsonNode.Parse(change)!.AsObject())
                json[key] = value!.DeepClone();
        });
        Assert.Contains(named, Fault(tokenizer));
    }

    [Fact]
    public void Merges_that_scores_do_not_give_are_refused()
    {
        Assert.Contains("'▁' and 't' are tokens that do not become '▁t'", Fault(Changed(GgufFixture.Pieces, json => Merges(json).RemoveAt(Index(json, "▁ t")))));
        Assert.Contains("do not come one after the other", Fault(Changed(GgufFixture.Pieces, json =>
        {
            var merge = Merges(json)[Index(json, "▁t he")]!.DeepClone(); // made of two others too
            Merges(json).RemoveAt(Index(json, "▁t he"));
            Merges(json).Add(merge);
        })));
    }

    [Fact]
    public void Pieces_without_bytes_and_unigrams_are_refused()
    {
        Assert.Contains("<0x41>", Fault(Changed(GgufFixture.Pieces, json => json["model"]!["vocab"]!.AsObject().Remove("<0x41>"))));
        Assert.Contains("Unigram", Fault(new Decant.Text.Training.Unigram.UnigramOptions { Vocabulary = 400 }.Train(GgufFixture.Texts.Take(200))));
    }

    private static bool IsVowelSign(char c) => char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.SpacingCombiningMark;

    private static JsonArray Merges(JsonNode json) => json["model"]!["merges"]!.AsArray();

    private static int Index(JsonNode json, string merge) => Merges(json).ToList().FindIndex(m => m!.GetValue<string>() == merge) is var at and >= 0 ? at : throw new InvalidOperationException(merge);

    private static JsonObject Cut(string expression) => new()
    {
        ["type"] = "Sequence",
        ["pretokenizers"] = new JsonArray(
            new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = expression }, ["behavior"] = "Isolated", ["invert"] = false },
            new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = false }),
    };

    private static string Fault(ITokenizer tokenizer)
    {
        using var folder = new TemporaryFolder();
        using var model = GgufFixture.Model(GgufFixture.Decoder("llama", vocabulary: tokenizer.VocabularySize));
        var message = Assert.Throws<DecantException>(() => GgufFixture.Write(folder, model, tokenizer)).Message;
        Assert.Contains("The tokenizer cannot be said in a GGUF file", message);
        Assert.Empty(Directory.EnumerateFiles(folder.Path));
        return message;
    }

    private static ITokenizer Changed(ITokenizer tokenizer, Action<JsonNode> change)
    {
        using var folder = new TemporaryFolder();
        TokenizerFile.Save(tokenizer, folder.Path, 99);
        File.Delete(Path.Combine(folder.Path, "tokenizer_config.json")); // which would have the last word
        var file = Path.Combine(folder.Path, "tokenizer.json");
        var json = JsonNode.Parse(File.ReadAllText(file))!;
        change(json);
        File.WriteAllText(file, json.ToJsonString());
        return TokenizerFile.Load(folder.Path);
    }

    private GgufExportReport Same(ITokenizer tokenizer, Func<string, bool>? served = null)
    {
        using var model = GgufFixture.Model(GgufFixture.Decoder("llama", """{"hidden_size":16,"intermediate_size":16,"num_hidden_layers":1,"num_attention_heads":1,"num_key_value_heads":1,"tie_word_embeddings":true}""", tokenizer.VocabularySize));
        var report = GgufFixture.Write(_folder, model, tokenizer);
        using var llama = LlamaCpp.Vocabulary(report.Path);
        string[] texts = [.. s_texts.Value.Where(served ?? (_ => true))];
        Assert.True(texts.Length >= 700, $"{texts.Length} texts");
        var others = texts.Where(text => !tokenizer.Encode(text).SequenceEqual(llama.Ids(text))).Select(text => $"'{text}': {string.Join(' ', tokenizer.Encode(text))} here, {string.Join(' ', llama.Ids(text))} there").ToArray();
        Assert.True(others.Length == 0, $"{others.Length} of {texts.Length} differ: {string.Join('\n', others.Take(5))}");
        return report;
    }

    /// <summary>Reviews, questions, lines of code, Chinese, and the 46 awkward texts that llama.cpp tests its own tokenizers with.</summary>
    private static string[] Thousand()
    {
        var code = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Decant.Text"), "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).SelectMany(File.ReadLines).Where(line => line.Trim().Length > 3);
        string[] all =
        [
            .. File.ReadAllText(RealData.Find("vectors/ggml-vocab-bert-bge.gguf.inp")).Split("\n__ggml_vocab_test__\n")[..46],
            .. GgufFixture.Texts.Take(400),
            .. File.ReadLines(RealData.Find("trec/TREC.test.all")).Take(200),
            .. code.Where((_, at) => at % 6 == 0).Take(600).Select((line, at) => at % 3 == 0 ? line : line.Trim()),
            .. File.ReadLines(RealData.Find("bert-base-chinese/vocab.txt")).Chunk(40).Skip(20).Take(60).Select(tokens => string.Concat(tokens.Where(token => token.Length == 1))),
        ];
        Assert.True(all.Length >= 1000, $"{all.Length} texts");
        return all;
    }
}
