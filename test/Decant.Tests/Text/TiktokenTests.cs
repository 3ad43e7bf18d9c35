using System.IO.Compression;
using System.Reflection;
using System.Text;
using Decant.Text;
using Decant.Text.Files;
using Microsoft.ML.Tokenizers;

namespace Decant.Tests.Text;

/// <summary>Vocabularies of tiktoken: the published ones against Microsoft.ML.Tokenizers, and small ones by hand.</summary>
public sealed class TiktokenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cl100k_base")]
    [InlineData("o200k_base")]
    [InlineData("r50k_base")]
    public void The_ids_are_those_of_another_implementation(string name)
    {
        var tokenizer = TokenizerFile.Load(Published(name));
        var other = TiktokenTokenizer.CreateForEncoding(name);
        var texts = Texts().ToArray();
        Assert.True(texts.Length > 500);
        foreach (var text in texts)
        {
            var ids = tokenizer.Encode(text);
            Assert.Equal(other.EncodeToIds(text), ids);
            Assert.Equal(text, tokenizer.Decode(ids));
        }

        var end = Assert.Single(tokenizer.Encode("<|endoftext|>"));
        Assert.Equal(other.EncodeToIds("<|endoftext|>"), [end]);
        Assert.Equal(end, tokenizer.Special.Eos);
        if (name != "r50k_base") return;
        TokenizerFile.Save(tokenizer, _folder.Path, 64); // as a tokenizer.json it is the same
        var again = TokenizerFile.Load(Path.Combine(_folder.Path, "tokenizer.json"));
        Assert.All(texts.Take(100), text => Assert.Equal(tokenizer.Encode(text), again.Encode(text)));
    }

    [Fact]
    public void Neighbours_join_by_the_rank_of_what_they_become()
    {
        // Bytes first; then "bc" before "ab", so that "abc" is a + bc; "abcd" is a token by itself though no two of its parts lead to it.
        var file = Vocabulary("gpt2.tiktoken", "bc", "ab", "abcd");
        var tokenizer = TokenizerFile.Load(file);
        Assert.Equal([Byte('a'), 256], tokenizer.Encode("abc"));
        Assert.Equal([257], tokenizer.Encode("ab"));
        Assert.Equal([258], tokenizer.Encode("abcd"));
        Assert.Equal([0xC3, 0xA9], tokenizer.Encode("é"));
        Assert.Equal("é abc", tokenizer.Decode(tokenizer.Encode("é abc")));
    }

    [Fact]
    public void Llama_3_begins_texts_and_has_its_special_tokens()
    {
        // 128,000 tokens as the published file has, of which all but the bytes are made up.
        var file = Vocabulary("tokenizer.model", [.. Enumerable.Range(0, 128_000 - 256).Select(n => $"\u0001{n}")]);
        var tokenizer = TokenizerFile.Load(_folder.Path);
        Assert.Equal([128_000, Byte('h'), Byte('i'), 128_009], tokenizer.EncodeForModel("hi<|eot_id|>", null, 64).Ids);
        Assert.Equal([Byte('1'), Byte('2'), Byte('3'), Byte('4')], tokenizer.Encode("1234"));
        Assert.Equal("<|reserved_special_token_250|>", tokenizer.TokenOf(128_255));
        // What lies beside the file goes before: 128,004 has another name since Llama 3.1.
        _folder.Write("tokenizer_config.json", """{"tokenizer_class":"PreTrainedTokenizerFast","bos_token":"<|begin_of_text|>","eos_token":"<|eot_id|>","added_tokens_decoder":{"128004":{"content":"<|finetune_right_pad_id|>","special":true}}}""");
        var later = TokenizerFile.Load(file);
        Assert.Equal([128_000, 128_004], later.EncodeForModel("<|finetune_right_pad_id|>", null, 64).Ids);
        Assert.Equal(128_009, later.Special.Eos);
    }

    [Fact]
    public void Qwen_composes_texts_first()
    {
        var tokenizer = TokenizerFile.Load(Vocabulary("qwen.tiktoken"));
        Assert.Equal([0xC3, 0xA9], tokenizer.Encode("e\u0301"));
        Assert.Equal([151_644, Byte('a')], tokenizer.Encode("<|im_start|>a"));
    }

    [Fact]
    public void A_class_beside_the_file_says_how_texts_are_cut()
    {
        var file = Vocabulary("my.tiktoken", "12");
        var fault = Assert.Throws<DecantException>(() => TokenizerFile.Load(file)).Message;
        Assert.StartsWith($"{file} is a vocabulary of tiktoken", fault);
        Assert.Contains("cl100k_base.tiktoken", fault);
        Assert.Contains("here are 257", fault);
        Assert.Contains("tokenizer.json", fault);
        _folder.Write("tokenizer_config.json", """{"tokenizer_class":"GPT2Tokenizer"}""");
        Assert.Equal([256], TokenizerFile.Load(file).Encode("12"));
        _folder.Write("tokenizer_config.json", """{"tokenizer_class":"Qwen2Tokenizer"}"""); // cuts every digit off
        Assert.Equal([Byte('1'), Byte('2')], TokenizerFile.Load(file).Encode("12"));
        _folder.Write("tokenizer_config.json", """{"tokenizer_class":"OwnTokenizer"}""");
        Assert.Throws<DecantException>(() => TokenizerFile.Load(file));
    }

    [Theory]
    [InlineData("IQ== 0\nIg== 1\n", "expected a token for each of the 256 bytes, and 0x")]
    [InlineData("IQ== 0\nIQ== 1\n", ":2: the token or its rank 1 was there already")]
    [InlineData("IQ== 0\nIg== 0\n", ":2: the token or its rank 0 was there already")]
    [InlineData("IQ== 0\n!! 1\n", ":2: expected a token of at most 1,024 bytes in base 64, a space and its rank, came '!! 1'")]
    [InlineData("IQ== 0\nIg== -1\n", ":2: expected a token")]
    [InlineData("IQ== 0\nIg==\n", ":2: expected a token")]
    public void A_damaged_file_is_named_with_its_line(string content, string expected)
    {
        var file = _folder.Write("cl100k_base.tiktoken", content);
        var fault = Assert.Throws<DecantException>(() => TokenizerFile.Load(file)).Message;
        Assert.StartsWith(file, fault);
        Assert.Contains(expected, fault);
    }

    private static int Byte(char c) => c;

    /// <summary>A token for every byte, by its value, and then some.</summary>
    private string Vocabulary(string name, params string[] more) => _folder.Write(name, string.Concat(
        Enumerable.Range(0, 256).Select(value => new[] { (byte)value }).Concat(more.Select(Encoding.UTF8.GetBytes)).Select((token, rank) => $"{Convert.ToBase64String(token)} {rank}\n")));

    /// <summary>The file as OpenAI publishes it, out of the package that carries it.</summary>
    private string Published(string name)
    {
        var assembly = Assembly.Load($"Microsoft.ML.Tokenizers.Data.{char.ToUpperInvariant(name[0])}{name[1..].Replace("_b", "B", StringComparison.Ordinal)}");
        var resource = Assert.Single(assembly.GetManifestResourceNames(), n => n.Contains("tiktoken", StringComparison.Ordinal));
        using var packed = assembly.GetManifestResourceStream(resource)!;
        using var unpacked = new DeflateStream(packed, CompressionMode.Decompress);
        var content = new MemoryStream();
        unpacked.CopyTo(content);
        // The package has the number of tokens in the first line and leaves the ranks out: they are the numbers of the lines after it.
        var lines = Encoding.UTF8.GetString(content.ToArray()).Split('\n').Skip(1).Select(line => line.TrimEnd('\r')).ToArray();
        return _folder.Write(name + ".tiktoken", string.Concat(lines.Select((line, rank) => line.Length == 0 ? "" : $"{line} {rank}\n")));
    }

    /// <summary>Texts of this repository's own documents, line by line, and some that are hard to cut.</summary>
    private static IEnumerable<string> Texts()
    {
        string[] hard =
        [
            "", " ", "   ", "\n", "\r\n\r\n", "a\n\n b", "  two  spaces  ", "don't DON'T I'LL we’ve 'S's", "1234567 12 3.14 ½ ², Ⅷ", "naïve café e\u0301", "你好，世界！ 今天天气很好。", "日本語のテキスト", "한국어 문장",
            "Привет, как дела?", "مرحبا بالعالم", "नमस्ते दुनिया", "😀👨‍👩‍👧‍👦🇩🇪", "camelCaseWord HTTPServer iPhone", "x = y*2 + /* c */ foo(bar); //", "\t\tindent\n\t\t\tmore", new string(' ', 90) + "x", new string('=', 70), "ſ 'ſ", "A\u00A0B\u2003C",
            "ǅungla ʰ ͅ", "a/b/c\n/d", "<html><p class=\"x\">&nbsp;</p>",
        ];
        foreach (var text in hard) yield return text;
        foreach (var file in new[] { "README.md", "docs/own-data.md", "docs/recipes.md", "docs/glossary.md", "docs/language-models.md" })
            foreach (var line in File.ReadLines(Repository.Find(file)).Where(line => line.Length > 0 && !line.Contains("<|", StringComparison.Ordinal))) yield return line;
    }
}
