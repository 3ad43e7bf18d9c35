using System.Text.Json.Nodes;
using Decant.Export.Onnx.Format;
using Decant.Text;
using Decant.Text.Files;
using Decant.Text.Training;
using Type = Decant.Export.Onnx.Format.TensorProto.Types.DataType;

namespace Decant.Tests.Inference;

/// <summary>Folders of exported models whose answers are known, made by hand.</summary>
internal static class ModelFolders
{
    public const int Width = 6;

    private static readonly string[] s_corpus =
    [
        "a very good film that moves and delights", "a bad film, dull and far too long", "the plot is good, the acting is bad", "Anna lives in Paris and works in Rome",
        "one fine day the dog ran home", "cats and dogs, dogs and cats", "what a waste of time", "a masterpiece from the first minute to the last",
    ];

    public static ITokenizer WordPieces { get; } = new WordPieceOptions { Vocabulary = 200 }.Train(s_corpus);

    public static ITokenizer Bytes { get; } = new ByteBpeOptions { Vocabulary = 300 }.Train(s_corpus);

    public static float[] Embedding(int rows, int width, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows * width).Select(_ => (float)((random.NextDouble() * 2) - 1))];
    }

    /// <summary>Mean of the tokens' vectors, then a linear layer without bias: logits [B, C].</summary>
    public static OnnxGraph MeanClassifier(int vocabulary, int classes, string? task = null, string output = "logits") => Text(task)
        .Weights("embedding", Embedding(vocabulary, Width), vocabulary, Width).Weights("head", Embedding(Width, classes, 2), Width, classes)
        .Node("Gather", "embedding input_ids -> vectors").Node("Cast", "attention_mask -> mask", ("to", 1)).Numbers("last", 2).Node("Unsqueeze", "mask last -> column")
        .Node("Mul", "vectors column -> seen").Numbers("tokens", 1).Node("ReduceSum", "seen tokens -> sum", ("keepdims", 0)).Node("ReduceSum", "mask tokens -> count", ("keepdims", 1))
        .Node("Div", "sum count -> mean").Node("MatMul", $"mean head -> {output}").Output(output, "batch", classes);

    /// <summary>What <see cref="MeanClassifier"/> gives, computed in double precision.</summary>
    public static double[] MeanLogits(IReadOnlyList<int> ids, int vocabulary, int classes)
    {
        var (table, head) = (Embedding(vocabulary, Width), Embedding(Width, classes, 2));
        var mean = Enumerable.Range(0, Width).Select(h => ids.Average(id => (double)table[(id * Width) + h])).ToArray();
        return [.. Enumerable.Range(0, classes).Select(c => mean.Select((m, h) => m * head[(h * classes) + c]).Sum())];
    }

    /// <summary>A vector of logits for every token, whatever stands around it: [B, T, C].</summary>
    public static OnnxGraph TokenTable(int vocabulary, int classes, string output = "logits") => Text(null)
        .Weights("table", Embedding(vocabulary, classes, 3), vocabulary, classes)
        .Node("Gather", "table input_ids -> rows").Node("Cast", "attention_mask -> mask", ("to", 1)).Numbers("last", 2).Node("Unsqueeze", "mask last -> column")
        .Node("Mul", $"rows column -> {output}").Output(output, "batch", "tokens", classes);

    public static OnnxGraph Text(string? task) => new OnnxGraph(task).Input("input_ids", Type.Int64, "batch", "tokens").Input("attention_mask", Type.Int64, "batch", "tokens");

    public static JsonObject Config(int vocabulary, params string[] labels) => new()
    {
        ["model_type"] = "textcnn",
        ["architectures"] = new JsonArray("TextCnn"),
        ["vocab_size"] = vocabulary,
        ["num_labels"] = labels.Length,
        ["id2label"] = new JsonObject(labels.Select((label, i) => KeyValuePair.Create($"{i}", (JsonNode?)label))),
    };

    /// <summary>Writes a folder's files.</summary>
    public static string Write(TemporaryFolder folder, JsonObject config, OnnxGraph graph, ITokenizer? tokenizer, int maxTokens = 512, string name = "model.onnx")
    {
        Directory.CreateDirectory(Path.Combine(folder.Path, "onnx"));
        folder.Write(Path.Combine("onnx", name), graph.ToBytes());
        folder.Write("config.json", config.ToJsonString());
        if (tokenizer is not null)
            TokenizerFile.Save(tokenizer, folder.Path, maxTokens);
        return folder.Path;
    }

    /// <summary>A classifier of three classes.</summary>
    public static string Classifier(TemporaryFolder folder, int maxTokens = 512) => Write(
        folder, Config(WordPieces.VocabularySize, "bad", "fine", "good"), MeanClassifier(WordPieces.VocabularySize, 3), WordPieces, maxTokens);
}
