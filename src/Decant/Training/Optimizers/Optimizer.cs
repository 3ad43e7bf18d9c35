using Decant.Torch;

namespace Decant.Training;

/// <summary>Parameters that share a weight decay.</summary>
/// <param name="Names">Their dotted names, which key the saved state.</param>
/// <param name="Parameters">The parameters, updated in place.</param>
/// <param name="WeightDecay">0: none.</param>
public sealed record ParameterGroup(IReadOnlyList<string> Names, IReadOnlyList<Tensor> Parameters, double WeightDecay);

/// <summary>Changes parameters by their gradients, many tensors at a time.</summary>
public abstract class Optimizer : IDisposable
{
    private readonly Dictionary<string, Tensor> _state = new(StringComparer.Ordinal);

    /// <summary>An optimizer of these parameters.</summary>
    protected Optimizer(IReadOnlyList<ParameterGroup> groups) => Groups = groups;

    /// <summary>The parameters.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>How many updates were made.</summary>
    public long Steps { get; private set; }

    /// <summary>Everything that the next update depends on beside the parameters, by name; the optimizer's own tensors.</summary>
    public IReadOnlyDictionary<string, Tensor> State => _state;

    /// <summary>The parameters of named tensors in two groups: tensors of two dimensions and more with the decay, the others (biases, norms) without.</summary>
    /// <param name="parameters">By dotted name.</param>
    /// <param name="weightDecay">The decay.</param>
    /// <param name="decayAll">One group for all.</param>
    public static IReadOnlyList<ParameterGroup> GroupByDecay(IEnumerable<KeyValuePair<string, Tensor>> parameters, double weightDecay, bool decayAll = false)
    {
        var groups = parameters.ToLookup(p => decayAll || p.Value.Dimensions >= 2);
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
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        Steps++;
        var first = 0;
        foreach (var group in Groups)
        {
            var present = Enumerable.Range(0, group.Parameters.Count).Where(i => gradients[first + i] is not null).ToArray();
            if (present.Length > 0)
            {
                var names = Array.ConvertAll(present, i => group.Names[i]);
                Update(names, Array.ConvertAll(present, i => group.Parameters[i]), Array.ConvertAll(present, i => gradients[first + i]!), group.WeightDecay, learningRate);
            }

            first += group.Parameters.Count;
        }
    }

    /// <summary>Goes on from a saved state.</summary>
    /// <param name="state">As <see cref="State"/> gave it.</param>
    /// <param name="steps">As <see cref="Steps"/> gave it.</param>
    public void Restore(IReadOnlyDictionary<string, Tensor> state, long steps)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var suspended = TensorScope.Suspend();
        using var noGrad = Autograd.NoGrad();
        Dispose();
        foreach (var (name, tensor) in state)
            _state[name] = tensor.Clone();
        Steps = steps;
    }

    /// <summary>Releases the state.</summary>
    public void Dispose()
    {
        foreach (var tensor in _state.Values)
            tensor.Dispose();
        _state.Clear();
        GC.SuppressFinalize(this);
    }

    /// <summary>Updates one group's parameters.</summary>
    protected abstract void Update(string[] names, Tensor[] parameters, Tensor[] gradients, double weightDecay, double learningRate);

    /// <summary>State tensors of one sort, made of zeros where there are none yet.</summary>
    protected Tensor[] StateOf(string sort, string[] names, Tensor[] parameters)
    {
        var tensors = new Tensor[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            var key = $"{sort}.{names[i]}";
            if (!_state.TryGetValue(key, out var tensor))
                _state[key] = tensor = TensorScope.Own(parameters[i].ZerosLike());
            tensors[i] = tensor;
        }

        return tensors;
    }
}
