using System.IO.Compression;
using Decant.Export.Loading;
using Decant.Export.Safetensors;
using Decant.Tests.Export;
using Decant.Torch;

namespace Decant.Tests.Fuzz;

/// <summary>The good files that mutations begin with: every golden checkpoint as it is, the pickles of its archives alone, safetensors, indexes.</summary>
internal static class WeightSeeds
{
    // A pickle's opcode of one byte makes a dictionary of some hundred; every file costs its map, its buffers, and an exception.
    private const long PerByte = 256, PerFile = 1 << 18;

    public static IEnumerable<FuzzSeed> All()
    {
        foreach (var path in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Golden", "pytorch"), "*.pt").Order(StringComparer.Ordinal))
        {
            var bytes = File.ReadAllBytes(path);
            yield return Of("weights: PyTorch", "x.bin", bytes, (good, other, random) => ByteDamage.Of(good, other, random, 0, good.Length));
            if (!path.Contains("legacy", StringComparison.Ordinal))
                yield return Pickle(path);
        }

        var whole = Safetensors();
        var header = 8 + (int)BitConverter.ToInt64(whole);
        yield return Of("weights: safetensors", "x.safetensors", whole, (good, other, random) => ByteDamage.Of(good, other, random, 0, header));
        yield return Of("weights: safetensors header", "x.safetensors", whole[8..header], JsonDamage.Of) with { Wrap = text => [.. BitConverter.GetBytes((long)text.Length), .. text, .. whole[header..]] };
        yield return Of("weights: shard index", "x.index.json", """{"metadata": {"total_size": 21}, "weight_map": {"a": "s.safetensors", "b.c": "s.safetensors"}}"""u8.ToArray(), JsonDamage.Of) with
        {
            Beside = new Dictionary<string, byte[]> { ["s.safetensors"] = whole },
        };
    }

    private static FuzzSeed Of(string format, string file, byte[] content, Damage damage) =>
        new(format, file, content, damage, folder => Read(Path.Combine(folder, file))) { BytesPerByte = PerByte, BytesPerFile = PerFile };

    private static void Read(string path)
    {
        using var weights = Weights.Open(path);
        foreach (var (name, stored) in weights.Tensors)
        {
            Assert.True(stored.ByteCount <= new FileInfo(stored.File).Length, $"{name} has more bytes than its file");
            using var each = TensorScope.Open();
            weights.View(name).Clone();
        }
    }

    // The archive stays whole, so that the pickle inside is really read.
    private static FuzzSeed Pickle(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        var files = archive.Entries.ToDictionary(e => "a/" + e.FullName[(e.FullName.IndexOf('/') + 1)..], Read);
        var pickle = files["a/data.pkl"];
        var others = files.Where(f => f.Key != "a/data.pkl").Select(f => (f.Key, f.Value)).ToArray();
        return Of("weights: pickle in an archive", "x.bin", pickle, (good, other, random) => ByteDamage.Of(good, other, random, 0, good.Length)) with { Wrap = b => MadeArchive.Of(b, others) };
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    private static byte[] Safetensors()
    {
        using var scope = TensorScope.Open();
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, new Dictionary<string, Tensor>
        {
            ["a"] = Tensor.From([1f, 2f]),
            ["b.c"] = Tensor.From([true]),
            ["d"] = Tensor.Scalar(1, DType.Int64),
            ["half"] = Tensor.Ones([2, 3], DType.BFloat16),
            ["empty"] = Tensor.Empty([0, 3]),
        });
        return stream.ToArray();
    }
}
