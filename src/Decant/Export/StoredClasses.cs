using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Files;

namespace Decant.Export;

/// <summary>The classes that a model's folder names, in the order of its logits.</summary>
internal static class StoredClasses
{
    /// <summary>The <c>id2label</c> of a folder's <c>config.json</c>, for any network; null where there is none, or its entries have no names of their own.</summary>
    public static IReadOnlyList<string>? Of(string path)
    {
        var file = Path.Combine(path, ModelFolder.ConfigName);
        if (!Path.Exists(file))
            return null;
        try
        {
            var entries = (JsonContent.Node(file) as JsonObject)?["id2label"]?.Deserialize<Dictionary<string, string>>() ?? [];
            string[] names = [.. Enumerable.Range(0, entries.Count).Select(i => entries.GetValueOrDefault(i.ToString(CultureInfo.InvariantCulture))).OfType<string>()];
            return names.Length < entries.Count || names.Select((n, i) => n == $"LABEL_{i}").All(isNumber => isNumber) ? null : names;
        }
        catch (JsonException)
        {
            // A fault is reported when the network is built from this file; where the recipe names the network, the file is not needed.
            return null;
        }
    }
}
