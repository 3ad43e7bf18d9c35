using System.IO.Compression;
using System.Text;
using Decant.Export;
using Decant.Torch;

namespace Decant.Tests.Export.Fuzz;

/// <summary>A good file and the part of it that is mutated; <paramref name="Wrap"/> makes the file of the mutated part.</summary>
internal sealed record FuzzSeed(string Name, byte[] Bytes, int From, int To, Func<byte[], byte[]> Wrap);

/// <summary>The good files that mutations begin with: every golden checkpoint as it is, the pickles of its archives alone, safetensors, indexes.</summary>
internal static class FuzzCorpus
{
    public static IReadOnlyList<FuzzSeed> Make(TemporaryFolder folder)
    {
        var seeds = new List<FuzzSeed>();
        foreach (var path in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Golden", "pytorch"), "*.pt").Order())
        {
            var bytes = File.ReadAllBytes(path);
            seeds.Add(new(Path.GetFileName(path), bytes, 0, bytes.Length, b => b));
            if (!path.Contains("legacy", StringComparison.Ordinal))
                seeds.Add(Pickle(path));
        }

        seeds.Add(Safetensors(folder));
        seeds.Add(Safetensors(folder) with { Name = "header alone", Wrap = WithLength });
        var index = Encoding.UTF8.GetBytes("""{"metadata": {"total_size": 8}, "weight_map": {"a": "s.safetensors", "b.c": "s.safetensors"}}""");
        seeds.Add(new("x.index.json", index, 0, index.Length, b => b));
        return seeds;
    }

    // The archive stays whole, so that the pickle inside is really read.
    private static FuzzSeed Pickle(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        var files = archive.Entries.ToDictionary(e => "a/" + e.FullName[(e.FullName.IndexOf('/') + 1)..], Read);
        var pickle = files["a/data.pkl"];
        var others = files.Where(f => f.Key != "a/data.pkl").Select(f => (f.Key, f.Value)).ToArray();
        return new($"the pickle of {Path.GetFileName(path)}", pickle, 0, pickle.Length, b => MadeArchive.Of(b, others));
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    private static FuzzSeed Safetensors(TemporaryFolder folder)
    {
        using var scope = TensorScope.Open();
        var path = Path.Combine(folder.Path, "seed.safetensors");
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor>
        {
            ["a"] = Tensor.From([1f, 2f]),
            ["b.c"] = Tensor.From([true]),
            ["d"] = Tensor.Scalar(1, DType.Int64),
            ["half"] = Tensor.Ones([2, 3], DType.BFloat16),
            ["empty"] = Tensor.Empty([0, 3]),
        });
        var bytes = File.ReadAllBytes(path);
        return new("x.safetensors", bytes, 0, 8 + (int)BitConverter.ToInt64(bytes), b => b);
    }

    // The length before the header is put right, so that the header is really read.
    private static byte[] WithLength(byte[] bytes)
    {
        var end = bytes.AsSpan().LastIndexOf((byte)'}');
        if (end < 8)
            return bytes;
        while (end + 1 < bytes.Length && bytes[end + 1] == ' ')
            end++;
        BitConverter.GetBytes((long)end + 1 - 8).CopyTo(bytes, 0);
        return bytes;
    }
}
