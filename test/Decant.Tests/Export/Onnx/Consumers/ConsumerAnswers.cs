using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Export.Onnx.Running;
using Decant.Export.Onnx.Signatures;
using Decant.Export.Onnx.Symbolic;
using Decant.Models.Generation;
using Decant.Modules;
using Decant.Runs.Exporting;
using Decant.Torch;

namespace Decant.Tests.Export.Onnx.Consumers;

/// <summary>What another program must give for the files of an exported model, written as <c>answers.json</c> beside them.</summary>
/// <remarks>The float32 file's answers are libtorch's; those of the quantized files are ONNX Runtime's in this process.</remarks>
internal sealed class ConsumerAnswers
{
    private const int NewTokens = 100;
    private readonly Model _model;
    private readonly GraphSignature _signature;
    private readonly string _folder;
    private readonly IReadOnlyDictionary<string, OnnxArray>[] _inputs;
    private readonly JsonObject _json = new() { ["files"] = new JsonObject(), ["refused"] = new JsonObject() };

    public ConsumerAnswers(Model model, GraphSignature signature, string folder)
    {
        (_model, _signature, _folder) = (model, signature, folder);
        var draw = new SampleInputs(3);
        _inputs = [.. Sizes(signature).Select(sizes => draw.Draw(signature, sizes))];
        _json["inputs"] = new JsonArray([.. _inputs.Select(Json)]);
        if (model is ICausalModel causal)
            _json["greedy"] = Greedy(causal);
    }

    public void Float(ExportedFile file)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        Add(file, _inputs.Select(inputs => Json(_model.InEvaluation(() => _signature.Run(_model, SampleInputs.Tensors(inputs)))
            .ToDictionary(o => o.Key, o => new OnnxArray(o.Value.ToArray<float>(), o.Value.Shape)))));
    }

    public void Quantized(ExportedFile file)
    {
        using var session = OnnxSession.Open(file.Path);
        Add(file, _inputs.Select(inputs => Json(session.Run(inputs))));
    }

    public void Refused(string form, string why) => _json["refused"]![form] = why;

    public void Save() => File.WriteAllText(Path.Combine(_folder, "answers.json"), _json.ToJsonString());

    private void Add(ExportedFile file, IEnumerable<JsonObject> answers) => _json["files"]![Path.GetRelativePath(_folder, file.Path)] = new JsonArray([.. answers]);

    private JsonArray Greedy(ICausalModel model)
    {
        var room = (int)Math.Min(NewTokens, (model.MaxTokens ?? int.MaxValue) - 1);
        using var generation = new TokenGeneration(model, [[1]], new() { MaxNewTokens = room });
        var ids = new JsonArray(1);
        while (!generation.IsFinished)
        {
            if (generation.Next()[0] is { } id)
                ids.Add(id);
        }

        return ids;
    }

    // Batches of 1 and 5; one token, lengths that were recorded and others, and the longest; behind nothing, little and much.
    private static IEnumerable<Dictionary<string, long>> Sizes(GraphSignature signature)
    {
        var most = signature.Limits.TryGetValue(SizeNames.Sequence, out var limit) ? limit.Most : 1;
        foreach (var (batch, length, past) in new (long, long, long)[] { (1, 1, 0), (5, 1, 9), (5, 7, 0), (1, 7, 3), (1, 128, 0), (5, 128, 0), (5, 17, 1), (1, 31, 12) })
        {
            var sizes = new Dictionary<string, long>(StringComparer.Ordinal) { [SizeNames.Batch] = batch };
            foreach (var (name, (least, _)) in signature.Limits.Where(l => l.Key != SizeNames.Batch))
                sizes[name] = name == SizeNames.Sequence ? Math.Min(length, most) : name == SizeNames.Past ? Math.Min(past, most - Math.Min(length, most)) : least + past;
            yield return sizes;
        }
    }

    private static JsonObject Json(IReadOnlyDictionary<string, OnnxArray> arrays) => new(arrays.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)new JsonObject
    {
        ["type"] = a.Value.Values switch { float[] => "float32", _ => "int64" },
        ["dims"] = JsonSerializer.SerializeToNode(a.Value.Shape),
        ["data"] = JsonSerializer.SerializeToNode((object)a.Value.Values),
    })));
}
