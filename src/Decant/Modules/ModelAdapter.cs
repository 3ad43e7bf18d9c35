using Decant.Torch;

namespace Decant.Modules;

/// <summary>A layer with an update.</summary>
/// <param name="Path">Its first path in the model.</param>
/// <param name="Places">The layer, in every place where it has the same weights.</param>
/// <param name="Update">The update.</param>
internal sealed record AdaptedLayer(string Path, IReadOnlyList<IAdaptable> Places, LowRankUpdate Update)
{
    /// <summary>The layer where it comes first.</summary>
    public IAdaptable Layer => Places[0];

    /// <summary>Sets what the layer adds to its product.</summary>
    public void Set(LowRankUpdate? update)
    {
        foreach (var place in Places)
            place.Update = update;
    }
}

/// <summary>What is trained of a model whose own weights stay as they are: updates of linear layers, and perhaps some modules as a whole.</summary>
internal sealed class ModelAdapter
{
    private readonly Model _model;
    private readonly HashSet<Tensor> _trained = new(ReferenceEqualityComparer.Instance);

    /// <summary>The adapter of a model, of updates that are attached already.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layers">Its layers with updates.</param>
    /// <param name="whole">The paths of modules that are trained as a whole, such as a new head.</param>
    /// <param name="isShared">Whether the weights are another model's too: what is trained as a whole gets its own.</param>
    public ModelAdapter(Model model, IReadOnlyList<AdaptedLayer> layers, IReadOnlyList<string> whole, bool isShared)
    {
        (_model, Layers, Whole, IsShared) = (model, layers, whole, isShared);
        Tensor[] saved = [.. model.NamedModules().Where(m => whole.Contains(m.Key)).SelectMany(m => m.Value.NamedParameters()).Select(p => p.Value).Distinct()];
        if (isShared)
            MakeOwn(saved);
        _trained.UnionWith(saved);
        _trained.UnionWith(layers.SelectMany(l => new[] { l.Update.Down, l.Update.Up }));
    }

    /// <summary>The layers with updates.</summary>
    public IReadOnlyList<AdaptedLayer> Layers { get; }

    /// <summary>The paths of modules that are trained as a whole.</summary>
    public IReadOnlyList<string> Whole { get; }

    /// <summary>Whether the weights that stay are another model's too: there is one copy of them in memory.</summary>
    public bool IsShared { get; }

    /// <summary>What is trained, by its name in the model: all that a checkpoint needs beside the model as it began.</summary>
    public IReadOnlyDictionary<string, Tensor> State =>
        new SortedDictionary<string, Tensor>(_model.NamedParameters().Where(p => _trained.Contains(p.Value)).ToDictionary(), StringComparer.Ordinal);

    /// <summary>How many numbers are trained.</summary>
    public long TrainedCount => _trained.Sum(t => t.ElementCount);

    /// <summary>How many numbers the updates have: so many more than the model has once they are merged.</summary>
    public long AddedCount => Layers.Sum(l => l.Update.Down.ElementCount + l.Update.Up.ElementCount);

    /// <summary>Switches gradients on for what is trained and off for the rest.</summary>
    /// <returns>Modules that would change without gradients, as batch norms do: they stay in evaluation mode.</returns>
    public IReadOnlyList<Module> Freeze()
    {
        foreach (var (_, parameter) in _model.NamedParameters())
            parameter.RequiresGrad = _trained.Contains(parameter);
        return [.. _model.NamedModules().Select(m => m.Value).Where(m => m is BatchNorm && !m.NamedParameters().Any(p => _trained.Contains(p.Value)))];
    }

    /// <summary>Does something with the model as it is without the updates.</summary>
    public T SwitchedOff<T>(Func<T> work)
    {
        foreach (var layer in Layers)
            layer.Set(null);
        try
        {
            return work();
        }
        finally
        {
            foreach (var layer in Layers)
                layer.Set(layer.Update);
        }
    }

    /// <summary>Adds the updates to the weights, W + s·B·A: the model is a plain one afterwards, with weights of its own where they changed.</summary>
    public void Merge()
    {
        using (Autograd.NoGrad())
        {
            foreach (var adapted in Layers)
            {
                using var scope = TensorScope.Open();
                var layer = adapted.Layer;
                layer.Weight.SetData(layer.Weight.Detach() + adapted.Update.Matrix(layer.IsTransposed));
            }
        }

        Remove();
    }

    /// <summary>Takes the updates away as if there had been none. Weights that were shared are the model's own afterwards.</summary>
    public void Discard()
    {
        if (IsShared)
            MakeOwn(_model.NamedParameters().Concat(_model.NamedBuffers()).Select(p => p.Value));
        Remove();
    }

    private void Remove()
    {
        foreach (var layer in Layers)
            layer.Update.Detach(layer.Places);
        _model.Adapter = null;
    }

    private static void MakeOwn(IEnumerable<Tensor> tensors)
    {
        using var noGrad = Autograd.NoGrad();
        foreach (var tensor in tensors)
        {
            using var scope = TensorScope.Open();
            tensor.SetData(tensor.Detach().Clone());
        }
    }
}
