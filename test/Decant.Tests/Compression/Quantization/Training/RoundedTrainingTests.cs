using System.Text.Json.Nodes;
using Decant.Compression.Quantization;
using Decant.Compression.Quantization.Numbers;
using Decant.Compression.Quantization.Training;
using Decant.Export.Onnx;
using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Running;
using Decant.Export.Onnx.Signatures;
using Decant.Models;
using Decant.Modules;
using Decant.Tests.Compression.Quantization.Numbers;
using Decant.Tests.Models;
using Decant.Torch;
using Google.Protobuf;

namespace Decant.Tests.Compression.Quantization.Training;

/// <summary>Models that learn for a quantized form: the layers that are rounded, what is left of it, and the file.</summary>
public class RoundedTrainingTests
{
    private const string Encoder = """
        { "model_type": "bert", "architectures": ["BertForSequenceClassification"], "num_labels": 3, "vocab_size": 320, "hidden_size": 64, "num_hidden_layers": 1, "num_attention_heads": 4,
          "intermediate_size": 80, "max_position_embeddings": 16, "initializer_range": 0.2 }
        """;

    private const string Tied = """
        { "model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "vocab_size": 320, "n_embd": 64, "n_layer": 1, "n_head": 4, "n_positions": 16, "initializer_range": 0.2 }
        """;

    private const string Untied = """
        { "model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 320, "hidden_size": 64, "num_hidden_layers": 1, "num_attention_heads": 4, "num_key_value_heads": 2,
          "intermediate_size": 96, "max_position_embeddings": 16, "initializer_range": 0.2, "tie_word_embeddings": false }
        """;

    [Theory]
    [InlineData(Encoder, 4, false)]
    [InlineData(Encoder, 2, true)]
    [InlineData(Tied, 4, false)]
    [InlineData(Untied, 4, true)]
    public void The_weights_that_are_left_are_bit_for_bit_what_the_integers_of_the_file_stand_for(string config, int bits, bool symmetric)
    {
        using var model = Build(config);
        var options = new BlockInt { Bits = bits, Symmetric = symmetric, AccuracyLevel = 0 };
        var signature = GraphSignatures.Of(model);
        var computed = Rounded(model, options, input => Answer(model, input));
        using (var rounded = RoundedTraining.Attach(model, OnnxGraph.Of(model, signature), options))
            rounded.Settle();
        Assert.Equal(computed, Rounded(model, null, input => Answer(model, input)), (a, b) => Math.Abs(a - b) < 2e-5); // it learned with these numbers

        var file = OnnxQuantizer.Quantize(OnnxGraph.Of(model, signature), options).Model;
        var matrices = new BlockFormat(bits, 32, symmetric);
        var compared = 0;
        foreach (var (name, weight) in model.NamedParameters().Where(p => Find(file, $"{p.Key}_int{bits}") is not null))
        {
            var transposed = model.NamedModules().Any(m => m.Value is TransposedLinear && $"{m.Key}.weight" == name);
            using var scope = TensorScope.Open();
            var rows = (transposed ? weight.Transpose(0, 1) : weight).Detach();
            var width = (int)rows.Size(1);
            var filled = Find(file, $"{name}_int{bits}")!.Dims.Count == 3;
            var blocks = new BlockWeights(Find(file, $"{name}_int{bits}")!.RawData.ToByteArray(), OnnxTensor.Floats(Find(file, $"{name}_scale")!), symmetric ? null : Find(file, $"{name}_zero")!.RawData.ToByteArray());
            Assert.Equal(rows.Reshape(-1).ToArray<float>(), DequantizedBlocks.Of(blocks, width, matrices, filled));
            compared++;
        }

        Assert.InRange(compared, 4, 20);
        using var session = OnnxSession.Open(file.ToByteArray());
        Assert.InRange(OnnxVerification.Run(session, model, signature), 0, 1e-4);
    }

    [Fact]
    public void Dynamic_int8_leaves_the_numbers_of_its_file_too()
    {
        using var model = Build(Encoder);
        var signature = GraphSignatures.Of(model);
        var options = new DynamicInt8 { ReduceRange = false };
        using (var rounded = RoundedTraining.Attach(model, OnnxGraph.Of(model, signature), options))
        {
            Assert.Equal(9, rounded.Count); // six matrices of the layer, pooler, classifier, words; the tables of positions and types are too small
            rounded.Settle();
        }

        var file = OnnxQuantizer.Quantize(OnnxGraph.Of(model, signature), options).Model;
        var weight = model.StateDict()["bert.encoder.layer.0.intermediate.dense.weight"];
        var (integers, scales) = (Find(file, "bert.encoder.layer.0.intermediate.dense.weight_int8")!, OnnxTensor.Floats(Find(file, "bert.encoder.layer.0.intermediate.dense.weight_scale")!));
        var outputs = (int)integers.Dims[1];
        var expected = integers.RawData.ToByteArray().Select((q, i) => (sbyte)q * scales[i % outputs]).ToArray();
        using var scope = TensorScope.Open();
        Assert.Equal(expected, weight.Detach().Transpose(0, 1).Reshape(-1).ToArray<float>());
    }

