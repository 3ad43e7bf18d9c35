using Decant.Export.Gguf.Format;
using Decant.LLama;
using Decant.LLama.Native;
using Decant.Tests.Export.Gguf;
using Decant.Text;

namespace Decant.Tests.LLama;

/// <summary>Tokenizers read from GGUF files give the ids that llama.cpp gives.</summary>
public sealed class StoredTokenizerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("llama")]
    [InlineData("gpt2")]
    [InlineData("bert")]
    public void The_ids_are_those_of_the_tokenizer_that_was_written_and_of_llama_cpp(string kind)
    {
        var (written, path) = Write(kind);
        var file = GgufOpening.Checked(path);
        var read = GgufOpening.TokenizerOf(file);
        using var opened = LlamaFile.Open(file, tokensOnly: true);
        string[] texts = [.. GgufFixture.Texts.Select(text => string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries))), "a", "naïve café, 北京!", "tab\tand\nline", "emoji 👩‍🚀 x"];
        foreach (var text in texts)
        {
            Assert.Equal(written.Encode(text), read.Encode(text));
            if (kind != "gpt2") // a file says nothing of what closes a text that is continued
                Assert.Equal(written.EncodeForModel(text, null, 1000).Ids, read.EncodeForModel(text, null, 1000).Ids);
            Assert.Equal(opened.Tokenize(text, isFramed: false), read.Encode(text));
        }

        Assert.Equal(written.VocabularySize, read.VocabularySize);
        Assert.Equal(written.TokenToId.OrderBy(t => t.Value), read.TokenToId.OrderBy(t => t.Value));
        Assert.Equal(kind == "gpt2" ? 3 : kind == "llama" ? 3 : 102, read.Special.Eos); // what the settings of the model say
        Assert.Equal(written.Special.Pad, read.Special.Pad);
        Assert.Equal(written.Decode(written.Encode(texts[0])), read.Decode(read.Encode(texts[0])));
        TokenizerAgreement.RequireIds(read, opened, GgufFixture.Texts, isFramed: kind == "bert");
    }

    [Fact]
    public void A_text_that_becomes_other_ids_is_an_error_with_the_text_and_both_ids()
    {
        var (_, path) = Write("bert");
        using var opened = LlamaFile.Open(GgufOpening.Checked(path), tokensOnly: true);
        var error = Assert.Throws<DecantException>(() => TokenizerAgreement.RequireIds(GgufFixture.Bytes, opened, ["so good"], isFramed: false));
        Assert.Contains("'so good', from token 1 on: [", error.Message, StringComparison.Ordinal);
        Assert.Contains($"[{string.Join(' ', GgufFixture.Words.Encode("so good"))}] there", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_vocabulary_is_an_error_with_ids_that_differ()
    {
        var (_, path) = Write("llama");
        var error = Assert.Throws<DecantException>(() => GgufTeacher.Open(new() { File = path }, GgufFixture.Bytes));
        Assert.Contains("it has 512 tokens, the recipe's 400", error.Message, StringComparison.Ordinal);
        Assert.Contains("0 is '<unk>' in the file and ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpt2", "pre", "tekken", "cuts text by 'tekken'")]
    [InlineData("gpt2", "model", "rwkv", "of the kind 'rwkv'")]
    public void A_tokenizer_that_is_not_served_is_refused_by_name(string kind, string key, string value, string expected)
    {
        var (_, path) = Write(kind);
        GgufEdit.Text(path, $"tokenizer.ggml.{key}", value);
        var error = Assert.Throws<DecantException>(() => GgufOpening.TokenizerOf(GgufFile.Open(path)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("input.tokenizer", error.Message, StringComparison.Ordinal);
    }

    private (ITokenizer Tokenizer, string Path) Write(string kind)
    {
        using var made = kind == "bert" ? GgufModels.Encoder() : GgufModels.Decoder(kind);
        var path = Path.Combine(_folder.Path, "model.gguf");
        File.Copy(made.File, path);
        return (made.Tokenizer, path);
    }
}
