using Decant.Export.Onnx;
using Decant.Export.Onnx.Running;
using Decant.Export.Onnx.Signatures;
using Decant.Models;
using Decant.Models.Configuration;
using Decant.Models.Encoders;
using Decant.Modules;
using Decant.Tests.Models;
using Decant.Tests.Models.Decoder;
using Google.Protobuf;

namespace Decant.Tests.Export.Onnx;

/// <summary>Every family and task in ONNX Runtime beside libtorch, at sizes that were never recorded: batches of 1, 5 and 7, lengths 1, 7, 17, 31 and the longest.</summary>
public class OnnxParityTests
{
    internal const string Stretched = "llama-dynamic";

    public static TheoryData<string> Classifiers => Zoo.All;

    public static TheoryData<string, string> Tasks => TaskZoo.All;

    public static TheoryData<string> Decoders => [.. DecoderCases.Names.Where(name => name != Stretched)];

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

    [Theory]
    [InlineData(EncoderPooling.First, true)]
    [InlineData(EncoderPooling.Max, false)]
    [InlineData(EncoderPooling.Last, true)]
    public void An_embedding_of_any_pooling_is_alike(EncoderPooling pooling, bool normalize)
    {
        using var usual = TaskZoo.Create("encoder", "embedding");
        using var model = ((EncoderConfig)((IConfigured)usual).Config with { Pooling = pooling, Normalize = normalize }).Build();
        Same(model);
    }

    [Theory, MemberData(nameof(Decoders))]
    public void A_decoder_reads_on_from_its_cache_alike(string name)
    {
        using var model = ModelFamilies.Read(DecoderCases.Config(name)).Build();
        Same(model);
    }

    [Theory]
    [InlineData("encoder")]
    [InlineData("distilbert")]
    [InlineData("roberta")]
    [InlineData("lstm")]
    [InlineData("textcnn")]
    [InlineData("mlp")]
    [InlineData("cnn")]
    [InlineData("resnet")]
    [InlineData("imagenet-resnet")]
    public void Each_task_of_a_model_of_several_answers_alike(string name)
    {
        using var model = TwoTasks.Create(name);
        Assert.Equal(2, model.Tasks.Count);
        foreach (var task in model.Tasks)
            Same(model.Of(task));
    }

    [Fact]
    public void A_model_of_several_tasks_is_refused_with_the_names_of_its_tasks()
    {
        using var model = TwoTasks.Create("mlp");
        var error = Assert.Throws<DecantException>(() => GraphSignatures.Of(model));
        Assert.Contains("first, second", error.Message);
    }

    [Fact]
    public void Angles_that_change_with_the_length_are_refused()
    {
        using var model = ModelFamilies.Read(DecoderCases.Config(Stretched)).Build();
        var error = Assert.Throws<DecantException>(() => OnnxGraph.Of(model, GraphSignatures.Of(model)));
        Assert.Contains("depend on the length", error.Message);
    }

    internal static void Same(Model model)
    {
        var signature = GraphSignatures.Of(model);
        using var session = OnnxSession.Open(OnnxGraph.Of(model, signature).ToByteArray());
        var difference = OnnxVerification.Run(session, model, signature);
        Assert.InRange(difference, 0, 1e-5);
    }
}
