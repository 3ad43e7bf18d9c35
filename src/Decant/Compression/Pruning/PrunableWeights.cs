using Decant.Modules;
using Decant.Torch;

namespace Decant.Compression.Pruning;

/// <summary>The weights that magnitude pruning is about: matrices and filters of linear, convolutional and LSTM layers.</summary>
internal static class PrunableWeights
{
    /// <summary>Those of a model, by name.</summary>
    /// <param name="model">The model.</param>
    /// <param name="trained">Whether weights that take no gradient are left out.</param>
    public static IReadOnlyList<PrunableWeight> Of(Model model, bool trained)
    {
        var modules = model.NamedModules().ToDictionary(m => m.Key, m => m.Value, StringComparer.Ordinal);
        return [.. model.NamedParameters()
            .Where(p => p.Value.Dimensions >= 2 && (!trained || p.Value.RequiresGrad))
            .Select(p => (p.Key, p.Value, Module: modules[p.Key[..Math.Max(0, p.Key.LastIndexOf('.'))]]))
            .Where(p => p.Module is Linear or TransposedLinear or Conv1d or Conv2d or Lstm)
            .Select(p => new PrunableWeight(p.Key, p.Value, p.Module is TransposedLinear))];
    }
}

/// <summary>A weight that can be pruned.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">[out, in], or filters [out, in, …].</param>
/// <param name="IsTransposed">Whether it is stored [in, out].</param>
internal readonly record struct PrunableWeight(string Name, Tensor Value, bool IsTransposed);
