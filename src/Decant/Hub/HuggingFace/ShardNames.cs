using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Files;

namespace Decant.Hub.HuggingFace;

/// <summary>The files that an index of weights in parts names.</summary>
internal static class ShardNames
{
    /// <summary>The names, each once, in order.</summary>
    /// <param name="index">The index on the disk.</param>
    /// <exception cref="DecantException">It is no index.</exception>
    public static IReadOnlyList<string> Of(string index)
    {
        try
        {
            return JsonContent.Node(index) is JsonObject { } said && said["weight_map"] is JsonObject map
                ? [.. map.Select(entry => entry.Value?.GetValue<string>() ?? "").Distinct().Order(StringComparer.Ordinal)]
                : throw new DecantException($"{index}: expected 'weight_map', the file of each weight, came none. The model is damaged where it is published.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new DecantException($"{index} is no index of weights: {error.Message} The model is damaged where it is published.", inner: error);
        }
    }
}
