using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Export.Safetensors;
using Decant.Files;
using Decant.Models.Configuration;
using Decant.Models.Static;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Export.Tables;

/// <summary>Writes a static model as Model2Vec does: <c>config.json</c>, <c>model.safetensors</c>, and <c>modules.json</c>, by which sentence-transformers finds it.</summary>
internal static class TableFolder
{
    private const double Most = 127;
    private static readonly Operator s_round = new("aten::round");
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    /// <summary>Writes it; the tokenizer is the caller's to add. An embedding is Model2Vec's own; a classifier has its head beside the table.</summary>
    /// <param name="folder">Where to; it is made if it is not there.</param>
    /// <param name="model">A static model.</param>
    /// <param name="format">How rows are stored.</param>
    /// <exception cref="DecantException">The model is no static one, or the folder cannot be written.</exception>
    public static void Write(string folder, Model model, RowFormat format)
    {
        if (model is not StaticTextModel { Config: StaticConfig config } table)
            throw new DecantException($"Expected a static model, which is a table; came one of kind '{model.Kind}'. Make one with 'student: {{ from-teacher: {{ static: … }} }}', or export this one with '--to onnx'.");
        Directory.CreateDirectory(folder);
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var tensors = new Dictionary<string, Tensor>(model.StateDict());
        foreach (var (name, tensor) in Rows(table.Embeddings.Detach().To(Device.Cpu), format))
            tensors[name] = tensor;
        SafetensorsWriter.Write(Path.Combine(folder, ModelFolder.WeightsName), tensors);
        var json = config.ToJson();
        json["embedding_dtype"] = format.ToString().ToLowerInvariant();
        Write(folder, ModelFolder.ConfigName, json);
        WriteModules(folder, config);
    }

    /// <summary>Writes <c>modules.json</c> of an embedding; other tasks have none.</summary>
    public static void WriteModules(string folder, ModelConfig config)
    {
        if (config is not StaticConfig { Task: ModelTask.Embedding } table)
            return;
        var modules = new JsonArray(Module(0, ".", "StaticEmbedding"));
        if (table.Normalize)
            modules.Add(Module(1, "1_Normalize", "Normalize"));
        Write(folder, "modules.json", modules);
    }

    private static JsonObject Module(int index, string path, string type) =>
        new() { ["idx"] = index, ["name"] = $"{index}", ["path"] = path, ["type"] = $"sentence_transformers.models.{type}" };

    private static void Write(string folder, string name, JsonNode json) => AtomicFile.Write(Path.Combine(folder, name), Encoding.UTF8.GetBytes(json.ToJsonString(s_json) + "\n"));

    private static IEnumerable<(string Name, Tensor Tensor)> Rows(Tensor rows, RowFormat format)
    {
        if (format == RowFormat.Float16)
            return [(TableNames.Rows, rows.To(DType.Float16))];
        if (format == RowFormat.Float32)
            return [(TableNames.Rows, rows)];
        var scale = (rows.Abs().Max(1, keep: true) / Most).Clamp(1e-12);                                            // [V, 1]
        return [(TableNames.Rows, s_round.Call(rows / scale).Clamp(-Most, Most).To(DType.Int8)), (TableNames.Weights, scale.Reshape(-1))];
    }
}
