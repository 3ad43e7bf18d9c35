using Decant.Compression.Quantization;
using Decant.Export.Onnx;
using Decant.Export.Onnx.Running;
using Decant.Export.Onnx.Signatures;
using Decant.Models;
using Decant.Models.Configuration;
using Decant.Models.Static;
using Decant.Modules;
using Decant.Tests.Models;
using Decant.Tests.Models.Decoder;
using Google.Protobuf;

namespace Decant.Tests.Export.Onnx;

/// <summary>
/// Static int8 of every family and task: ONNX Runtime's integer operators beside its own simulation of them, the same file run as it is written, with what is quantized made real again
/// before it is computed with.
/// </summary>
public class OnnxIntegerParityTests
{
    public static TheoryData<string> Classifiers => Zoo.All;

    // A static embedding is its table alone, which at the size of the others gains nothing by integers: it has a test of its own.
    public static TheoryData<string, string> Tasks => [.. TaskZoo.All.Select(row => row.Data).Where(pair => pair != ("static", "embedding"))];

    public static TheoryData<string> Decoders => OnnxParityTests.Decoders;

    [Theory, MemberData(nameof(Classifiers))]
    public void A_classifier_answers_alike(string name)
    {
        using var model = Zoo.Create(name);
        Same(model);
    }

    [Theory, MemberData(nameof(Tasks))]
    public void A_model_of_any_task_answers_alike(string kind, string task)
    {
        using var model = TaskZoo.Create(kind, task);
        Same(model);
    }

    [Fact]
    public void A_static_embedding_of_many_tokens_answers_alike()
    {
        using var model = new StaticConfig { Task = ModelTask.Embedding, VocabSize = 2000, HiddenDim = 16, Normalize = true }.Build();
        Same(model);
    }

    [Theory, MemberData(nameof(Decoders))]
    public void A_decoder_answers_alike(string name)
    {
        using var model = ModelFamilies.Read(DecoderCases.Config(name)).Build();
        Same(model);
    }

    private static void Same(Model model)
    {
        var signature = GraphSignatures.Of(model);
        var draw = new SampleInputs(7);
        var samples = OnnxVerification.Sizes(signature).Concat(OnnxVerification.Sizes(signature)).Select(sizes => draw.Draw(signature, sizes)).ToArray();
        var bytes = OnnxQuantizer.Quantize(OnnxGraph.Of(model, signature), new StaticInt8(), samples, cancel: TestContext.Current.CancellationToken).Model.ToByteArray();
        using var fused = OnnxSession.Open(bytes);
        using var written = OnnxSession.Open(bytes, new OnnxSessionSettings { Optimization = 0 });
        foreach (var sizes in OnnxVerification.Sizes(signature))
        {
            var inputs = draw.Draw(signature, sizes);
            var (came, expected) = (fused.Run(inputs), written.Run(inputs));
            foreach (var (name, array) in expected)
            {
                var scale = Math.Max(array.Floats.Max(Math.Abs), 1e-6f);
                var difference = array.Floats.Zip(came[name].Floats, (a, b) => Math.Abs(a - b)).Max() / scale;
                Assert.True(difference < Most, $"{name} differs by {difference:P1} of its largest number at {string.Join(", ", sizes)}");
            }
        }
    }

    // A rounding that falls the other way by the last bit of a product is one step of 8 bits at the next layer.
    private const double Most = 0.05;
}
