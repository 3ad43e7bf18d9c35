using Decant.Compression.Quantization;
using Decant.Compression.Quantization.Numbers;
using Decant.Compression.Quantization.Training;
using Decant.Export.Onnx;
using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Running;
using Decant.Export.Onnx.Signatures;
using Decant.Modules;
using Decant.Tests.Models;
using Decant.Torch;
using Google.Protobuf;

namespace Decant.Tests.Compression.Quantization.Training;

/// <summary>Models that learn for static int8: the ranges of their activations, and a file that holds the same numbers.</summary>
public sealed class StaticTrainingTests : IDisposable
{
    // A rounding that falls the other way by the last bit of a sum is one step of 8 bits at the next layer.
    private const double Most = 0.03;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("encoder", RangeSource.Observed, true)]
    [InlineData("encoder", RangeSource.Learned, false)]
    [InlineData("encoder-shared", RangeSource.Learned, true)]
    [InlineData("cnn", RangeSource.Observed, true)]
    [InlineData("cnn", RangeSource.Learned, false)]
    [InlineData("textcnn", RangeSource.Observed, false)]
    [InlineData("textcnn", RangeSource.Learned, true)]
    [InlineData("mlp", RangeSource.Observed, true)]
    [InlineData("mlp", RangeSource.Learned, true)]
    [InlineData("lstm-max", RangeSource.Observed, true)]
    public void The_file_holds_the_numbers_that_the_model_learned_with(string name, RangeSource source, bool perChannel)
    {
        using var model = Zoo.Create(name);
        var signature = GraphSignatures.Of(model);
        var form = new StaticInt8 { Ranges = source, PerChannel = perChannel, SymmetricActivations = name == "mlp" };
        KnownRanges first, learned;
        float[] answers;
        var samples = Samples(signature, 7);
        using (var rounded = Observed(model, signature, form, samples))
        {
            first = rounded.Ranges!;
            Step(model, samples, signature);
            learned = rounded.Ranges!;
            rounded.Settle();
            answers = Answers(model, samples, signature);
        }

        Assert.DoesNotContain(model.StateDict(), p => p.Key.Contains("range", StringComparison.Ordinal));
        Assert.Equal(source == RangeSource.Learned, first.Layers.Any(l => l.Value != learned.Layers[l.Key]));
        Assert.False(Same(first, Observe(model, signature, form, samples)), "the weights have moved the activations, so that calibrating again would be another file");

        RangesFile.Write(_folder.Path, learned);
        var read = RangesFile.Find(_folder.Path)!;
        Assert.True(Same(learned, read));
        var file = OnnxQuantizer.Quantize(OnnxGraph.Of(model, signature), read.FormFor(new StaticInt8()), null, read).Model;
        HasTheScales(file, learned);
        HasTheWeights(file, model, learned, perChannel);

        using var written = OnnxSession.Open(file.ToByteArray(), new OnnxSessionSettings { Optimization = 0 });
        using var fused = OnnxSession.Open(file.ToByteArray());
        var plain = Answers(model, samples, signature);
        foreach (var session in new[] { written, fused })
        {
            var came = samples.SelectMany(s => session.Run(s).First().Value.Floats).ToArray();
            var (largest, away) = (answers.Max(Math.Abs), Difference(came, answers));
            Assert.True(away <= Most * largest, $"{name}: {away / largest:P2} of the largest answer; without the roundings {Difference(came, plain) / largest:P2}");
        }
    }

    [Fact]
    public void Rounding_is_that_of_the_operators_of_the_file()
    {
        using var scope = TensorScope.Open();
        using var generator = new Generator(3);
        foreach (var scale in new[] { new AffineScale(0.0371f, 117, IntegerRange.UInt8), new AffineScale(1f / 3, 0, IntegerRange.UInt8), new AffineScale(2e-5f, 255, IntegerRange.UInt8) })
        {
            var values = Tensor.Cat([Initialise.Normal([500], 40 * scale.Scale, generator), Tensor.Arange(-300, 300).To(DType.Float32).Mul(scale.Scale / 2)], 0);
            using var rounding = new RangeRounding(isLearned: false) { Value = new StaticScale(scale, 2) };
            Assert.Equal(scale, rounding.Value.Affine);
            Assert.Equal(values.ToArray<float>().Select(v => scale.Dequantize(scale.Quantize(v))), rounding.Round(values).ToArray<float>());
            using var learned = new RangeRounding(isLearned: true) { Value = new StaticScale(scale, 2) };
            Assert.Equal(rounding.Round(values).ToArray<float>(), learned.Round(values).ToArray<float>());
        }
    }

    [Fact]
    public void Gradients_are_those_of_learned_step_sizes()
    {
        using var scope = TensorScope.Open();
        // s = 0.5, z = 10: −7 is below (−5), 130 above (122.5), 1.2 becomes 1 (v = 2.4, rounded 2).
        using var range = new RangeRounding(isLearned: true) { Value = new StaticScale(new AffineScale(0.5f, 10, IntegerRange.UInt8), 2) };
        var input = Tensor.From([-7f, 130, 1.2f], 1, 3);
        input.RequiresGrad = true;
        var rounded = range.Round(input);
        Assert.Equal([-5f, 122.5f, 1f], rounded.ToArray<float>());
        rounded.Mul(Tensor.From([1f, 10, 100], 1, 3)).Sum().Backward();
        Assert.Equal([0f, 0, 100], input.Grad!.ToArray<float>(), (a, b) => Math.Abs(a - b) < 1e-4);
        var share = 1 / Math.Sqrt(255 * 3);
        var gradients = range.NamedParameters().ToDictionary(p => p.Key, p => p.Value.Grad!.ToArray<float>()[0]);
        Assert.Equal(share * 0.5 * ((-10 * 1) + (245 * 10) + ((2 - 2.4) * 100)), gradients["scale_change"], 1e-3); // of s, times s₀
        Assert.Equal(share * 255 * -0.5 * 11, gradients["zero_point_change"], 1e-3);                              // −s where it was cut
    }

    [Fact]
    public void What_does_not_go_together_is_refused_by_name()
    {
        using var model = Zoo.Create("mlp");
        var signature = GraphSignatures.Of(model);
        var graph = OnnxGraph.Of(model, signature);
        Assert.Contains("there is no sample", Refused(() => Observed(model, signature, new StaticInt8(), [])), StringComparison.Ordinal);
        var wrong = Samples(signature, 7)[0].ToDictionary(s => s.Key, s => new OnnxArray(new float[10], [2, 5]), StringComparer.Ordinal);
        Assert.Contains("has the shape [2, 5]", Refused(() => Observed(model, signature, new StaticInt8(), [wrong])), StringComparison.Ordinal);
        Assert.DoesNotContain(model.NamedModules(), m => m.Key.Contains("range", StringComparison.Ordinal)); // nothing is left behind

        using (RoundedTraining.Attach(model, graph, new StaticInt8()))
            Assert.Contains("is rounded already", Refused(() => RoundedTraining.Attach(model, graph, new BlockInt())), StringComparison.Ordinal);
        Assert.Contains("quantized already", Refused(() => OnnxQuantizer.Quantize(OnnxQuantizer.Quantize(graph, new StaticInt8(), Samples(signature, 7)).Model, new StaticInt8(), Samples(signature, 7))), StringComparison.Ordinal);
        Assert.Contains("nothing of this model would be rounded", Refused(() => RoundedTraining.Attach(model, graph, new StaticInt8 { Exclude = ["*"] })), StringComparison.Ordinal);

        using var residual = Zoo.Create("resnet");
        Assert.Contains("a sum or mean between convolutions", Refused(() => RoundedTraining.Attach(residual, OnnxGraph.Of(residual, GraphSignatures.Of(residual)), new StaticInt8())), StringComparison.Ordinal);
        using var normed = new Normed();
        var folded = OnnxGraph.Of(normed, GraphSignatures.Of(new ModelInput(Tensor.Zeros([2, 3, 8, 8])), 2));
        Assert.Contains("is no layer that can be rounded while the model learns", Refused(() => RoundedTraining.Attach(normed, folded, new StaticInt8())), StringComparison.Ordinal);
    }

    [Fact]
    public void Ranges_of_another_model_or_form_are_refused()
    {
        using var model = Zoo.Create("cnn");
        var signature = GraphSignatures.Of(model);
        var ranges = Observe(model, signature, new StaticInt8 { ReduceRange = false }, Samples(signature, 3));
        Assert.Contains("with other options", Refused(() => ranges.FormFor(new StaticInt8 { PerChannel = false })), StringComparison.Ordinal);
        Assert.Equal(ranges.Form, ranges.FormFor(new StaticInt8()));
        using var other = Zoo.Create("mlp");
        Assert.Contains("has no range for the layer", Refused(() => OnnxQuantizer.Quantize(OnnxGraph.Of(other, GraphSignatures.Of(other)), ranges.Form, null, ranges)), StringComparison.Ordinal);

        RangesFile.Write(_folder.Path, ranges);
        var path = Path.Combine(_folder.Path, RangesFile.Name);
        var text = File.ReadAllText(path);
        foreach (var (from, to, expected) in new[]
        {
            ("\"zero_point\": 0", "\"zero_point\": 300", "the zero point 300"), ("\"form\": \"int8\"", "\"form\": \"int4\"", "'form' is 'int4'"), ("\"observed\"", "\"guessed\"", "'ranges' is 'guessed'; observed or learned"),
            ("\"layers\"", "\"lagers\"", "'layers' is no JSON object"), ("\"per_channel\": true", "\"per_channel\": 5", RangesFile.Name),
        })
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
            Assert.Contains(expected, Refused(() => RangesFile.Find(_folder.Path)!), StringComparison.Ordinal);
        }
    }

    private static string Refused(Func<object> work) => Assert.Throws<DecantException>(work).Message;

    private static RoundedTraining Observed(Model model, GraphSignature signature, StaticInt8 form, IReadOnlyList<IReadOnlyDictionary<string, OnnxArray>> samples)
    {
        var rounded = RoundedTraining.Attach(model, OnnxGraph.Of(model, signature), form);
        try
        {
            rounded.Observe(() => OnnxGraph.Of(model, signature), samples);
            return rounded;
        }
        catch
        {
            rounded.Dispose();
            throw;
        }
    }

    private static KnownRanges Observe(Model model, GraphSignature signature, StaticInt8 form, IReadOnlyList<IReadOnlyDictionary<string, OnnxArray>> samples)
    {
        using var rounded = Observed(model, signature, form, samples);
        return rounded.Ranges!;
    }

    private static bool Same(KnownRanges a, KnownRanges b) => a.Form with { Exclude = [] } == b.Form with { Exclude = [] } && a.Layers.Count == b.Layers.Count && a.Layers.All(l => b.Layers[l.Key] == l.Value);

    private static void HasTheScales(ModelProto file, KnownRanges ranges)
    {
        var written = file.Graph.Node.Where(n => n.OpType == "QuantizeLinear")
            .Select(n => (Scale: OnnxTensor.Floats(Find(file, n.Input[1])!)[0], Zero: (int)Find(file, n.Input[2])!.RawData[0])).ToHashSet();
        var known = ranges.Layers.Values.SelectMany(l => new[] { l.Input, l.Output }).OfType<StaticScale>().Select(s => (s.Affine.Scale, Zero: s.Affine.ZeroPoint)).ToHashSet();
        Assert.True(written.SetEquals(known), $"{string.Join(" ", written)} against {string.Join(" ", known)}");
    }

    private static void HasTheWeights(ModelProto file, Model model, KnownRanges ranges, bool perChannel)
    {
        using var scope = TensorScope.Open();
        foreach (var name in ranges.Layers.Keys)
        {
            var weight = model.NamedState().First(s => s.Key == name).Value.Detach();
            var (integers, scales) = (Find(file, name + "_int8")!, OnnxTensor.Floats(Find(file, name + "_scale")!));
            var (values, isMatrix, width) = (integers.RawData.ToByteArray(), integers.Dims.Count == 2, (int)integers.Dims[^1]);
            var inner = values.Length / (int)integers.Dims[0];
            var expected = values.Select((q, i) => (sbyte)q * scales[!perChannel ? 0 : isMatrix ? i % width : i / inner]).ToArray();
            Assert.Equal(expected, (isMatrix ? weight.Transpose(0, 1) : weight).Reshape(-1).ToArray<float>());
        }
    }

    private static void Step(Model model, IReadOnlyList<IReadOnlyDictionary<string, OnnxArray>> samples, GraphSignature signature)
    {
        model.Eval(); // no dropout
        foreach (var sample in samples.Take(6))
        {
            using var scope = TensorScope.Open();
            signature.Run(model, SampleInputs.Tensors(sample))[0].Value.Square().Sum().Neg().Backward();
            using var noGrad = Autograd.NoGrad();
            foreach (var (name, parameter) in model.NamedParameters().Where(p => p.Value.Grad is not null))
            {
                parameter.AddInPlace(parameter.Grad!.Sign().Mul(name.Contains("range", StringComparison.Ordinal) ? 0.004 : 0.01));
                parameter.Grad = null;
            }
        }
    }

    private static float[] Answers(Model model, IReadOnlyList<IReadOnlyDictionary<string, OnnxArray>> samples, GraphSignature signature)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        model.Eval();
        return [.. samples.SelectMany(s => signature.Run(model, SampleInputs.Tensors(s))[0].Value.ToArray<float>())];
    }

    private static float Difference(float[] a, float[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();

    private static IReadOnlyDictionary<string, OnnxArray>[] Samples(GraphSignature signature, int seed)
    {
        var draw = new SampleInputs(seed);
        return [.. OnnxVerification.Sizes(signature).Concat(OnnxVerification.Sizes(signature)).Select(sizes => draw.Draw(signature, sizes))];
    }

    // The file's convolution has weights that no module has: the norm is in them.
    private sealed class Normed : Model
    {
        private readonly Conv2d _convolution;
        private readonly BatchNorm2d _norm;

        public Normed() => (_convolution, _norm) = (RegisterModule("convolution", new Conv2d(3, 4, 3)), RegisterModule("norm", new BatchNorm2d(4)));

        public override string Kind => "normed";

        public override int Classes => 4;

        public override Tensor Forward(ModelInput input) => ConvolutionNorm.Relu(_convolution, _norm, input.Values).Max([2, 3]);
    }

    private static TensorProto? Find(ModelProto file, string name) => file.Graph.Initializer.FirstOrDefault(t => t.Name == name);
}
