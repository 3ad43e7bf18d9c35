using System.Diagnostics.CodeAnalysis;
using Decant.Torch;

namespace Decant.Modules;

/// <summary>A part of a network: parameters, buffers and smaller modules, each under a name.</summary>
/// <remarks>
/// What belongs to a module is registered in its constructor (nothing is found by reflection). Dotted names and their spelling are PyTorch's, so that
/// published weights fit. Registered tensors are owned by the module and by no <see cref="TensorScope"/> they were made in, until it is disposed.
/// </remarks>
public abstract class Module : IDisposable
{
    private readonly List<KeyValuePair<string, Tensor>> _parameters = [];
    private readonly List<KeyValuePair<string, Tensor>> _buffers = [];
    private readonly List<KeyValuePair<string, Module>> _children = [];
    private readonly HashSet<Tensor> _optional = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether dropout is in force and batch statistics are used. True after construction, as in PyTorch.</summary>
    public bool IsTraining { get; private set; } = true;

    /// <summary>Whether this or anything inside is in training mode.</summary>
    public bool IsTrainingAnywhere
    {
        get
        {
            if (IsTraining)
                return true;
            foreach (var (_, child) in _children)
            {
                if (child.IsTrainingAnywhere)
                    return true;
            }

            return false;
        }
    }

    /// <summary>The modules directly below, in the order of registration.</summary>
    public IReadOnlyList<KeyValuePair<string, Module>> Children => _children;

    /// <summary>Names of intermediate values that it can record beside its output; default: none.</summary>
    public virtual IReadOnlyList<string> Parts => [];

    /// <summary>Switches this module and all below to training mode, or to evaluation mode.</summary>
    public void Train(bool training = true)
    {
        IsTraining = training;
        foreach (var (_, child) in _children)
            child.Train(training);
    }

    /// <summary>Switches this module and all below to evaluation mode.</summary>
    public void Eval() => Train(false);

    /// <summary>
    /// The parameters of this module and all below, by dotted name; a tensor that two modules share comes once, under its first name.
    /// </summary>
    public IEnumerable<KeyValuePair<string, Tensor>> NamedParameters() =>
        Walk("", static m => m._parameters, new HashSet<Tensor>(ReferenceEqualityComparer.Instance));

    /// <summary>The buffers (state that is saved but not trained) of this module and all below, by dotted name.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> NamedBuffers() =>
        Walk("", static m => m._buffers, new HashSet<Tensor>(ReferenceEqualityComparer.Instance));

    /// <summary>This module (under the empty name) and all below, by dotted name.</summary>
    public IEnumerable<KeyValuePair<string, Module>> NamedModules(string prefix = "")
    {
        yield return new(prefix, this);
        foreach (var (name, child) in _children)
        {
            foreach (var below in child.NamedModules(Join(prefix, name)))
                yield return below;
        }
    }

    /// <summary>Where its parameters and buffers are: that of the first; the CPU where there are none.</summary>
    public Device Device => NamedParameters().Concat(NamedBuffers()).Select(t => (Device?)t.Value.Device).FirstOrDefault() ?? Device.Cpu;

    /// <summary>The number of trained numbers.</summary>
    public virtual long ParameterCount => NamedParameters().Sum(p => p.Value.ElementCount);

    /// <summary>Whether it was made with <see cref="ShapesOnly"/>: its tensors have shapes and no elements.</summary>
    internal bool HasNoMemory => NamedParameters().Any(p => p.Value.Device.Kind == DeviceKind.Meta);

