using Decant.Text;
using Decant.Text.Files;

namespace Decant.Tests.Text;

/// <summary>A tokenizer.json and what the tokenizer_config.json beside it changes of it, as fast tokenizers of <c>transformers</c> do by their class. Ids are worked out by hand.</summary>
public sealed class ConfiguredTokenizerTests : IDisposable
{
    private const string Words = """{"[UNK]":0,"cafe":1,"Cafe":2,"café":3,"Café":4,"中":5,"文":6,"中文":7}""";
    private const string Framed = """{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"pair":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"<s>","type_id":1}},{"Sequence":{"id":"B","type_id":1}}],"special_tokens":{"<s>":{"id":"<s>","ids":[0],"tokens":["<s>"]}}}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"tokenizer_class":"BertTokenizer"}""", "null", new[] { 4, 5, 6 })]
    [InlineData("""{"tokenizer_class":"BertTokenizer","do_lower_case":false,"strip_accents":null,"tokenize_chinese_chars":true}""", "null", new[] { 4, 5, 6 })]
    [InlineData("""{"tokenizer_class":"BertTokenizer","do_lower_case":true}""", "null", new[] { 1, 5, 6 })] // accents go where case does
    [InlineData("""{"tokenizer_class":"BertTokenizerFast","do_lower_case":true}""", "null", new[] { 1, 5, 6 })]
    [InlineData("""{"tokenizer_class":"MPNetTokenizer","do_lower_case":true}""", "null", new[] { 1, 5, 6 })]
    [InlineData("""{"tokenizer_class":"BertTokenizer","do_lower_case":true,"strip_accents":false}""", "null", new[] { 3, 5, 6 })]
    [InlineData("""{"tokenizer_class":"BertTokenizer","strip_accents":true}""", "null", new[] { 2, 5, 6 })]
    [InlineData("""{"tokenizer_class":"BertTokenizer","strip_accents":null}""", "true", new[] { 4, 5, 6 })] // null: as the case
    [InlineData("""{"tokenizer_class":"BertTokenizer","do_lower_case":false}""", "true", new[] { 2, 5, 6 })]
    [InlineData("""{"tokenizer_class":"BertTokenizer","tokenize_chinese_chars":false}""", "null", new[] { 4, 7 })]
    [InlineData("""{"tokenizer_class":"PreTrainedTokenizerFast","do_lower_case":true,"tokenize_chinese_chars":false}""", "null", new[] { 4, 5, 6 })]
    [InlineData("""{"do_lower_case":true}""", "null", new[] { 4, 5, 6 })]
    public void Bert_takes_case_accents_and_chinese_characters_from_its_settings_and_other_classes_do_not(string settings, string strip, int[] expected)
    {
        _folder.Write("tokenizer_config.json", settings);
        var tokenizer = Bert(strip);
        Assert.Equal(expected, tokenizer.Encode("Café 中文"));
        using var saved = new TemporaryFolder();
        TokenizerFile.Save(tokenizer, saved.Path, maxTokens: 8);
        Assert.Equal(expected, TokenizerFile.Load(saved.Path).Encode("Café 中文"));
    }

    [Fact]
    public void The_class_is_that_of_the_models_type_where_none_is_named()
    {
        _folder.Write("tokenizer_config.json", """{"do_lower_case":true}""");
        _folder.Write("config.json", """{"model_type":"bert"}""");
        Assert.Equal([1, 5, 6], Bert("null").Encode("Café 中文"));
    }

    [Fact]
    public void Settings_that_mean_the_same_leave_the_tokenizer_the_same()
    {
        var hash = Bert("null").Hash;
        _folder.Write("tokenizer_config.json", """{"tokenizer_class":"BertTokenizer","do_lower_case":false,"strip_accents":false}""");
        Assert.Equal(hash, Bert("null").Hash);
        _folder.Write("tokenizer_config.json", """{"tokenizer_class":"BertTokenizer","do_lower_case":true}""");
        Assert.NotEqual(hash, Bert("null").Hash);
    }

    [Theory]
    [InlineData("ByteLevel", """{"tokenizer_class":"GPT2Tokenizer"}""", new[] { 2 })]
    [InlineData("ByteLevel", """{"tokenizer_class":"GPT2Tokenizer","add_prefix_space":false}""", new[] { 2 })]
    [InlineData("ByteLevel", """{"tokenizer_class":"GPT2Tokenizer","add_prefix_space":true}""", new[] { 5 })]
    [InlineData("ByteLevel", """{"tokenizer_class":"RobertaTokenizerFast","add_prefix_space":true}""", new[] { 5 })]
    [InlineData("ByteLevel", """{"tokenizer_class":"PreTrainedTokenizerFast","add_prefix_space":true}""", new[] { 5 })]
    [InlineData("Sequence", """{"tokenizer_class":"Qwen2Tokenizer","add_prefix_space":true}""", new[] { 2 })]
    public void A_byte_level_pre_tokenizer_of_its_own_takes_the_space_before_a_text_from_the_settings(string kind, string settings, int[] expected)
    {
        _folder.Write("tokenizer_config.json", settings);
        const string ByteLevel = """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}""";
        Assert.Equal(expected, Pairs(kind == "ByteLevel" ? ByteLevel : $$"""{"type":"Sequence","pretokenizers":[{{ByteLevel}}]}""", "null").Encode("a"));
    }

    [Theory]
    [InlineData("""{"tokenizer_class":"LlamaTokenizer"}""", new[] { 0, 2 }, new[] { 0, 2, 0, 3 })]
    [InlineData("""{"tokenizer_class":"LlamaTokenizer","add_bos_token":true,"add_eos_token":false}""", new[] { 0, 2 }, new[] { 0, 2, 0, 3 })]
    [InlineData("""{"tokenizer_class":"LlamaTokenizerFast","add_bos_token":false}""", new[] { 2 }, new[] { 2, 3 })]
    [InlineData("""{"tokenizer_class":"LlamaTokenizer","add_eos_token":true}""", new[] { 0, 2, 1 }, new[] { 0, 2, 1, 0, 3, 1 })] // the first stands unless it is taken away
    [InlineData("""{"tokenizer_class":"LlamaTokenizer","add_bos_token":false,"add_eos_token":true}""", new[] { 2, 1 }, new[] { 2, 1, 3, 1 })]
    [InlineData("""{"tokenizer_class":"LlamaTokenizer","add_bos_token":true,"bos_token":"</s>"}""", new[] { 1, 2 }, new[] { 1, 2, 1, 3 })]
    [InlineData("""{"tokenizer_class":"GemmaTokenizer","add_eos_token":true,"bos_token":"<s>","eos_token":"</s>"}""", new[] { 0, 2, 1 }, new[] { 0, 2, 1, 0, 3, 1 })]
    [InlineData("""{"tokenizer_class":"GPTNeoXTokenizer","add_eos_token":true,"eos_token":"</s>"}""", new[] { 2, 1 }, new[] { 2, 1, 3, 1 })] // this class adds nothing unasked
    [InlineData("""{"tokenizer_class":"RobertaTokenizer","add_bos_token":false}""", new[] { 0, 2 }, new[] { 0, 2, 0, 3 })]
    [InlineData("""{"tokenizer_class":"PreTrainedTokenizerFast","add_bos_token":true,"add_eos_token":false}""", new[] { 0, 2 }, new[] { 0, 2, 0, 3 })]
    public void The_tokens_around_a_text_are_those_of_the_settings_where_the_class_makes_them(string settings, int[] one, int[] two)
    {
        _folder.Write("tokenizer_config.json", settings);
        var tokenizer = Pairs("null", Framed);
        Assert.Equal(one, tokenizer.EncodeForModel("a", null, 8).Ids);
        var pair = tokenizer.EncodeForModel("a", "b", 8);
        Assert.Equal(two, pair.Ids);
        Assert.Equal([.. new byte[two.Length / 2], .. Enumerable.Repeat((byte)1, two.Length / 2)], pair.TypeIds);
    }

    [Theory]
    [InlineData("""{"tokenizer_class":"PreTrainedTokenizerFast","add_bos_token":false}""", "add_bos_token: false for a PreTrainedTokenizerFast, but came a tokenizer.json whose template begins a text with it")]
    [InlineData("""{"tokenizer_class":"GPT2Tokenizer","add_eos_token":true}""", "add_eos_token: true for a GPT2Tokenizer, but came a tokenizer.json whose template never ends a text with it")]
    [InlineData("""{"tokenizer_class":"LlamaTokenizer","add_bos_token":true,"bos_token":"<b>","added_tokens_decoder":{}}""", null)]
    [InlineData("""{"tokenizer_class":"GemmaTokenizer","add_bos_token":true}""", "its bos_token '<bos>' around a text, which is not in the vocabulary")]
    [InlineData("""{"tokenizer_class":"LlamaTokenizer","add_prefix_space":true}""", "add_prefix_space: true for a LlamaTokenizer, but came a tokenizer.json whose components put no space before a text")]
    [InlineData("""{"tokenizer_class":"LlamaTokenizer","add_prefix_space":false}""", null)]
    [InlineData("""{"split_special_tokens":true}""", "split_special_tokens: true is not supported")]
    [InlineData("""{"split_special_tokens":false}""", null)]
    [InlineData("""{"from_slow":true}""", "from_slow: true is not supported")]
    [InlineData("""{"fix_mistral_regex":true}""", "fix_mistral_regex: true is not supported")]
    [InlineData("""{"add_bos_token":"yes"}""", "add_bos_token: expected true or false, came \"yes\"")]
    [InlineData("""{"truncation_side":"both"}""", "truncation_side: expected left or right, came \"both\"")]
    public void What_is_not_served_is_refused_by_name(string settings, string? said)
    {
        _folder.Write("tokenizer_config.json", settings);
        if (said is null)
            Pairs("null", Framed);
        else
            Assert.Contains(said, Assert.Throws<DecantException>(() => Pairs("null", Framed)).Message);
    }

    [Theory]
    [InlineData("""{}""", "null", new[] { 0, 2, 3 })]
    [InlineData("""{"truncation_side":"left"}""", "null", new[] { 0, 3, 2 })]
    [InlineData("""{"truncation_side":"right"}""", "Left", new[] { 0, 2, 3 })]
    [InlineData("""{}""", "Left", new[] { 0, 3, 2 })]
    public void Which_end_of_a_long_text_is_cut_off_is_what_the_settings_say_and_else_what_tokenizer_json_does(string settings, string direction, int[] expected)
    {
        _folder.Write("tokenizer_config.json", settings);
        var truncation = direction == "null" ? direction : $$"""{"max_length":3,"strategy":"LongestFirst","stride":0,"direction":"{{direction}}"}""";
        var tokenizer = Pairs("null", Framed, truncation);
        Assert.Equal(expected, tokenizer.EncodeForModel("abba", null, 3).Ids); // <s> and two of a b b a
        Assert.Equal(expected, tokenizer.Tokenize("abba", null, new TokenizeOptions { MaxTokens = 3 }).Ids);
        using var saved = new TemporaryFolder();
        TokenizerFile.Save(tokenizer, saved.Path, maxTokens: 8);
        Assert.Equal(expected, TokenizerFile.Load(saved.Path).EncodeForModel("abba", null, 3).Ids);
    }

    [Theory]
    [InlineData("""{}""", new[] { 2, 4, 4 })]
    [InlineData("""{"padding_side":"left"}""", new[] { 4, 4, 2 })]
    public void The_side_that_is_filled_is_what_the_settings_say(string settings, int[] expected)
    {
        _folder.Write("tokenizer_config.json", settings);
        Assert.Equal(expected, Pairs("null", "null", padding: """{"strategy":{"Fixed":3},"direction":"Right","pad_to_multiple_of":null,"pad_id":4,"pad_type_id":0,"pad_token":"Ġ"}""").Tokenize("a").Ids);
    }

    [Theory]
    [InlineData("clean_up_tokenization_spaces", "true")]
    [InlineData("legacy", "false")]
    [InlineData("model_max_length", "2")]
    [InlineData("padding_side", "\"left\"")]
    [InlineData("use_default_system_prompt", "true")]
    [InlineData("chat_template", "\"{{ messages }}\"")]
    [InlineData("sp_model_kwargs", "{}")]
    [InlineData("do_basic_tokenize", "false")]
    [InlineData("trim_offsets", "false")]
    [InlineData("errors", "\"ignore\"")]
    [InlineData("model_input_names", "[\"input_ids\"]")]
    public void What_decides_no_ids_changes_none(string key, string value)
    {
        _folder.Write("tokenizer_config.json", $$"""{"tokenizer_class":"LlamaTokenizer","{{key}}":{{value}}}""");
        Assert.Equal([0, 2, 3], Pairs("null", Framed).EncodeForModel("ab", null, 8).Ids);
    }

    private ITokenizer Bert(string strip)
    {
        _folder.Write("tokenizer.json", $$$"""{"normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":{{{strip}}},"lowercase":false},"pre_tokenizer":{"type":"BertPreTokenizer"},"model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":{{{Words}}}}}""");
        return TokenizerFile.Load(_folder.Path);
    }

    /// <summary>Pairs of bytes: &lt;s&gt; 0, &lt;/s&gt; 1, a 2, b 3, a space 4, a space and a 5.</summary>
    private ITokenizer Pairs(string preTokenizer, string postProcessor, string truncation = "null", string padding = "null")
    {
        _folder.Write("tokenizer.json", $$$"""{"truncation":{{{truncation}}},"padding":{{{padding}}},"added_tokens":[{"id":0,"content":"<s>","special":true},{"id":1,"content":"</s>","special":true}],"pre_tokenizer":{{{preTokenizer}}},"post_processor":{{{postProcessor}}},"model":{"type":"BPE","vocab":{"<s>":0,"</s>":1,"a":2,"b":3,"Ġ":4,"Ġa":5},"merges":[["Ġ","a"]]}}""");
        return TokenizerFile.Load(_folder.Path);
    }
}
