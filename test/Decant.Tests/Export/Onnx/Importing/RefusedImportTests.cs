using System.Text;
using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Importing;
using Decant.Models.Encoders;

namespace Decant.Tests.Export.Onnx.Importing;

/// <summary>What cannot be imported is refused with what was found and what is served; nothing is left behind.</summary>
public sealed class RefusedImportTests : IDisposable
{
    private readonly ImportFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("QuantizeLinear")]
    [InlineData("DynamicQuantizeLSTM")]
    [InlineData("MatMulInteger")]
    [InlineData("MatMulNBits")]
    [InlineData("MatMulBnb4")]
    [InlineData("QLinearConv")]
    [InlineData("QAttention")]
    public void A_quantized_file_is_refused_with_its_operators(string type)
    {
        var said = _files.Refused(_files.Changed("bert-mean.onnx", m => m.Graph.Node.First(n => n.OpType == "MatMul").OpType = type));
        Assert.Contains($"1 × {type}", said);
        Assert.Contains("Expected float32 weights", said);
    }

    [Theory]
    [InlineData(TensorProto.Types.DataType.Float16)]
    [InlineData(TensorProto.Types.DataType.Int8)]
    internal void Weights_of_another_type_are_refused(TensorProto.Types.DataType type) =>
        Assert.Contains($"of type {type}", _files.Refused(_files.Changed("bert-mean.onnx", m => m.Graph.Initializer.First(i => i.Dims.Count == 2).DataType = (int)type)));

    [Fact]
    public void A_file_that_is_no_model_is_told_so() =>
        Assert.EndsWith("is no ONNX file, or not a whole one: expected a model that was exported to ONNX (model.onnx). If it is one, export or copy it again.", _files.Refused(_files.Vocabulary));

    [Fact]
    public void A_file_that_computes_something_else_is_refused() =>
        Assert.Contains("does not compute what the file computes", _files.Refused(_files.Changed("bert-classes.onnx", m =>
        {
            // The scores are divided by √4; of another model they would not be.
            var scale = m.Graph.Node.First(n => n.OpType == "Constant" && n.Attribute[0].T is { DataType: (int)TensorProto.Types.DataType.Float } t && OnnxTensor.CountOf(t) == 1 && OnnxTensor.Floats(t)[0] == 2 && Divides(m.Graph, n));
            scale.Attribute[0].T = OnnxTensor.Of("", [3f]);
        })));

    [Fact]
    public void A_residual_network_that_computes_something_else_is_refused() =>
        Assert.Contains("does not compute what the file computes", _files.Refused(_files.Changed("resnet18-norms.onnx", m =>
        {
            // The means of features are shifted on the way to the last layer.
            var layer = m.Graph.Node.Single(n => n.OpType == "Gemm");
            m.Graph.Node.Insert(m.Graph.Node.IndexOf(layer), OnnxNode.Make("Identity", [layer.Input[0]], ["same"]));
            layer.Input[0] = "same";
            layer.Attribute.Single(a => a.Name == "alpha").F = 2;
        }), new ImportOptions()));

    [Fact]
    public void A_graph_without_a_family_is_described() => Assert.Contains("its graph is of no family that is imported", _files.Refused(_files.Changed("bert-mean.onnx", m =>
    {
        const string Words = "0.auto_model.embeddings.word_embeddings.weight", Letters = "letters";
        foreach (var node in m.Graph.Node)
            for (var i = 0; i < node.Input.Count; i++)
                node.Input[i] = node.Input[i] == Words ? Letters : node.Input[i];
        foreach (var constant in m.Graph.Initializer)
            constant.Name = constant.Name == Words ? Letters : constant.Name;
    })));

    [Fact]
    public void A_layer_whose_bias_has_no_name_is_named() => Assert.Contains("belong to no layer that is known", _files.Refused(_files.Changed("bert-mean.onnx", m =>
    {
        const string Name = "0.auto_model.encoder.layer.1.output.dense.bias";
        m.Graph.Initializer.Single(i => i.Name == Name).Name = "77";
        foreach (var node in m.Graph.Node.Where(n => n.Input.Contains(Name)))
            node.Input[node.Input.IndexOf(Name)] = "77";
    })));

    [Fact]
    public void Other_inputs_are_named() => Assert.Contains("it has the input 'words'", _files.Refused(_files.Changed("bert-mean.onnx", m =>
    {
        m.Graph.Input.Single(i => i.Name == "input_ids").Name = "words";
        foreach (var node in m.Graph.Node.Where(n => n.Input.Contains("input_ids")))
            node.Input[node.Input.IndexOf("input_ids")] = "words";
    })));

    [Theory]
    [InlineData("bert-states.onnx", "Give it with --pooling")]
    [InlineData("bert-largest.onnx", "neither the first token's state nor the mean")]
    [InlineData("resnet50-first-stride.onnx", "version 1.5")]
    [InlineData("resnet-three-stages.onnx", "1, 1, 1 blocks in its stages")]
    public void What_a_graph_does_not_say_or_no_model_has_is_refused(string name, string said) =>
        Assert.Contains(said, _files.Refused(ImportFiles.Golden(name), name.StartsWith("resnet", StringComparison.Ordinal) ? new ImportOptions() : null));

    [Fact]
    public void Answers_that_contradict_the_graph_are_refused()
    {
        var options = new ImportOptions { Vocabulary = _files.Vocabulary };
        Assert.Contains("--heads says 8, and the graph takes its states of 16 apart into 4", _files.Refused(ImportFiles.Golden("bert-mean.onnx"), options with { Heads = 8 }));
        Assert.Contains("the mean of the states, divided by its length, and the first token's state", _files.Refused(ImportFiles.Golden("bert-mean.onnx"), options with { Pooling = EncoderPooling.First }));
        Assert.Contains("--max-tokens is 99, and the model has 20 positions", _files.Refused(ImportFiles.Golden("bert-mean.onnx"), options with { MaxTokens = 99 }));
        Assert.Contains("it ends with a classifier", _files.Refused(ImportFiles.Golden("bert-classes.onnx"), options with { Pooling = EncoderPooling.First }));
        Assert.Contains("reads images", _files.Refused(ImportFiles.Golden("resnet18-norms.onnx"), options));
        Assert.Contains("--bgr is for images", _files.Refused(ImportFiles.Golden("bert-mean.onnx"), options with { Bgr = true }));
    }

    [Fact]
    public void A_tokenizer_that_does_not_fit_is_refused()
    {
        Assert.Contains("there is no tokenizer beside it", _files.Refused(ImportFiles.Golden("bert-mean.onnx"), new ImportOptions()));
        Assert.Contains("knows 30 tokens, and its tokenizer has 30,522", _files.Refused(ImportFiles.Golden("bert-mean.onnx"), new ImportOptions { Vocabulary = RealData.Find("bert-base-uncased/vocab.txt") }));
        Assert.Contains("padding token 1, and the tokenizer fills texts up with 0", _files.Refused(ImportFiles.Golden("roberta-classes.onnx")));
        Assert.Contains("no such file", _files.Refused(ImportFiles.Golden("bert-mean.onnx"), new ImportOptions { Vocabulary = "nowhere.txt" }));
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.9)]
    [InlineData(0.999)]
    public void A_truncated_file_is_refused(double share)
    {
        var bytes = File.ReadAllBytes(ImportFiles.Golden("bert-mean.onnx"));
        Assert.Contains("ONNX", _files.Refused(_files.Write(bytes[..(int)(bytes.Length * share)])));
    }

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 90000000\n", "Git LFS pointer")]
    [InlineData("<!DOCTYPE html><html></html>", "is a web page")]
    [InlineData("", "is empty")]
    [InlineData("a text", "is no ONNX file, or not a whole one")]
    public void Another_file_is_refused(string content, string said) => Assert.Contains(said, _files.Refused(_files.Write(Encoding.UTF8.GetBytes(content))));

    [Theory]
    [InlineData("weights.bin", "weights.bin")]
    [InlineData("../secret", "only files beside the model's own are read")]
    [InlineData("/etc/passwd", "only files beside the model's own are read")]
    public void Weights_that_lie_elsewhere_or_nowhere_are_refused(string location, string said) => Assert.Contains(said, _files.Refused(_files.Changed("bert-mean.onnx", m =>
    {
        var tensor = m.Graph.Initializer.First(i => i.Dims.Count == 2);
        tensor.ClearRawData();
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
    })));

    [Fact]
    public void A_folder_with_files_is_not_overwritten()
    {
        Directory.CreateDirectory(_files.Target);
        File.WriteAllText(Path.Combine(_files.Target, "mine.txt"), "kept");
        Assert.Contains("Nothing is overwritten", _files.Refused(ImportFiles.Golden("bert-mean.onnx")));
        Assert.Equal("kept", File.ReadAllText(Path.Combine(_files.Target, "mine.txt")));
    }

    private static bool Divides(GraphProto graph, NodeProto constant) => graph.Node.Any(n => n.OpType == "Div" && n.Input[1] == constant.Output[0]);
}
