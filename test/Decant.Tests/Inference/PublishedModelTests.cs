using System.Text.Json;
using Decant.Inference;
using Decant.Runs.Jobs.Prediction;
using Decant.Tests.Compression.Quantization;
using Google.Protobuf;

namespace Decant.Tests.Inference;

/// <summary>A published model whose ONNX file others wrote, beside the same model as Decant's library computes it from its weights in float16.</summary>
public sealed class PublishedModelTests : IDisposable
{
    private static readonly string[] s_texts =
    [
        "A man is playing a guitar.", "Someone plays an instrument, loudly!", "Der Hund läuft nach Hause", "x", "日本語 and emoji 🙂",
        string.Join(' ', Enumerable.Repeat("a long text that goes on", 30)),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void MiniLM_has_the_vectors_of_the_library()
    {
        var checkpoint = TestData.Need("checkpoints/minilm-l6-f16");
        var folder = Folder(checkpoint);
        var expected = new List<float[]>();
        PredictJob.Run(checkpoint, new(), PredictLine.Of(s_texts), line => expected.Add(VectorOf(line)));
        using var embedder = SentenceEmbedder.Load(folder);
        Assert.Equal(384, embedder.Dimensions);
        var vectors = embedder.Embed(s_texts);
        for (var i = 0; i < s_texts.Length; i++)
        {
            var (own, alone) = (vectors[i].Vector.ToArray(), embedder.Embed(s_texts[i]).Vector.ToArray());
            Assert.InRange(Cosine(expected[i], own), 0.99999, 1.00001);
            Assert.True(expected[i].Zip(own).Max(n => Math.Abs(n.First - n.Second)) < 5e-3);
            Assert.True(alone.Zip(own).Max(n => Math.Abs(n.First - n.Second)) < 1e-5); // padded or not
        }
    }

    private string Folder(string checkpoint)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "onnx"));
        _folder.Write(Path.Combine("onnx", "model.onnx"), MiniLmPackage.Need().ToByteArray());
        foreach (var file in Directory.EnumerateFiles(checkpoint, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".safetensors", StringComparison.Ordinal)))
        {
            var target = Path.Combine(_folder.Path, Path.GetRelativePath(checkpoint, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, File.ReadAllBytes(file));
        }

        return _folder.Path;
    }

    private static float[] VectorOf(string line)
    {
        using var json = JsonDocument.Parse(line);
        return [.. json.RootElement.GetProperty("prediction").GetProperty("embedding").EnumerateArray().Select(n => n.GetSingle())];
    }

    private static double Cosine(float[] a, float[] b)
    {
        var (product, one, other) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
            (product, one, other) = (product + ((double)a[i] * b[i]), one + ((double)a[i] * a[i]), other + ((double)b[i] * b[i]));
        return product / Math.Sqrt(one * other);
    }
}
