using Decant.Torch;

namespace Decant.Training.Optimizers;

/// <summary>Changes parameters by their gradients, many tensors at a time.</summary>
/// <remarks>As in PyTorch, a parameter without a gradient is left alone altogether: no weight decay, no momentum, and the update does not count for it.</remarks>
internal abstract class Optimizer : IDisposable
{
    private const string Updates = "updates";

    private readonly string[] _names;
    private readonly Tensor[] _parameters;
    private readonly long[] _updates;
    private readonly Tensor _updatesTensor;
    private readonly SortedDictionary<string, Tensor?[]> _state = new(StringComparer.Ordinal);

    /// <summary>An optimizer of these parameters.</summary>
    protected Optimizer(IReadOnlyList<ParameterGroup> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        Groups = groups;
        _names = [.. groups.SelectMany(g => g.Names)];
        _parameters = [.. groups.SelectMany(g => g.Parameters)];
        _updates = new long[_parameters.Length];
        _updatesTensor = TensorScope.Own(Tensor.ViewOf(_updates));
        if (_names.Length != _parameters.Length)
            throw new ArgumentException($"{_names.Length} names came for {_parameters.Length} parameters.", nameof(groups));
    }

    /// <summary>What its state is the state of: a checkpoint of another kind is refused. The class's name unless it says otherwise.</summary>
    public virtual string Kind => GetType().Name.Replace(nameof(Optimizer), "", StringComparison.Ordinal);

    /// <summary>The parameters.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>The highest learning rate, as its options say it; null, the default: they do not, and the training's plan must.</summary>
    public virtual double? LearningRate => null;

    /// <summary>
    /// Everything that the next update depends on beside the parameters: by sort and parameter, like <c>momentum.layers.0.weight</c>, and how often each
    /// parameter was updated. The optimizer's own tensors, not copies.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> State
    {
        get
        {
            var state = new Dictionary<string, Tensor>(StringComparer.Ordinal) { [Updates] = _updatesTensor };
            foreach (var (sort, tensors) in _state)
            {
                for (var i = 0; i < tensors.Length; i++)
                {
                    if (tensors[i] is { } tensor)
                        state[$"{sort}.{_names[i]}"] = tensor;
                }
            }

            return state;
        }
    }

    /// <summary>
    /// Named parameters in two groups: tensors of two dimensions and more with the decay, the others (biases, norms) without. Frozen ones are left out.
    /// </summary>
    /// <param name="parameters">By dotted name.</param>
    /// <param name="weightDecay">The decay.</param>
    /// <param name="decayAll">One group for all.</param>
    public static IReadOnlyList<ParameterGroup> GroupByDecay(IEnumerable<KeyValuePair<string, Tensor>> parameters, double weightDecay, bool decayAll = false)
    {
        var groups = parameters.Where(p => p.Value.RequiresGrad).ToLookup(p => decayAll || p.Value.Dimensions >= 2);
        return [.. new[] { true, false }
            .Where(groups.Contains)
            .Select(decayed => new ParameterGroup(
                [.. groups[decayed].Select(p => p.Key)], [.. groups[decayed].Select(p => p.Value)], decayed ? weightDecay : 0))];
    }

    /// <summary>One update.</summary>
    /// <param name="gradients">By parameter, in the order of the groups; null for a parameter that took no part. They may be changed.</param>
    /// <param name="learningRate">This step's learning rate.</param>
    public void Step(IReadOnlyList<Tensor?> gradients, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        if (gradients.Count != _parameters.Length)
            throw new ArgumentException($"{gradients.Count} gradients came for {_parameters.Length} parameters.", nameof(gradients));
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        var first = 0;
        foreach (var group in Groups)
        {
            var present = Enumerable.Range(first, group.Parameters.Count).Where(i => gradients[i] is not null);
            foreach (var equals in present.GroupBy(i => _updates[i]))
            {
                int[] indices = [.. equals];
                Update(new ParameterGroupSlice(Array.ConvertAll(indices, i => _parameters[i]), Array.ConvertAll(indices, i => gradients[i]!), indices)
                {
                    WeightDecay = group.WeightDecay,
                    LearningRate = learningRate,
                    Update = equals.Key + 1,
                });
                foreach (var i in indices)
                    _updates[i]++;
            }

            first += group.Parameters.Count;
        }
    }

    /// <summary>Restores a saved state.</summary>
    /// <param name="state">As <see cref="State"/> gave it; copied.</param>
    /// <exception cref="DecantException">The state is of other parameters.</exception>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var suspended = TensorScope.Suspend();
        using var noGrad = Autograd.NoGrad();
        RequireOwn(state);
        if (!state.TryGetValue(Updates, out var updates) || updates.ElementCount != _updates.Length || updates.DType != _updatesTensor.DType)
            throw new DecantException($"The optimizer's saved state does not say how often each of the {_updates.Length} parameters was updated: it is of another model.");
        var copies = new SortedDictionary<string, Tensor?[]>(StringComparer.Ordinal);
        foreach (var (key, tensor) in state.Where(s => s.Key != Updates))
        {
            var (sort, index) = Place(key);
            Slot(copies, sort)[index] = tensor.Clone();
        }

        _updatesTensor.CopyInPlace(updates);
        ReleaseState();
        foreach (var (sort, tensors) in copies)
            _state[sort] = tensors;
    }

    // All of it before anything is copied, so that a state that is refused leaves nothing behind.
    private void RequireOwn(IReadOnlyDictionary<string, Tensor> state)
    {
        foreach (var (key, tensor) in state.Where(s => s.Key != Updates))
        {
            var parameter = _parameters[Place(key).Index];
            if (!tensor.Shape.AsSpan().SequenceEqual(parameter.Shape) || tensor.DType != parameter.DType)
                throw new DecantException($"The optimizer's saved '{key}' is {tensor}, and its parameter is {parameter}: the state is of another model.");
        }
    }

    /// <summary>Releases the state.</summary>
    public void Dispose()
    {
        ReleaseState();
        _updatesTensor.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Updates parameters that share everything but their gradients.</summary>
    protected abstract void Update(ParameterGroupSlice share);

    /// <summary>A share's state tensors of one sort, made of zeros where there are none yet.</summary>
    protected Tensor[] StateOf(string sort, ParameterGroupSlice share)
    {
        ArgumentNullException.ThrowIfNull(share);
        var tensors = Slot(_state, sort);
        return Array.ConvertAll(share.Indices, i => tensors[i] ??= TensorScope.Own(_parameters[i].ZerosLike()));
    }

    private Tensor?[] Slot(SortedDictionary<string, Tensor?[]> state, string sort)
    {
        if (!state.TryGetValue(sort, out var tensors))
            state[sort] = tensors = new Tensor?[_parameters.Length];
        return tensors;
    }

    private (string Sort, int Index) Place(string key)
    {
        var dot = key.IndexOf('.', StringComparison.Ordinal);
        var index = dot < 0 ? -1 : Array.IndexOf(_names, key[(dot + 1)..]);
        return index >= 0
            ? (key[..dot], index)
            : throw new DecantException($"The optimizer's saved '{key}' belongs to none of its parameters ({string.Join(", ", _names.Take(3))} …): the state is of another model.");
    }

    private void ReleaseState()
    {
        foreach (var tensor in _state.Values.SelectMany(t => t))
            tensor?.Dispose();
        _state.Clear();
    }
}
