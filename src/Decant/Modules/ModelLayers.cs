namespace Decant.Modules;

/// <summary>Where the layers of a model are, by path, from the input up; what layer maps count.</summary>
/// <param name="Embeddings">What the first layer is given; null where a model has no such value.</param>
/// <param name="Outputs">What every layer answers with; empty where a model is not made of layers.</param>
public sealed record ModelLayers(string? Embeddings, IReadOnlyList<string> Outputs)
{
    /// <summary>A model that is not made of layers.</summary>
    public static ModelLayers None { get; } = new(null, []);

    /// <summary>The attention modules of all layers; their parts are queries, keys, values, scores and probabilities; empty where there is none.</summary>
    public IReadOnlyList<string> Attentions { get; init; } = [];

    /// <summary>The layers of a model by its modules.</summary>
    /// <param name="model">The whole.</param>
    /// <param name="embeddings">What makes the first layer's input; null: nothing does.</param>
    /// <param name="layers">The layers, from the input up.</param>
    internal static ModelLayers Of(Module model, Module? embeddings, IEnumerable<Module> layers)
    {
        var paths = new Dictionary<Module, string>(ReferenceEqualityComparer.Instance);
        foreach (var (path, module) in model.NamedModules())
            paths.TryAdd(module, path);
        Module[] all = [.. layers];
        return new ModelLayers(embeddings is null ? null : paths[embeddings], [.. all.Select(layer => paths[layer])])
        {
            Attentions = [.. all.SelectMany(layer => layer.NamedModules()).Select(m => m.Value).OfType<MultiHeadAttention>().Select(a => paths[a])],
        };
    }
}
