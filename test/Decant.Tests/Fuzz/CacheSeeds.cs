using System.Text;
using System.Text.Json;
using Decant.Data;
using Decant.Data.Tokens;
using Decant.Tests.Data;
using Decant.Torch.Kernels;

namespace Decant.Tests.Fuzz;

/// <summary>What is kept between runs: a damaged file is found out and made again, so that it is read or reported, never an error.</summary>
internal static class CacheSeeds
{
    private const int End = 1;

    public static IEnumerable<FuzzSeed> All()
    {
        yield return Tokens();
        yield return Kernels();
    }

    private static FuzzSeed Tokens()
    {
        using var folder = new TemporaryFolder();
        var data = Dataset.From("made up", [(new TextContent("5 6 7"), (string?)null), (new TextContent("8"), null)]);
        var tokenizer = MadeUpTokenizer.Make(100);
        using var file = TokenFile.OpenOrBuild(data, tokenizer, End, folder.Path);
        var (name, key) = (Path.GetFileName(file.Path), TokenFileKey.Of(data, tokenizer, End));
        return new("cache: token file", name, File.ReadAllBytes(file.Path), (good, other, random) => ByteDamage.Of(good, other, random, 0, good.Length), place =>
        {
            var path = Path.Combine(place, name);
            var (opened, fault) = TokenFileReader.Open(path, key, "made up");
            using (opened)
            {
                if (fault is not null)
                    throw new DecantException($"{path}: {fault}");
                opened!.Read(0, new int[opened.Count]);
            }
        })
        {
            BytesPerFile = 4 << 20,
        };
    }

    private static FuzzSeed Kernels()
    {
        const string key = "a processor";
        var findings = new KernelFindings
        {
            Key = key,
            Location = new BlasLocation("", "", "0.3"),
            Files = KernelCache.Files(new BlasLocation("", "", "0.3")),
            Trials = [new KernelTrial { Asked = "Haswell", Kernels = "Haswell", Square = 1, Thin = 2, Vector = 3 }],
        };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(findings, KernelJson.Default.KernelFindings);
        var name = Path.GetFileName(new KernelCache(Path.GetTempPath()).PathOf(key));
        return new("cache: kernels", name, bytes, JsonDamage.Of, place =>
        {
            if (new KernelCache(place).Read(key) is null)
                throw new DecantException($"{Path.Combine(place, name)}: not remembered");
        });
    }
}
