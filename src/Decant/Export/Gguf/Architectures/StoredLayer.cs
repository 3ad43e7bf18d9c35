using Decant.Modules;
using Decant.Torch;

namespace Decant.Export.Gguf.Architectures;

/// <summary>The weights of a model by its own names: factors are multiplied, and what is stored the other way round is turned.</summary>
/// <param name="state">The state of the model.</param>
/// <param name="prefix">What all names begin with: empty, or a path and a dot.</param>
internal sealed class StoredLayer(IReadOnlyDictionary<string, Tensor> state, string prefix)
{
    /// <summary>The part of a path.</summary>
    public StoredLayer this[string path] => new(state, $"{prefix}{path}.");

    /// <summary>A tensor.</summary>
    public Tensor Tensor(string name) => state[prefix + name];

    /// <summary>A tensor; null: it is not there.</summary>
    public Tensor? Find(string name) => state.GetValueOrDefault(prefix + name);

    /// <summary>The sizes [out, in] of a linear layer's matrix.</summary>
    /// <param name="layer">Its path.</param>
    /// <param name="isTurned">Whether the file has [in, out].</param>
    public long[] Shape(string layer, bool isTurned = false) => Find(layer + ".weight") is { } whole
        ? isTurned ? [whole.Size(1), whole.Size(0)] : [whole.Size(0), whole.Size(1)]
        : [Tensor($"{layer}.{LowRankLinear.Expand}.weight").Size(0), Tensor($"{layer}.{LowRankLinear.Reduce}.weight").Size(1)];

    /// <summary>The matrix [out, in] of a linear layer, in the current scope.</summary>
    /// <param name="layer">Its path.</param>
    /// <param name="isTurned">Whether the file has [in, out].</param>
    public Tensor Matrix(string layer, bool isTurned = false)
    {
        if (Find(layer + ".weight") is { } whole)
            return isTurned ? whole.Transpose(0, 1) : whole;
        return Tensor($"{layer}.{LowRankLinear.Expand}.weight").MatMul(Tensor($"{layer}.{LowRankLinear.Reduce}.weight"));
    }

    /// <summary>The bias of a linear layer; null: it has none.</summary>
    public Tensor? Bias(string layer) => Find(layer + ".bias") ?? Find($"{layer}.{LowRankLinear.Expand}.bias");
}
