using Decant.Export.Gguf.Format;
using Decant.LLama;
using Decant.Tests.Export.Gguf;

namespace Decant.Tests.LLama;

/// <summary>GGUF files that are no teachers, each refused by what is wrong with it.</summary>
public sealed class GgufRefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_that_is_cut_off_is_refused_wherever_it_is_cut()
    {
        var path = Copy(GgufModels.Decoder());
        var whole = File.ReadAllBytes(path);
        foreach (var length in new[] { 0, 3, 24, 200, whole.Length / 2, whole.Length - 100 })
        {
            File.WriteAllBytes(path, whole[..length]);
            var error = Assert.Throws<DecantException>(() => GgufTeacher.Open(path));
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("llama.embedding_length", 65u, "embedding_length")]
    [InlineData("llama.block_count", 3u, "block_count is 3, and there are tensors of 2 layers")]
    [InlineData("llama.block_count", 0u, "block_count is 0")]
    [InlineData("llama.attention.head_count", 3u, "head_count is 3, which 2 heads of keys")]
    [InlineData("llama.attention.head_count", 8u, "is expected of 8 heads")]
    [InlineData("llama.attention.head_count_kv", 3u, "which 3 heads of keys")]
    [InlineData("llama.rope.dimension_count", 5u, "rope.dimension_count is 5")]
    [InlineData("llama.context_length", 0u, "context_length is 0")]
    [InlineData("llama.vocab_size", 500u, "vocab_size is 500, and its tokenizer has 512 tokens")]
    [InlineData("llama.attention.layer_norm_rms_epsilon", 0xBF800000u, "_epsilon is -1")]
    [InlineData("llama.rope.freq_base", 0x7FC00000u, "rope.freq_base is NaN")]
    [InlineData("tokenizer.ggml.eos_token_id", 512u, "eos_token_id is 512, and there are 512 tokens")]
    public void Settings_that_contradict_the_tensors_are_refused(string key, uint value, string expected)
    {
        var path = Copy(GgufModels.Decoder());
        GgufEdit.Number(path, key, value);
        Assert.Contains(expected, Assert.Throws<DecantException>(() => GgufTeacher.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_is_none_is_refused_with_its_tensor()
    {
        var path = Copy(GgufModels.Decoder());
        var tensor = GgufFile.Open(path).Tensors["blk.1.ffn_up.weight"];
        using (var stream = File.OpenWrite(path))
        {
            stream.Position = tensor.Offset + 200;
            stream.Write([0x00, 0x7E]); // not a number, in float16
        }

        Assert.Contains("the tensor blk.1.ffn_up.weight has a number that is none", Assert.Throws<DecantException>(() => GgufTeacher.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_llama_cpp_says_of_an_architecture_that_it_does_not_have_is_in_the_error()
    {
        var path = Copy(GgufModels.Decoder());
        foreach (var key in GgufFile.Open(path).Settings.Keys.Where(key => key.StartsWith("llama.", StringComparison.Ordinal)).ToArray())
            GgufEdit.Rename(path, key, "nolma." + key[6..]);
        GgufEdit.Text(path, "general.architecture", "nolma");
        var error = Assert.Throws<DecantException>(() => GgufTeacher.Open(path));
        Assert.Contains("llama.cpp cannot open it (nolma)", error.Message, StringComparison.Ordinal);
        Assert.Contains("unknown model architecture: 'nolma'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_of_a_model_is_refused_and_how_parts_are_joined_is_said()
    {
        var path = Copy(GgufModels.Decoder());
        GgufEdit.Add(path, "split.count", 3);
        var error = Assert.Throws<DecantException>(() => GgufTeacher.Open(path));
        Assert.Contains("one of 3 parts", error.Message, StringComparison.Ordinal);
        Assert.Contains("--merge", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_embeddings_is_no_language_model_and_the_other_way_round()
    {
        using var encoder = GgufModels.SmallEncoder();
        using var decoder = GgufModels.Decoder();
        Assert.Contains("gives no logits", Assert.Throws<DecantException>(() => GgufOpening.Decoder(new() { File = encoder.File }, encoder.Tokenizer)).Message, StringComparison.Ordinal);
        Assert.Contains("llama.pooling_type", Assert.Throws<DecantException>(() => GgufOpening.Encoder(new() { File = decoder.File }, decoder.Tokenizer)).Message, StringComparison.Ordinal);
        using var vectors = GgufTeacher.Open(encoder.File);
        Assert.Contains("gives no logits", Assert.Throws<DecantException>(() => vectors.Logits([1])).Message, StringComparison.Ordinal);
        Assert.Contains("gives no logits", Assert.Throws<DecantException>(() => vectors.Generate(["a"])).Message, StringComparison.Ordinal);
        using var language = GgufTeacher.Open(decoder.File);
        Assert.Contains("makes no vectors", Assert.Throws<DecantException>(() => language.Embed(["a"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Something_else_is_no_GGUF_file()
    {
        var path = Path.Combine(_folder.Path, "other.gguf");
        Assert.Contains("cannot be read", Assert.Throws<DecantException>(() => GgufTeacher.Open(path)).Message, StringComparison.Ordinal);
        File.WriteAllText(path, "PK, and what belongs to a zip file, of some length");
        Assert.Contains("are not GGUF", Assert.Throws<DecantException>(() => GgufTeacher.Open(path)).Message, StringComparison.Ordinal);
    }

    private string Copy(GgufModels made)
    {
        using (made)
        {
            var path = Path.Combine(_folder.Path, $"{Guid.NewGuid():N}.gguf");
            File.Copy(made.File, path);
            return path;
        }
    }
}
