using Decant.Data.Columns;
using Decant.Data.Pictures;

namespace Decant.Tests.Fuzz;

/// <summary>Parquet files of several compressions, and pictures of several kinds in a folder of a class.</summary>
internal static class ColumnSeeds
{
    public static IEnumerable<FuzzSeed> All()
    {
        foreach (var path in Directory.GetFiles(Golden("parquet")).Order(StringComparer.Ordinal))
        {
            var content = File.ReadAllBytes(path);
            var isPictures = Path.GetFileName(path).StartsWith("pictures", StringComparison.Ordinal);
            ParquetSourceOptions[] ways = isPictures ? [new() { Files = [], Image = "image", Size = 8 }] : [new() { Files = [], Label = "label" }, new() { Files = [], Words = "words", Tags = "tags" }, new() { Files = [], Target = ["score"] }];
            foreach (var way in ways)
            {
                yield return new("data: parquet", "a.parquet", content, (good, other, random) => ByteDamage.Of(good, other, random, random.Next(2) == 0 ? 0 : good.Length / 2, good.Length), folder => DataSeeds.ReadAll(way with { Files = [Path.Combine(folder, "a.parquet")] }))
                {
                    BytesPerByte = 4096,
                    BytesPerFile = 64 << 20,
                };
            }
        }

        foreach (var path in Directory.GetFiles(Golden("pictures")).Order(StringComparer.Ordinal))
        {
            yield return new("images: pictures", Path.Combine("a", Path.GetFileName(path)), File.ReadAllBytes(path), (good, other, random) => ByteDamage.Of(good, other, random, 0, good.Length), folder => DataSeeds.ReadAll(new ImageFolderOptions { Folder = folder, Size = 4 }))
            {
                BytesPerByte = 4096,
                BytesPerFile = 800 << 20, // four bytes for each of the most pixels that a head may say, and their planes
            };
        }
    }

    private static string Golden(string folder) => Path.Combine(AppContext.BaseDirectory, "Golden", folder);
}