    [Theory]
    [InlineData(Encoder, false)]
    [InlineData(Tied, true)]
    public void Scales_that_are_learned_alone_leave_every_integer_as_it_was(string config, bool symmetric)
    {
        using var model = Build(config);
        var (signature, options) = (GraphSignatures.Of(model), new BlockInt { Symmetric = symmetric, AccuracyLevel = 0 });
        var before = OnnxQuantizer.Quantize(OnnxGraph.Of(model, signature), options).Model;
        var plain = Rounded(model, options, input => Answer(model, input));
        using (var rounded = RoundedTraining.Attach(model, OnnxGraph.Of(model, signature), options, learnsScales: true))
        {
            Assert.All(rounded.LearnedPaths, path => Assert.EndsWith(".rounding", path, StringComparison.Ordinal));
            using var scope = TensorScope.Open();
            using (Autograd.NoGrad())
            {
                model.Eval();
                Assert.Equal(plain, Answer(model, Input()), (a, b) => Math.Abs(a - b) < 1e-6);
            }

            model.Forward(Input()).Square().Sum().Backward();
            using var noGrad = Autograd.NoGrad();
            foreach (var (name, parameter) in model.NamedParameters().Where(p => p.Key.Contains(".rounding.", StringComparison.Ordinal)))
            {
                Assert.True(parameter.Grad!.Abs().Max([0, 1, 2]).Item() > 0, name);
                parameter.CopyInPlace(parameter.Grad!.Sign() * (name.EndsWith("scale", StringComparison.Ordinal) ? 0.05 : 0.6)); // a step of a scale, and of a zero point across the next integer
            }

            rounded.Settle();
        }

        Assert.DoesNotContain(model.StateDict(), p => p.Key.Contains("rounding", StringComparison.Ordinal));
        var after = OnnxQuantizer.Quantize(OnnxGraph.Of(model, signature), options).Model;
        var (scales, zeros) = (0, 0);
        foreach (var tensor in before.Graph.Initializer)
        {
            if (tensor.Name.EndsWith("_int4", StringComparison.Ordinal))
                Assert.Equal(tensor.RawData, Find(after, tensor.Name)!.RawData);
            else if (tensor.Name.EndsWith("_scale", StringComparison.Ordinal))
                scales += tensor.RawData.Equals(Find(after, tensor.Name)!.RawData) ? 0 : 1;
            else if (tensor.Name.EndsWith("_zero", StringComparison.Ordinal))
                zeros += tensor.RawData.Equals(Find(after, tensor.Name)!.RawData) ? 0 : 1;
        }

        Assert.True(scales > 3 && zeros > 3 == !symmetric, $"{scales} scales and {zeros} zero points changed");
        using var session = OnnxSession.Open(after.ToByteArray());
        Assert.InRange(OnnxVerification.Run(session, model, signature), 0, 1e-4);
    }

    [Fact]
    public void What_is_not_served_is_refused_by_name()
    {
        using var decoder = Build(Tied);
        var graph = OnnxGraph.Of(decoder, GraphSignatures.Of(decoder));
        Assert.Contains("take weight-only for language models", Refused(decoder, graph, new DynamicInt8()));
        Assert.Contains("would be stored in different formats", Refused(decoder, graph, new BlockInt { Bits = 2 }));
        Assert.Contains("HalfWeights came", Refused(decoder, graph, new HalfWeights()));
        using var convolutions = Zoo.Create("cnn");
        Assert.Contains("nothing of this model would be rounded", Refused(convolutions, OnnxGraph.Of(convolutions, GraphSignatures.Of(convolutions)), new BlockInt { Exclude = ["*"] }));
    }

    private static string Refused(Model model, ModelProto graph, QuantizationOptions options) => Assert.Throws<DecantException>(() => RoundedTraining.Attach(model, graph, options)).Message;

    private static float[] Rounded(Model model, QuantizationOptions? options, Func<ModelInput, float[]> ask)
    {
        using var rounded = options is null ? null : RoundedTraining.Attach(model, OnnxGraph.Of(model, GraphSignatures.Of(model)), options);
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        model.Eval();
        return ask(Input());
    }

    private static ModelInput Input() => new(Tensor.From([1L, 5, 9, 300, 17, 2, 40, 8], 2, 4), Tensor.Ones([2, 4]).Greater(0));

    private static float[] Answer(Model model, ModelInput input) => model.Forward(input).ToArray<float>();

    private static TensorProto? Find(ModelProto file, string name) => file.Graph.Initializer.FirstOrDefault(t => t.Name == name);

    private static Model Build(string config)
    {
        using var generator = new Generator(5);
        return ModelFamilies.Read(JsonNode.Parse(config)!.AsObject()).Build(generator);
    }
}
