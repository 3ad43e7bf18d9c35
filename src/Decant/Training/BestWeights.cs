using Decant.Modules;
using Decant.Torch;

namespace Decant.Training;

/// <summary>A copy of the weights that scored best.</summary>
internal sealed class BestWeights(Module model)
{
    private Dictionary<string, Tensor> _weights = [];

    public bool Exists => _weights.Count > 0;

    public IReadOnlyDictionary<string, Tensor> Weights => _weights;

    /// <summary>Copies the model's weights of now.</summary>
    public void Take()
    {
        using var noGrad = Autograd.NoGrad();
        if (Exists)
        {
            foreach (var (name, tensor) in model.StateDict())
                _weights[name].CopyInPlace(tensor);
            return;
        }

        Set(model.StateDict());
    }

    /// <summary>Copies these weights.</summary>
    public void Set(IReadOnlyDictionary<string, Tensor> weights)
    {
        using var suspended = TensorScope.Suspend();
        using var noGrad = Autograd.NoGrad();
        foreach (var tensor in _weights.Values)
            tensor.Dispose();
        _weights = weights.ToDictionary(w => w.Key, w => w.Value.Detach().Clone(), StringComparer.Ordinal);
    }

    /// <summary>Gives the model the copy, if there is one, and lets it go.</summary>
    public void PutBack()
    {
        if (Exists)
            model.LoadStateDict(_weights);
        Set(new Dictionary<string, Tensor>());
    }
}
