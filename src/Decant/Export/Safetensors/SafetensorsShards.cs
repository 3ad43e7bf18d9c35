using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Decant.Files;
using Decant.Torch;

namespace Decant.Export.Safetensors;

/// <summary>Writes weights into a folder in Hugging Face's layout: one file, or several of bounded size and an index that says which holds what.</summary>
internal static partial class SafetensorsShards
{
    /// <summary>The file of a model that is not cut into several.</summary>
    public const string WeightsName = "model.safetensors";

    private const string IndexName = WeightsName + ".index.json";

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Writes <c>model.safetensors</c>, or <c>model-00001-of-0000N.safetensors</c> … and then <c>model.safetensors.index.json</c>; each file as a whole. What an earlier
    /// writing left in the other layout is removed at last.
    /// </summary>
    /// <param name="folder">Where to; it must exist.</param>
    /// <param name="tensors">By name; shards take them in the order of the names.</param>
    /// <param name="maxShardBytes">The most bytes of tensors in one file; one tensor that is larger has a file of its own.</param>
    /// <exception cref="DecantException">The disk is full, or the folder cannot be written.</exception>
    public static void Write(string folder, IReadOnlyDictionary<string, Tensor> tensors, long maxShardBytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxShardBytes, 1);
        var shards = Split(tensors, maxShardBytes);
        var names = shards.Count == 1
            ? [WeightsName]
            : shards.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"model-{i + 1:D5}-of-{shards.Count:D5}.safetensors")).ToList();
        foreach (var (name, shard) in names.Zip(shards))
            SafetensorsWriter.Write(Path.Combine(folder, name), shard);
        if (shards.Count > 1)
            AtomicFile.Write(Path.Combine(folder, IndexName), Encoding.UTF8.GetBytes(Index(names, shards)));
        RemoveOthers(folder, [.. names, .. shards.Count > 1 ? new[] { IndexName } : []]);
    }

    private static List<Dictionary<string, Tensor>> Split(IReadOnlyDictionary<string, Tensor> tensors, long most)
    {
        var shards = new List<Dictionary<string, Tensor>> { new(StringComparer.Ordinal) };
        var filled = 0L;
        foreach (var (name, tensor) in tensors.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            var bytes = Bytes(tensor);
            if (shards[^1].Count > 0 && bytes > most - filled)
            {
                shards.Add(new(StringComparer.Ordinal));
                filled = 0;
            }

            shards[^1].Add(name, tensor);
            filled += bytes;
        }

        return shards;
    }

    private static string Index(List<string> names, List<Dictionary<string, Tensor>> shards)
    {
        var map = new JsonObject();
        foreach (var (file, name) in names.Zip(shards).SelectMany(s => s.Second.Keys.Select(n => (s.First, n))).OrderBy(s => s.n, StringComparer.Ordinal))
            map.Add(name, file);
        var total = shards.Sum(s => s.Values.Sum(Bytes));
        return new JsonObject { ["metadata"] = new JsonObject { ["total_size"] = total }, ["weight_map"] = map }.ToJsonString(s_json) + "\n";
    }

    private static long Bytes(Tensor tensor) => tensor.ElementCount * tensor.DType.Size();

    // A folder that has both layouts would be read as the old one by some programs and as the new one by others.
    private static void RemoveOthers(string folder, string[] written)
    {
        foreach (var file in Directory.EnumerateFiles(folder).Where(f => Ours().IsMatch(Path.GetFileName(f)) && !written.Contains(Path.GetFileName(f))).ToArray())
            File.Delete(file);
    }

    [GeneratedRegex(@"\Amodel(-\d{5}-of-\d{5})?\.safetensors(\.index\.json)?\z")]
    private static partial Regex Ours();
}
