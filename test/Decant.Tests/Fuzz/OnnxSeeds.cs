using Decant.Export.Onnx;
using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Signatures;
using Decant.Tests.Models;

namespace Decant.Tests.Fuzz;

/// <summary>Exported models, with their constants inside and in a file of their own.</summary>
internal static class OnnxSeeds
{
    private const string Name = "model.onnx";

    public static IEnumerable<FuzzSeed> All()
    {
        using var model = Zoo.Create("mlp");
        var graph = OnnxGraph.Of(model, GraphSignatures.Of(model));
        using var folder = new TemporaryFolder();
        var (inside, outside) = (Path.Combine(folder.Path, "in", Name), Path.Combine(folder.Path, "out", Name));
        foreach (var path in new[] { inside, outside })
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        OnnxFile.Write(inside, graph);
        OnnxFile.Write(outside, graph, mostInside: 0);
        var data = OnnxFile.DataName(Name);
        Damage any = (good, other, random) => ByteDamage.Of(good, other, random, 0, good.Length);
        return
        [
            new("export: ONNX", Name, File.ReadAllBytes(inside), ProtoDamage.Of, Read),
            new("export: ONNX with constants outside", Name, File.ReadAllBytes(outside), any, Read)
            {
                Beside = new Dictionary<string, byte[]> { [data] = File.ReadAllBytes(Path.Combine(folder.Path, "out", data)) },
            },
        ];
    }

    private static void Read(string folder) => OnnxFile.Read(Path.Combine(folder, Name));
}
