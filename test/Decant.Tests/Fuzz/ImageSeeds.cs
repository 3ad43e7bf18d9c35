using System.IO.Compression;
using Decant.Data.Sources;
using Decant.Runs.Recipes.Templates;

namespace Decant.Tests.Fuzz;

/// <summary>Images and labels in IDX and CIFAR's files, plain and packed.</summary>
internal static class ImageSeeds
{
    private static readonly byte[] s_images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    private static readonly byte[] s_labels = [0, 0, 8, 1, 0, 0, 0, 2, 7, 0];

    public static IEnumerable<FuzzSeed> All()
    {
        foreach (var (file, content, head) in new[] { ("images", s_images, 16), ("labels", s_labels, 8) })
        {
            var seed = new FuzzSeed("images: IDX", file, content, (good, other, random) => ByteDamage.Of(good, other, random, 0, head), ReadIdx)
            {
                Beside = new Dictionary<string, byte[]> { [file == "images" ? "labels" : "images"] = file == "images" ? s_labels : s_images },
            };
            yield return seed;
            yield return seed with { Format = "images: IDX packed", Wrap = Packed };
            yield return seed with { Format = "images: IDX packed", Content = Packed(content), Damage = (good, other, random) => ByteDamage.Of(good, other, random, 0, good.Length) };
        }

        byte[] record = [3, .. Enumerable.Range(0, 3072).Select(i => (byte)i)];
        foreach (var (labels, content) in new[] { (CifarLabels.Cifar10, record), (CifarLabels.Cifar100Fine, [1, .. record]) })
        {
            var seed = new FuzzSeed("images: CIFAR", "a.bin", content, (good, other, random) => ByteDamage.Of(good, other, random, 0, 2), folder => DataSeeds.ReadAll(new CifarOptions { Files = [Path.Combine(folder, "a.bin")], Labels = labels }));
            yield return seed;
            yield return seed with { Wrap = Packed };
        }

        yield return new("images: a new recipe's", "images.idx.gz", s_images, (good, other, random) => random.Next(2) == 0 ? Packed(ByteDamage.Of(good, other, random, 0, 16)) : ByteDamage.Of(Packed(good), other, random, 0, 20), folder =>
            RecipeTemplates.Write(new TemplateRequest { Task = "image-classification", Data = Path.Combine(folder, "images.idx.gz") }))
        {
            Wrap = b => b is [0x1F, 0x8B, ..] ? b : Packed(b),
        };
    }

    /// <summary>Packed with gzip.</summary>
    public static byte[] Packed(byte[] content)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
            gzip.Write(content);
        return memory.ToArray();
    }

    private static void ReadIdx(string folder) => DataSeeds.ReadAll(new IdxOptions { Images = Path.Combine(folder, "images"), Labels = Path.Combine(folder, "labels") });
}
