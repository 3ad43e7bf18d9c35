using System.Buffers.Binary;
using Decant.Export.Gguf;
using Decant.Export.Gguf.Format;
using Decant.Torch;

namespace Decant.Tests.Export.Gguf;

/// <summary>GGUF files by their bytes: what is written, what is read, and what is refused.</summary>
public sealed class GgufFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Bytes_stand_where_the_format_has_them()
    {
        var path = Path.Combine(_folder.Path, "a.gguf");
        using var scope = TensorScope.Open();
        GgufWriter.Write(path, [new("general.architecture", "x")], [new("w", [2, 3], () => Tensor.From(new float[] { 1, 2, 3, 4, 5, 6 }, 2, 3)), new("b", [1], () => Tensor.From(new float[] { 7 }, 1))]);
        byte[] head =
        [
            .. "GGUF"u8, 3, 0, 0, 0, .. Number(2), .. Number(1), // version, tensors, settings
            .. Text("general.architecture"), 8, 0, 0, 0, .. Text("x"), // kind 8: text
            .. Text("w"), 2, 0, 0, 0, .. Number(3), .. Number(2), 0, 0, 0, 0, .. Number(0), // the row first, float32
            .. Text("b"), 1, 0, 0, 0, .. Number(1), 0, 0, 0, 0, .. Number(32),
        ];
        var begin = (head.Length + 31) / 32 * 32;
        var bytes = File.ReadAllBytes(path);
        Assert.Equal(head, bytes[..head.Length]);
        Assert.All(bytes[head.Length..begin], padding => Assert.Equal(0, padding));
        Assert.Equal([1f, 2, 3, 4, 5, 6], Enumerable.Range(0, 6).Select(i => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(begin + (4 * i)))));
        Assert.Equal(7f, BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(begin + 32)));
        Assert.Equal(begin + 64, bytes.Length);
    }

    [Fact]
    public void What_is_written_is_read()
    {
        var path = Path.Combine(_folder.Path, "a.gguf");
        using var scope = TensorScope.Open();
        GgufWriter.Write(
            path,
            [
                new("general.architecture", "llama"), new("u", 7u), new("f", 0.5f), new("yes", true), new("no", false), new("text", "中 \n"), new("texts", new[] { "a", "" }),
                new("floats", new[] { 1.5f, -2 }), new("ints", new[] { -1, 3 }), new("none", Array.Empty<string>()), new("bytes", new byte[] { 1, 255 }),
            ],
            [new("w", [2, 32], () => Tensor.Zeros([2, 32])) { Type = GgufType.Q8 }]);
        var file = GgufFile.Open(path);
        Assert.True(GgufFile.IsOne(path));
        Assert.Equal("llama", file.Architecture);
        Assert.Equal(7, file.Whole("u"));
        Assert.Equal(0.5, file.Settings["f"]);
        Assert.True(file.Bool("yes"));
        Assert.False(file.Bool("no"));
        Assert.Null(file.Bool("absent"));
        Assert.Equal("中 \n", file.Text("text"));
        Assert.Equal(["a", ""], file.List<string>("texts")!);
        Assert.Equal([1.5, -2], file.List<double>("floats")!);
        Assert.Equal([-1L, 3], file.List<long>("ints")!);
        Assert.Equal([1L, 255], file.List<long>("bytes")!);
        Assert.Empty(file.List<string>("none")!);
        var tensor = Assert.Single(file.Tensors).Value;
        Assert.Equal((2, 32, "Q8_0", 68), (tensor.Shape[0], tensor.Shape[1], tensor.Type.Name, tensor.Bytes));
        Assert.Contains("expected a whole number from 0 to 2147483647, came 'llama'", Assert.Throws<DecantException>(() => file.Whole("general.architecture")).Message);
        Assert.Contains("expected a text, came 7", Assert.Throws<DecantException>(() => file.Text("u")).Message);
    }

    [Fact]
    public void Blocks_of_8_bits_by_hand()
    {
        var numbers = new float[32];
        (numbers[0], numbers[1], numbers[2], numbers[31]) = (127, -63.5f, 0.5f, -127);
        var bytes = new byte[34];
        GgufBlocks.Encode(numbers, GgufType.Q8, bytes, "w");
        Assert.Equal(1, (double)BinaryPrimitives.ReadHalfLittleEndian(bytes)); // 127 ÷ 127
        Assert.Equal([127, -64, 1, 0], bytes[2..6].Select(b => (int)(sbyte)b)); // halves go away from 0
        Assert.Equal(-127, (sbyte)bytes[33]);
    }

    [Fact]
    public void Blocks_of_4_bits_by_hand()
    {
        var numbers = new float[32];
        (numbers[0], numbers[1], numbers[16], numbers[17]) = (-8, 7, 8, 0.4f);
        var bytes = new byte[18];
        GgufBlocks.Encode(numbers, GgufType.Q4, bytes, "w");
        Assert.Equal(1, (double)BinaryPrimitives.ReadHalfLittleEndian(bytes)); // −8 becomes −8: the first of the largest magnitude
        Assert.Equal([0x0 | (15 << 4), 15 | (8 << 4), 8 | (8 << 4)], bytes[2..5].Select(b => (int)b)); // 8 would be 16, and 15 is the most
        GgufBlocks.Encode(new float[32], GgufType.Q4, bytes, "w");
        Assert.Equal(0, (double)BinaryPrimitives.ReadHalfLittleEndian(bytes));
    }

    [Theory]
    [InlineData(GgufWeights.Q8, "Q8_0")]
    [InlineData(GgufWeights.Q4, "Q4_0")]
    public void Blocks_are_those_of_llama_cpp_to_the_bit(GgufWeights weights, string type)
    {
        using var model = GgufFixture.Model(GgufFixture.Decoder("llama", """{"hidden_size":128,"num_attention_heads":8,"intermediate_size":192}"""));
        var (own, plain, theirs) = (GgufFixture.Write(_folder, model, GgufFixture.Bytes, new() { Weights = weights }).Path, GgufFixture.Write(_folder, model, GgufFixture.Bytes, new() { Weights = GgufWeights.F32 }).Path, Path.Combine(_folder.Path, "theirs.gguf"));
        Assert.True(LlamaCpp.Quantize(plain, theirs, type));
        var (a, b) = (GgufFile.Open(own), GgufFile.Open(theirs));
        var compared = 0;
        foreach (var (name, tensor) in a.Tensors.Where(t => t.Value.Shape.Count > 1 && b.Tensors[t.Key].Type == t.Value.Type))
        {
            Assert.Equal(Bytes(own, tensor), Bytes(theirs, b.Tensors[name]));
            compared++;
        }

        Assert.True(compared >= 14, $"{compared} matrices of the same type");
    }

    [Fact]
    public void Rows_that_are_no_whole_blocks_stay_float16_and_that_is_said()
    {
        using var model = GgufFixture.Model(GgufFixture.Decoder("llama", """{"intermediate_size":80}"""));
        var report = GgufFixture.Write(_folder, model, GgufFixture.Bytes, new() { Weights = GgufWeights.Q8 });
        Assert.Contains("2 of 16 matrices stay float16", Assert.Single(report.Notes));
        Assert.Contains("(80 numbers) are not whole blocks of 32", report.Notes[0]);
        Assert.Equal(["blk.0.ffn_down.weight", "blk.1.ffn_down.weight"], GgufFile.Open(report.Path).Tensors.Where(t => t.Value.Type == GgufType.F16).Select(t => t.Key));
        using var llama = LlamaCpp.Open(report.Path);
        Assert.Equal(400, Assert.Single(llama.Logits([7])).Length);
    }

    [Fact]
    public void Equal_models_give_equal_bytes()
    {
        using var model = GgufFixture.Model(GgufFixture.Decoder("qwen3"));
        Assert.Equal(File.ReadAllBytes(GgufFixture.Write(_folder, model, GgufFixture.Bytes).Path), File.ReadAllBytes(GgufFixture.Write(_folder, model, GgufFixture.Bytes).Path));
    }

    public static TheoryData<string, byte[]> Damaged => new()
    {
        { "it is empty", [] },
        { "first four bytes", [.. "GGML"u8, 3, 0, 0, 0] },
        { "its version is 1", [.. "GGUF"u8, 1, 0, 0, 0, .. Number(0), .. Number(0)] },
        { "reach beyond", [.. "GGUF"u8, 3, 0] },
        { "settings, which its 24 bytes cannot hold", [.. "GGUF"u8, 3, 0, 0, 0, .. Number(0), .. Number(1L << 40)] },
        { "tensors, which its 24 bytes cannot hold", [.. "GGUF"u8, 3, 0, 0, 0, .. Number(1L << 62), .. Number(0)] },
        { "larger than any file", [.. "GGUF"u8, 3, 0, 0, 0, .. Number(-1), .. Number(0)] },
        { "the key a comes twice", [.. "GGUF"u8, 3, 0, 0, 0, .. Number(0), .. Number(2), .. Setting("a", 7, [1]), .. Setting("a", 7, [1]), .. new byte[32]] },
        { "a is 2; 0 or 1 is needed", [.. "GGUF"u8, 3, 0, 0, 0, .. Number(0), .. Number(1), .. Setting("a", 7, [2]), .. new byte[32]] },
        { "is of kind 13", [.. "GGUF"u8, 3, 0, 0, 0, .. Number(0), .. Number(1), .. Setting("a", 13, [1]), .. new byte[32]] },
        { "no UTF-8", [.. "GGUF"u8, 3, 0, 0, 0, .. Number(0), .. Number(1), .. Setting("a", 8, [.. Number(1), 0xFF]), .. new byte[32]] },
        { "items of a", [.. "GGUF"u8, 3, 0, 0, 0, .. Number(0), .. Number(1), .. Setting("a", 9, [8, 0, 0, 0, .. Number(1 << 20)]), .. new byte[32]] },
        { "a power of two", [.. "GGUF"u8, 3, 0, 0, 0, .. Number(0), .. Number(1), .. Setting("general.alignment", 4, [3, 0, 0, 0]), .. new byte[32]] },
        { "general.architecture is missing", [.. "GGUF"u8, 3, 0, 0, 0, .. Number(0), .. Number(0)] },
        { "1 to 4 are expected", [.. OneTensor("w", [1, 1, 1, 1, 1], 0, 0), .. new byte[64]] },
        { "a size of the tensor w is 0", [.. OneTensor("w", [0], 0, 0), .. new byte[64]] },
        { "type 4, which is not known", [.. OneTensor("w", [4], 4, 0), .. new byte[64]] },
        { "has blocks of 32", [.. OneTensor("w", [33], 8, 0), .. new byte[64]] },
        { "no multiple of 32", [.. OneTensor("w", [4], 0, 8), .. new byte[64]] },
        { "reaches beyond", [.. OneTensor("w", [4], 0, 1 << 20), .. new byte[64]] },
        { "reaches beyond the file's", [.. OneTensor("w", [1L << 31, 1L << 31, 1L << 31, 1L << 31], 0, 0), .. new byte[64]] },
        { "1 to 63 are expected", [.. OneTensor(new string('w', 64), [4], 0, 0), .. new byte[64]] },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void A_damaged_file_is_refused_with_what_is_wrong(string expected, byte[] content)
    {
        var path = _folder.Write("damaged.gguf", content);
        var message = Assert.Throws<DecantException>(() => GgufFile.Open(path).Architecture).Message;
        Assert.StartsWith(path, message);
        Assert.Contains(expected, message);
    }

    private static byte[] Bytes(string path, GgufEntry tensor) => File.ReadAllBytes(path).AsSpan((int)tensor.Offset, (int)tensor.Bytes).ToArray();

    private static byte[] Number(long number) => BitConverter.GetBytes(number);

    private static byte[] Text(string text) => [.. Number(text.Length), .. System.Text.Encoding.ASCII.GetBytes(text)];

    private static byte[] Setting(string key, int kind, byte[] value) => [.. Text(key), .. BitConverter.GetBytes(kind), .. value];

    private static byte[] OneTensor(string name, long[] sizes, int type, long offset) =>
        [.. "GGUF"u8, 3, 0, 0, 0, .. Number(1), .. Number(0), .. Text(name), .. BitConverter.GetBytes(sizes.Length), .. sizes.SelectMany(Number), .. BitConverter.GetBytes(type), .. Number(offset)];
}
