using System.Text.Json;
using Decant.Text;
using Decant.Text.Files;
using Decant.Text.PreTokenization;

namespace Decant.Tests.Text;

/// <summary>What several files of one folder say of a tokenizer together.</summary>
public sealed class PublishedFolderTests : IDisposable
{
    private const string ImEnd = """{"content":"<|im_end|>","lstrip":false,"rstrip":true,"normalized":false,"single_word":false,"special":true}""";
    private static readonly string s_cases = Path.Combine(AppContext.BaseDirectory, "Golden", "tokenizers", "cases");
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("added-token-decode")]
    [InlineData("added-tokens-of-config")]
    [InlineData("zero-width-split")]
    public void Texts_give_the_ids_and_ids_the_texts_that_the_case_wants(string name)
    {
        var tokenizer = TokenizerFile.Load(Path.Combine(s_cases, name));
        var texts = JsonSerializer.Deserialize<string[]>(File.ReadAllText(Path.Combine(s_cases, name, "texts.json")))!;
        using var want = JsonDocument.Parse(File.ReadAllText(Path.Combine(s_cases, name, "want.json")));
        Assert.Equal(texts.Length, want.RootElement.GetArrayLength());
        foreach (var (text, expected) in texts.Zip(want.RootElement.EnumerateArray()))
        {
            var made = tokenizer.Tokenize(text);
            if (expected.TryGetProperty("ids", out var ids)) Assert.Equal(ids.EnumerateArray().Select(id => id.GetInt32()), made.Ids);
            if (expected.TryGetProperty("tokens", out var tokens)) Assert.Equal(tokens.EnumerateArray().Select(token => token.GetString()), made.Tokens);
            if (expected.TryGetProperty("decoded", out var decoded)) Assert.Equal(decoded.GetString(), tokenizer.Decode(made.Ids, keepSpecial: true));
        }
    }

    [Theory]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder":{"3":{"content":"<|im_end|>","special":true}}}""", 3, true)]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder":{"3":{"content":"<|im_end|>","special":false,"normalized":true}}}""", 3, false)]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder":{"9":{"content":"<|im_end|>"}},"eos_token":"<|im_end|>"}""", 9, true)]
    [InlineData("tokenizer_config.json", """{"additional_special_tokens":["u","<|im_end|>"]}""", 3, true)]
    [InlineData("tokenizer_config.json", """{"extra_special_tokens":{"turn_end":"<|im_end|>"}}""", 3, true)]
    [InlineData("added_tokens.json", """{"<|im_end|>":3}""", 3, false)]
    [InlineData("special_tokens_map.json", """{"eos_token":{"content":"<|im_end|>","lstrip":false}}""", 3, true)]
    [InlineData("special_tokens_map.json", """{"additional_special_tokens":[{"content":"<|im_end|>","lstrip":false}]}""", 3, true)]
    public void A_token_that_a_file_beside_tokenizer_json_adds_is_one_token_wherever_it_is_listed(string file, string content, int id, bool isSpecial)
    {
        _folder.Write(file, content);
        var tokenizer = Main();
        Assert.Equal([1, id, 2], tokenizer.Encode("a<|im_end|>b"));
        Assert.Equal(id + 1, tokenizer.VocabularySize);
        Assert.Equal(isSpecial ? "a b" : "a <|im_end|> b", tokenizer.Decode(tokenizer.Encode("a<|im_end|>b")));
        using var saved = new TemporaryFolder();
        TokenizerFile.Save(tokenizer, saved.Path, maxTokens: 8);
        Assert.Equal([1, id, 2], TokenizerFile.Load(Path.Combine(saved.Path, "tokenizer.json")).Encode("a<|im_end|>b"));
    }

    [Fact]
    public void The_configuration_says_how_a_token_is_found_that_tokenizer_json_has_too()
    {
        _folder.Write("tokenizer_config.json", $$$"""{"added_tokens_decoder":{"3":{{{ImEnd}}}}}""");
        var json = """[{"id":3,"content":"<|im_end|>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":false}]""";
        Assert.Equal([(0, 1), (1, 13), (13, 14)], Main(json).Tokenize("a<|im_end|>  b").Offsets);
    }

    [Fact]
    public void A_token_of_the_vocabulary_that_a_role_names_is_found_whole()
    {
        Assert.Equal([0], Main().Encode("a[b]"));
        _folder.Write("special_tokens_map.json", """{"sep_token":"b"}""");
        Assert.Equal([1, 2], Main().Encode("ab"));
    }

    [Theory]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder":{"4":{"content":"b"}}}""", "'b' has the id 2, and 4")]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder":{"2":{"content":"c"}}}""", "the id 2 is 'b', and 'c'")]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder":{"4":{"content":"c"},"5":{"content":"c"}}}""", "'c' has the id 4, and 5")]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder":{"4":{"content":""}}}""", "without any text, of the id 4")]
    [InlineData("added_tokens.json", """{"b":7}""", "'b' has the id 2, and 7")]
    [InlineData("added_tokens.json", """{"c":2}""", "the id 2 is 'b', and 'c'")]
    public void Files_that_disagree_on_ids_are_refused_by_name(string file, string content, string expected)
    {
        _folder.Write(file, content);
        Assert.Contains(expected, Assert.Throws<DecantException>(() => Main()).Message);
    }

    [Fact]
    public void A_saved_tokenizer_keeps_added_tokens_that_are_no_bytes()
    {
        using var saved = new TemporaryFolder();
        var tokenizer = TokenizerFile.Load(Path.Combine(s_cases, "added-token-decode"));
        TokenizerFile.Save(tokenizer, saved.Path, maxTokens: 8);
        var stream = new TokenStream(TokenizerFile.Load(saved.Path));
        Assert.Equal("x ilÖveyou žluč", string.Concat(tokenizer.Encode("x ilÖveyou žluč").Select(stream.Add)) + stream.End());
    }

    [Theory]
    [InlineData("""{"tokenizer_class":"GPT2Tokenizer"}""", null, "12 Ġab ÃĪ", "12 Ġab ÃĪ")]
    [InlineData("""{"tokenizer_class":"GPT2TokenizerFast","add_bos_token":true}""", null, "12 Ġab ÃĪ", "<|endoftext|> 12 Ġab ÃĪ")]
    [InlineData("""{"tokenizer_class":"RobertaTokenizerFast"}""", null, "12 Ġab ÃĪ", "<s> 12 Ġab ÃĪ </s>")]
    [InlineData("""{"tokenizer_class":"BartTokenizer"}""", null, "12 Ġab ÃĪ", "<s> 12 Ġab ÃĪ </s>")]
    [InlineData("""{"tokenizer_class":"Qwen2Tokenizer"}""", null, "1 2 Ġab ÃĪ", "1 2 Ġab ÃĪ")]
    [InlineData("""{"tokenizer_class":"Qwen2TokenizerFast"}""", """{"model_type":"gpt2"}""", "1 2 Ġab ÃĪ", "1 2 Ġab ÃĪ")]
    [InlineData(null, """{"model_type":"qwen3"}""", "1 2 Ġab ÃĪ", "1 2 Ġab ÃĪ")]
    [InlineData("{}", """{"model_type":"gpt2"}""", "12 Ġab ÃĪ", "12 Ġab ÃĪ")]
    [InlineData(null, """{"model_type":"roberta"}""", "12 Ġab ÃĪ", "<s> 12 Ġab ÃĪ </s>")]
    [InlineData(null, """{"model_type":"llama","tokenizer_class":"Qwen2Tokenizer"}""", "1 2 Ġab ÃĪ", "1 2 Ġab ÃĪ")]
    public void The_class_that_is_named_decides_how_a_vocabulary_of_bytes_is_read(string? settings, string? model, string tokens, string framed)
    {
        WriteByteVocabulary();
        if (settings is not null) _folder.Write("tokenizer_config.json", settings);
        if (model is not null) _folder.Write("config.json", model);
        var tokenizer = TokenizerFile.Load(_folder.Path);
        // Qwen takes digits one by one and composes a letter and its accent.
        var text = tokens.StartsWith("1 2", StringComparison.Ordinal) ? "12 abE\u0300" : "12 ab\u00C8";
        Assert.Equal(tokens.Split(' '), tokenizer.Encode(text).Select(tokenizer.TokenOf));
        Assert.Equal(framed.Split(' '), tokenizer.EncodeForModel(text, null, 99).Ids.Select(tokenizer.TokenOf));
    }

    [Theory]
    [InlineData("""{"tokenizer_class":"CLIPTokenizer"}""", null, "how a CLIPTokenizer reads a vocab.json", "GPT2Tokenizer, RobertaTokenizer")]
    [InlineData("""{"tokenizer_class":"PreTrainedTokenizerFast"}""", null, "how a PreTrainedTokenizerFast reads", "tokenizer.json")]
    [InlineData(null, """{"model_type":"whisper"}""", "a model of type 'whisper'", "Qwen2Tokenizer")]
    [InlineData(null, null, "nothing says how its tokens are used", "tokenizer_class")]
    public void A_class_that_is_not_served_is_refused_by_name_with_those_that_are(string? settings, string? model, string expected, string served)
    {
        WriteByteVocabulary();
        if (settings is not null) _folder.Write("tokenizer_config.json", settings);
        if (model is not null) _folder.Write("config.json", model);
        var message = Assert.Throws<DecantException>(() => TokenizerFile.Load(_folder.Path)).Message;
        Assert.Contains(expected, message);
        Assert.Contains(served, message);
    }

    [Fact]
    public void Qwens_own_tokens_come_after_the_vocabulary_where_no_file_numbers_them()
    {
        WriteByteVocabulary();
        _folder.Write("tokenizer_config.json", """{"tokenizer_class":"Qwen2Tokenizer"}""");
        var tokenizer = TokenizerFile.Load(_folder.Path);
        Assert.Equal((260, 260), (tokenizer.Special.Eos, tokenizer.Special.Pad));
        Assert.Equal([260], tokenizer.Encode("<|endoftext|>"));
    }

    [Theory]
    [InlineData("BertTokenizer", "[CLS]|ab|[SEP]|ab|[SEP]", "0|0|0|1|1")]
    [InlineData("DistilBertTokenizerFast", "[CLS]|ab|[SEP]|ab|[SEP]", "0|0|0|1|1")]
    [InlineData("MPNetTokenizer", "<s>|ab|</s>|</s>|ab|</s>", "0|0|0|0|0|0")]
    public void The_class_that_is_named_frames_the_words_of_a_vocabulary(string name, string tokens, string types)
    {
        _folder.Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n<s>\n</s>\nab\n");
        _folder.Write("tokenizer_config.json", $$"""{"tokenizer_class":"{{name}}"}""");
        var pair = TokenizerFile.Load(_folder.Path).Tokenize("ab", "AB");
        Assert.Equal(tokens.Split('|'), pair.Tokens);
        Assert.Equal(types.Split('|').Select(byte.Parse), pair.TypeIds);
    }

    [Theory]
    [InlineData("RobertaTokenizer")]
    [InlineData("BertJapaneseTokenizer")]
    [InlineData("PhobertTokenizer")]
    [InlineData("FunnelTokenizer")]
    public void A_class_that_reads_a_vocabulary_of_words_in_a_way_of_its_own_is_refused_by_name(string name)
    {
        _folder.Write("vocab.txt", "[UNK]\nab\n");
        _folder.Write("tokenizer_config.json", $$"""{"tokenizer_class":"{{name}}"}""");
        Assert.Contains($"how a {name} reads a vocab.txt is not known; served are BertTokenizer", Assert.Throws<DecantException>(() => TokenizerFile.Load(_folder.Path)).Message);
    }

    [Fact]
    public void Carriage_returns_of_a_vocabulary_are_no_part_of_its_tokens()
    {
        _folder.Write("vocab.txt", "[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\nab\r\n##c\r\n");
        var tokenizer = TokenizerFile.Load(_folder.Path);
        Assert.Equal(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "ab", "##c"], Enumerable.Range(0, tokenizer.VocabularySize).Select(tokenizer.TokenOf));
        Assert.Equal([2, 4, 5, 3], tokenizer.EncodeForModel("abc", null, 9).Ids);
    }

    [Fact]
    public void Carriage_returns_of_merges_are_no_part_of_their_tokens()
    {
        WriteByteVocabulary("\r\n");
        _folder.Write("tokenizer_config.json", """{"tokenizer_class":"GPT2Tokenizer"}""");
        Assert.Equal("12", TokenizerFile.Load(_folder.Path) is var tokenizer ? tokenizer.TokenOf(tokenizer.Encode("12")[0]) : null);
    }

    public void Dispose() => _folder.Dispose();

    private ITokenizer Main(string added = "[]")
    {
        _folder.Write("tokenizer.json", $$"""
            {"version":"1.0","truncation":null,"padding":null,"added_tokens":{{added}},"normalizer":null,"pre_tokenizer":{"type":"WhitespaceSplit"},"post_processor":null,"decoder":null,
             "model":{"type":"WordLevel","vocab":{"u":0,"a":1,"b":2},"unk_token":"u"} }
            """);
        return TokenizerFile.Load(_folder.Path);
    }

    // The bytes, then 12, "ab", " ab" and the two bytes of È.
    private void WriteByteVocabulary(string lineEnd = "\n")
    {
        string[] merges = ["1 2", "a b", "Ġ ab", "Ã Ī"];
        var vocabulary = new Dictionary<string, int>();
        foreach (var token in ByteLevel.Alphabet.Concat(merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal)))) vocabulary[token] = vocabulary.Count;
        _folder.Write("vocab.json", JsonSerializer.Serialize(vocabulary));
        _folder.Write("merges.txt", string.Concat(merges.Prepend("#version: 0.2").Select(line => line + lineEnd)));
    }
}
