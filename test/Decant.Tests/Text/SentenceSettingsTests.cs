using Decant.Text;
using Decant.Text.Files;

namespace Decant.Tests.Text;

/// <summary>What sentence-transformers keeps beside a tokenizer about the texts that it reads. Ids are worked out by hand.</summary>
public sealed class SentenceSettingsTests : IDisposable
{
    private const string BertCased = """{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":false,"lowercase":false}""";
    private const string BertLower = """{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":false,"lowercase":true}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("null", """{"max_seq_length":256,"do_lower_case":false}""", new[] { 2, 0, 4 })]
    [InlineData("null", """{"max_seq_length":256,"do_lower_case":true}""", new[] { 1, 3, 4 })]
    [InlineData(BertCased, """{"do_lower_case":true}""", new[] { 1, 3, 4 })]
    [InlineData("""{"type":"Sequence","normalizers":[{"type":"NFC"}]}""", """{"do_lower_case":true}""", new[] { 1, 3, 4 })]
    [InlineData(BertCased, """{"max_seq_length":256}""", new[] { 2, 0, 4 })]
    public void Texts_are_lower_cased_before_the_tokenizer_where_the_folder_says_so(string normalizer, string settings, int[] expected)
    {
        _folder.Write("modules.json", "[]");
        _folder.Write("sentence_bert_config.json", settings);
        var tokenizer = Load(normalizer);
        Assert.Equal(expected, tokenizer.Encode("Cat ÄNI [X]"));
        using var saved = new TemporaryFolder();
        TokenizerFile.Save(tokenizer, saved.Path, maxTokens: 8);
        Assert.Equal(expected, TokenizerFile.Load(saved.Path).Encode("Cat ÄNI [X]"));
    }

    [Fact]
    public void A_tokenizer_that_lower_cases_by_itself_stays_as_it_is()
    {
        var hash = Load(BertLower).Hash;
        _folder.Write("modules.json", "[]");
        _folder.Write("sentence_bert_config.json", """{"do_lower_case":true}""");
        Assert.Equal(hash, Load(BertLower).Hash);
    }

    [Fact]
    public void Without_a_list_of_modules_the_file_says_nothing()
    {
        _folder.Write("sentence_bert_config.json", """{"max_seq_length":5,"do_lower_case":true}""");
        Assert.Equal([2, 0, 4], Load("null").Encode("Cat ÄNI [X]"));
        Assert.Null(SentenceSettings.Of(_folder.Path).MaxTokens);
    }

    [Theory]
    [InlineData("sentence_bert_config.json")]
    [InlineData("sentence_roberta_config.json")]
    [InlineData("sentence_xlm-roberta_config.json")]
    public void The_most_tokens_are_read_whatever_family_the_file_is_named_after(string name)
    {
        _folder.Write("modules.json", "[]");
        _folder.Write(name, """{"max_seq_length":5,"do_lower_case":false}""");
        Assert.Equal(5, SentenceSettings.Of(_folder.Path).MaxTokens);
    }

    [Theory]
    [InlineData("""{"max_seq_length":null,"do_lower_case":null,"model_args":{}}""", null)]
    [InlineData("""{"max_seq_length":"256"}""", "max_seq_length: expected a whole number above 0, came \"256\"")]
    [InlineData("""{"max_seq_length":0}""", "max_seq_length: expected a whole number above 0, came 0")]
    [InlineData("""{"do_lower_case":1}""", "do_lower_case: expected true or false, came 1")]
    [InlineData("""{"tokenizer_args":{"add_prefix_space":true}}""", "tokenizer_args is not supported, came {\"add_prefix_space\":true}")]
    [InlineData("[]", "expected an object, came Array")]
    [InlineData("{", "came something else")]
    public void What_is_not_served_is_refused_by_name(string settings, string? said)
    {
        _folder.Write("modules.json", "[]");
        _folder.Write("sentence_bert_config.json", settings);
        if (said is null)
            Assert.Null(SentenceSettings.Of(_folder.Path).MaxTokens);
        else
            Assert.Contains(said, Assert.Throws<DecantException>(() => Load("null")).Message);
    }

    private ITokenizer Load(string normalizer)
    {
        _folder.Write("tokenizer.json", $$$"""{"added_tokens":[{"id":4,"content":"[X]","special":true}],"normalizer":{{{normalizer}}},"pre_tokenizer":{"type":"Whitespace"},"model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":{"[UNK]":0,"cat":1,"Cat":2,"äni":3} } }""");
        return TokenizerFile.Load(_folder.Path);
    }
}