    /// <summary>Parameters and buffers by dotted name: what a checkpoint holds. The tensors are the module's own, not copies.</summary>
    public IReadOnlyDictionary<string, Tensor> StateDict()
    {
        var state = new SortedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, tensor) in NamedParameters().Concat(NamedBuffers()))
            state.Add(name, tensor);
        return state;
    }

    /// <summary>Copies values into parameters and buffers; optional buffers that are missing keep their values.</summary>
    /// <param name="state">Values by dotted name; converted to the module's dtype and device.</param>
    /// <exception cref="DecantException">Names that are missing or unexpected, or shapes that differ: all of them at once. Nothing was
    /// copied.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Load(StateDict(), state);
    }

    /// <summary>All that training may change, by name: what it needs to go on, beside the module as it began. The tensors are the module's own. Default: everything.</summary>
    internal virtual IReadOnlyDictionary<string, Tensor> LearnedState() => StateDict();

    /// <summary>Copies what <see cref="LearnedState"/> gave.</summary>
    /// <exception cref="DecantException">It is of another module, or of one of which something else is trained: all faults at once. Nothing was copied.</exception>
    internal void LoadLearnedState(IReadOnlyDictionary<string, Tensor> state) => Load(LearnedState(), state);

    private void Load(IReadOnlyDictionary<string, Tensor> own, IReadOnlyDictionary<string, Tensor> state)
    {
        var faults = StateFaults.Between(own, state, OptionalBuffers());
        if (faults.Count > 0)
            throw new DecantException($"The weights do not fit the model ({GetType().Name}):\n  " + string.Join("\n  ", faults));
        using var noGrad = Autograd.NoGrad();
        foreach (var (name, tensor) in own)
        {
            if (state.TryGetValue(name, out var value))
                tensor.CopyInPlace(value);
        }
    }

    /// <summary>
    /// Moves parameters and buffers to a device. They stay the same tensors, so an optimizer that holds them can continue; gradients are dropped.
    /// </summary>
    public void To(Device device)
    {
        using var noGrad = Autograd.NoGrad();
        foreach (var (_, tensor) in NamedParameters().Concat(NamedBuffers()))
        {
            using var scope = TensorScope.Open();
            if (tensor.RequiresGrad)
                tensor.Grad = null;
            tensor.SetData(tensor.Detach().To(device));
        }
    }

    /// <summary>Switches gradients of all parameters on or off.</summary>
    public void RequireGrad(bool value)
    {
        foreach (var (_, parameter) in NamedParameters())
            parameter.RequiresGrad = value;
    }

    /// <summary>Does something in evaluation mode; afterwards every module is in the mode again that it was in.</summary>
    internal T InEvaluation<T>(Func<T> work)
    {
        var modes = NamedModules().Select(m => (m.Value, m.Value.IsTraining)).ToArray();
        Eval();
        try
        {
            return work();
        }
        finally
        {
            foreach (var (module, wasTraining) in modes)
                module.IsTraining = wasTraining;
        }
    }

    /// <summary>Releases the parameters and buffers of this module and all below.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what belongs to the module; overriders call the base.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        foreach (var (_, tensor) in _parameters.Concat(_buffers))
            tensor.Dispose();
        foreach (var (_, child) in _children)
            child.Dispose();
    }

    /// <summary>Passes this module's output, or one of its <see cref="Parts"/>, to the recorder, if any; every forward pass ends with this.</summary>
    /// <param name="value">The value; must not be changed in place afterwards.</param>
    /// <param name="part">Which part it is; empty: the answer.</param>
    /// <returns>The same tensor.</returns>
    protected Tensor RecordActivation(Tensor value, string part = "")
    {
        ActivationRecorder.Current?.See(this, part, value);
        if (part.Length == 0 && OperatorListener.IsAnyOpen)
            OperatorListener.NotifyEnd(this);
        return value;
    }

    /// <summary>Whether a part is recorded, for those that cost something to make.</summary>
    protected bool IsAsked(string part) => ActivationRecorder.Current?.Wants(this, part) ?? false;

    /// <summary>Makes a tensor a trained parameter of this module.</summary>
    /// <param name="name">Its name here, without dots.</param>
    /// <param name="value">Its first value; the module owns it from now on.</param>
    protected Tensor RegisterParameter(string name, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        value.RequiresGrad = true;
        _parameters.Add(new(Checked(name), TensorScope.Own(value)));
        return value;
    }

    /// <summary>Makes a tensor part of the module's saved state that is not trained.</summary>
    /// <param name="name">Its name here, without dots.</param>
    /// <param name="value">Its first value; the module owns it from now on.</param>
    /// <param name="optional">Whether weights may lack it, as those of older PyTorch versions lack <c>num_batches_tracked</c>.</param>
    protected Tensor RegisterBuffer(string name, Tensor value, bool optional = false)
    {
        _buffers.Add(new(Checked(name), TensorScope.Own(value)));
        if (optional)
            _optional.Add(value);
        return value;
    }

    /// <summary>Makes a module a part of this one.</summary>
    protected T RegisterModule<T>(string name, T module) where T : Module
    {
        _children.Add(new(Checked(name), module));
        return module;
    }

    /// <summary>Makes a module a part of this one for a while.</summary>
    internal void AddModule(string name, Module module) => RegisterModule(name, module);

    /// <summary>Takes such a part away again; false: there is none of that name.</summary>
    internal bool RemoveModule(string name) => _children.RemoveAll(c => c.Key == name) > 0;

    /// <summary>Parameters and buffers by dotted name; one that several modules share comes under each of its names.</summary>
    internal IEnumerable<KeyValuePair<string, Tensor>> NamedState() => Walk("", static m => m._parameters, null).Concat(Walk("", static m => m._buffers, null));

    /// <summary>The buffers that weights may lack.</summary>
    internal IReadOnlySet<Tensor> OptionalBuffers()
    {
        var all = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        foreach (var (_, module) in NamedModules())
            all.UnionWith(module._optional);
        return all;
    }

    private static string Join(string prefix, string name) => prefix.Length == 0 ? name : $"{prefix}.{name}";

    private IEnumerable<KeyValuePair<string, Tensor>> Walk(string prefix, Func<Module, List<KeyValuePair<string, Tensor>>> own, HashSet<Tensor>? seen)
    {
        foreach (var (name, tensor) in own(this))
        {
            if (seen is null || seen.Add(tensor))
                yield return new(Join(prefix, name), tensor);
        }

        foreach (var (name, child) in _children)
        {
            foreach (var below in child.Walk(Join(prefix, name), own, seen))
                yield return below;
        }
    }

    [SuppressMessage("Style", "IDE0046", Justification = "one fault, one line")]
    private string Checked(string name)
    {
        if (name.Length == 0 || name.Contains('.', StringComparison.Ordinal))
            throw new ArgumentException($"'{name}' cannot name a part of {GetType().Name}: a name has no dots and is not empty.", nameof(name));
        if (_parameters.Exists(p => p.Key == name) || _buffers.Exists(p => p.Key == name) || _children.Exists(c => c.Key == name))
            throw new ArgumentException($"{GetType().Name} has a part named '{name}' already.", nameof(name));
        return name;
    }
}
