using System.Buffers.Binary;
using System.Text;
using Decant.Export.Safetensors;
using Decant.Torch;

namespace Decant.Tests.Export;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TensorScope _scope = TensorScope.Open();
    private readonly TemporaryFolder _folder = new();

    private string Target => Path.Combine(_folder.Path, "w.safetensors");

    [Fact]
    public void Every_type_comes_back_as_it_went()
    {
        var tensors = new Dictionary<string, Tensor>
        {
            ["f64"] = Tensor.From([1.5, -2.25]),
            ["f32"] = Tensor.From([1.5f, -2.25f, 3f]),
            ["f16"] = Tensor.From([(Half)0.5, (Half)(-65504)]),
            ["bf16"] = Tensor.From([1.5f, 3e38f]).To(DType.BFloat16),
            ["i64"] = Tensor.From([long.MinValue, long.MaxValue], 2, 1),
            ["i32"] = Tensor.From([int.MinValue, 7]),
            ["i16"] = Tensor.From([short.MinValue, (short)7, (short)9]),
            ["i8"] = Tensor.From([sbyte.MinValue]),
            ["u8"] = Tensor.From([(byte)0, (byte)255, (byte)3]),
            ["bool"] = Tensor.From([true, false, true]),
            ["scalar"] = Tensor.Scalar(4, DType.Int64),
            ["empty"] = Tensor.Empty([0, 3]),
            ["名前"] = Tensor.From([1f]),
        };
        SafetensorsWriter.Write(Target, tensors);
        using var file = SafetensorsFile.Open(Target);
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal(tensors.Keys.Order(StringComparer.Ordinal), file.Entries.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, expected) in tensors)
        {
            Same(expected, file.Read(name));
            Same(expected, file.View(name));
        }
    }

    [Fact]
    public void Tensors_that_are_views_are_written_as_they_look()
    {
        var tensor = Tensor.From([1f, 2f, 3f, 4f, 5f, 6f], 2, 3).Transpose(0, 1);
        SafetensorsWriter.Write(Target, new Dictionary<string, Tensor> { ["t"] = tensor });
        using var file = SafetensorsFile.Open(Target);
        Assert.Equal([3, 2], file.Read("t").Shape);
        Assert.Equal([1f, 4f, 2f, 5f, 3f, 6f], file.Read("t").ToArray<float>());
    }

    [Fact]
    public void Equal_tensors_give_equal_bytes_in_whatever_order_they_come()
    {
        Tensor[] values = [Tensor.From([1f, 2f]), Tensor.Scalar(3, DType.Int64), Tensor.From([(byte)1, (byte)2, (byte)3])];
        SafetensorsWriter.Write(Target, new Dictionary<string, Tensor> { ["a"] = values[0], ["b"] = values[1], ["c"] = values[2] });
        var first = File.ReadAllBytes(Target);
        SafetensorsWriter.Write(Target, new Dictionary<string, Tensor> { ["c"] = values[2], ["b"] = values[1], ["a"] = values[0] });
        Assert.Equal(first, File.ReadAllBytes(Target));
        Assert.Equal(0L, BinaryPrimitives.ReadInt64LittleEndian(first) % 8);
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_view_lives_longer_than_the_file_and_writing_to_it_leaves_the_file_alone()
    {
        SafetensorsWriter.Write(Target, new Dictionary<string, Tensor> { ["t"] = Tensor.From([1f, 2f]) });
        Tensor view;
        using (var file = SafetensorsFile.Open(Target))
            view = file.View("t");
        view.MulInPlace(10);
        Assert.Equal([10f, 20f], view.ToArray<float>());
        using var again = SafetensorsFile.Open(Target);
        Assert.Equal([1f, 2f], again.Read("t").ToArray<float>());
    }

    [Fact]
    public void A_tensor_that_the_file_does_not_align_is_read_all_the_same()
    {
        var json = """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F32","shape":[2],"data_offsets":[1,9]}}""";
        var path = Make(json, [7, .. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2f)]);
        using var file = SafetensorsFile.Open(path);
        Assert.Equal([1.5f, -2f], file.View("b").ToArray<float>());
        Assert.Equal([1.5f, -2f], file.Read("b").ToArray<float>());
    }

    [Fact]
    public void A_name_that_is_not_there_is_told_with_those_that_are()
    {
        SafetensorsWriter.Write(Target, new Dictionary<string, Tensor> { ["t"] = Tensor.From([1f]) });
        using var file = SafetensorsFile.Open(Target);
        Assert.Contains("no tensor 'x'; it has t", Assert.Throws<DecantException>(() => file.Read("x")).Message);
    }

    [Theory]
    [InlineData("", "breaks off|JSON")]
    [InlineData("[]", "not a StartObject")]
    [InlineData("{", "JSON")]
    [InlineData("{} x", "JSON|follows")]
    [InlineData("""{"a":1}""", "not a StartObject")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", "lacks one of")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", "lacks one of")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", "more than 2")]
    [InlineData("""{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}""", "type 'F31'; known are F64")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "needs 8 bytes, its data_offsets span 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807],"data_offsets":[0,4]}}""", "larger than any file")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "from 0 to 8, but 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "from 4 to 0")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", "overlaps")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", "belong to no tensor")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", "1 bytes at its end belong to no tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "there twice")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "'dtype' twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"code":"x"}}""", "has 'code'")]
    [InlineData("""{"__metadata__":{"a":1},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "not a String")]
    public void A_header_that_lies_is_refused(string json, string said)
    {
        var path = Make(json, new byte[4]);
        var error = Assert.Throws<DecantException>(() => SafetensorsFile.Open(path));
        Assert.Contains(path, error.Message);
        Assert.Contains(said.Split('|'), error.Message.Contains);
    }

    [Theory]
    [InlineData(new byte[0], "it has 0 bytes")]
    [InlineData(new byte[] { 1, 2, 3 }, "it has 3 bytes")]
    [InlineData(new byte[] { 9, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}' }, "said to have 9 bytes, but the file has 10 in all")]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255 }, "18446744073709551615")]
    public void A_file_that_is_cut_off_is_refused_with_its_length(byte[] content, string said) =>
        Assert.Contains(said, Assert.Throws<DecantException>(() => SafetensorsFile.Open(_folder.Write("x", content))).Message);

    [Fact]
    public void A_missing_file_is_named()
    {
        Assert.Contains(Target, Assert.Throws<DecantException>(() => SafetensorsFile.Open(Target)).Message);
        Assert.Contains(_folder.Path, Assert.Throws<DecantException>(() => SafetensorsFile.Open(_folder.Path)).Message);
    }

    [Fact]
    public void A_name_that_is_no_Unicode_is_refused()
    {
        var json = Encoding.UTF8.GetBytes("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""");
        json[2] = 0xff;
        Assert.Contains("not UTF-8", Assert.Throws<DecantException>(() => SafetensorsFile.Open(Make(json, new byte[4]))).Message);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_told_and_nothing_is_left_behind()
    {
        var path = Path.Combine(_folder.Path, "no", "w.safetensors");
        var error = Assert.Throws<DecantException>(() => SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["t"] = Tensor.From([1f]) }));
        Assert.Equal(ExitCodes.Machine, error.ExitCode);
        Assert.Contains(path, error.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file()
    {
        _folder.Write("w.safetensors", "old");
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(Target, new Dictionary<string, Tensor> { ["__metadata__"] = Tensor.From([1f]) }));
        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Whatever_is_changed_in_a_header_the_file_is_read_or_refused_in_words()
    {
        SafetensorsWriter.Write(Target, new Dictionary<string, Tensor> { ["a"] = Tensor.From([1f, 2f]), ["b.c"] = Tensor.From([true]), ["d"] = Tensor.Scalar(1, DType.Int64) });
        var good = File.ReadAllBytes(Target);
        var header = (int)BinaryPrimitives.ReadInt64LittleEndian(good) + 8;
        var random = new Random(11);
        for (var round = 0; round < 3000; round++)
        {
            var bad = Mutate(good, header, random);
            File.WriteAllBytes(Target, bad);
            try
            {
                using var file = SafetensorsFile.Open(Target);
                using var scope = TensorScope.Open();
                Assert.True(file.Entries.Values.Sum(e => e.ByteCount) <= bad.Length);
                foreach (var tensor in file.ViewAll().Values)
                    tensor.Clone();
            }
            catch (DecantException error)
            {
                Assert.StartsWith(Target, error.Message);
            }
        }
    }

    [Fact]
    public void Files_do_not_pile_up_tensors_or_maps()
    {
        SafetensorsWriter.Write(Target, new Dictionary<string, Tensor> { ["t"] = Tensor.From([1f, 2f]) });
        var before = Tensor.LiveCount;
        for (var i = 0; i < 50; i++)
        {
            using var scope = TensorScope.Open();
            using var file = SafetensorsFile.Open(Target);
            file.View("t");
            file.Read("t");
        }

        Assert.Equal(before, Tensor.LiveCount);
        Assert.DoesNotContain(Target, File.ReadAllText("/proc/self/maps"));
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private static byte[] Mutate(byte[] good, int header, Random random)
    {
        var bad = good.ToArray();
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var at = random.Next(header);
            bad[at] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)"0123456789{}[],:\""[random.Next(17)],
                _ => good[random.Next(header)],
            };
        }

        return random.Next(8) == 0 ? bad[..random.Next(bad.Length)] : bad;
    }

    private string Make(string json, byte[] data) => Make(Encoding.UTF8.GetBytes(json), data);

    private string Make(byte[] json, byte[] data) => _folder.Write("made.safetensors", [.. BitConverter.GetBytes((long)json.Length), .. json, .. data]);

    private static void Same(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.DType, actual.DType);
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.To(DType.Float64).ToArray<double>(), actual.To(DType.Float64).ToArray<double>());
    }
}
