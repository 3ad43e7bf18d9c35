using Decant.Modules;
using Decant.Torch;

namespace Decant.Training;

/// <summary>A copy of the weights that scored best; of a model with an adapter, of those that are trained.</summary>
internal sealed class BestWeights(Module model) : IDisposable
{
    private Dictionary<string, Tensor> _weights = [];

    public IReadOnlyDictionary<string, Tensor> Weights => _weights;

    /// <summary>Copies the model's weights of now.</summary>
    public void Snapshot() => Set(model.LearnedState());

    /// <summary>Copies these weights, into the copy there is if there is one.</summary>
    public void Set(IReadOnlyDictionary<string, Tensor> weights)
    {
        using var suspended = TensorScope.Suspend();
        using var noGrad = Autograd.NoGrad();
        if (_weights.Count == 0)
            _weights = weights.ToDictionary(w => w.Key, w => w.Value.EmptyLike(), StringComparer.Ordinal);
        foreach (var (name, tensor) in weights)
            _weights[name].CopyInPlace(tensor);
    }

    /// <summary>Gives the model the copy, if there is one.</summary>
    public void Restore()
    {
        if (_weights.Count > 0)
            model.LoadLearnedState(_weights);
    }

    public void Dispose()
    {
        foreach (var tensor in _weights.Values)
            tensor.Dispose();
        _weights = [];
    }
}
