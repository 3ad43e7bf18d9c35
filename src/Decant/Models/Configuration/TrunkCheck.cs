using System.Text.Json.Nodes;
using Decant.Modules;

namespace Decant.Models.Configuration;

/// <summary>Whether two models can have one trunk: the same family, and settings that are the same but for the head.</summary>
internal static class TrunkCheck
{
    // What the head is made of; the rest is the trunk's.
    private static readonly string[] s_head = ["architectures", "id2label", "label2id", "num_labels", "problem_type", "output_size", "pooled_features", "pooling", "normalize"];

    /// <exception cref="DecantException">They cannot: everything that differs is named.</exception>
    public static void Same(ModelConfig config, Model other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other is not IConfigured { Config: var theirs } || theirs.GetType() != config.GetType())
            throw new DecantException($"A model of type '{config.ModelType}' cannot have the trunk of a model of kind '{other.Kind}': take two of one family.");
        var (own, given) = (config.ToJson(), theirs.ToJson());
        var differing = own.Select(p => p.Key).Union(given.Select(p => p.Key)).Except(s_head).Where(k => !JsonNode.DeepEquals(own[k], given[k])).ToArray();
        if (differing.Length > 0)
            throw new DecantException(
                "Two models share a trunk only if they differ in their heads alone; these differ in " +
                $"{string.Join(", ", differing.Select(k => $"{k} ({Text(own[k])} and {Text(given[k])})"))}.");
    }

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "nothing";
}
