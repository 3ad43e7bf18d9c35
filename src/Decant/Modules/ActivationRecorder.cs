using Decant.Torch;

namespace Decant.Modules;

/// <summary>What a model's modules made in the forward passes of one flow of control, as far as requested; of a module that ran twice, the last.</summary>
/// <remarks>The tensors belong to the scope that was current when the recording began, and are part of the graph.</remarks>
/// <example><code>
/// using var recorder = new FeaturePaths(model, ["layer3.2"]).Record();
/// var logits = model.Forward(input);
/// var last = recorder.Features["layer3.2"];
/// </code></example>
internal sealed class ActivationRecorder : IDisposable
{
    private static readonly AsyncLocal<ActivationRecorder?> s_current = new();
    private static int s_open;

    private readonly FeaturePaths _paths;
    private readonly ActivationRecorder? _before;
    private readonly TensorScope? _scope;
    private readonly Dictionary<string, Tensor> _features = new(StringComparer.Ordinal);
    private bool _ended;

    internal ActivationRecorder(FeaturePaths paths)
    {
        (_paths, _before, _scope) = (paths, s_current.Value, TensorScope.Current);
        s_current.Value = this;
        Interlocked.Increment(ref s_open);
    }

    /// <summary>The values by path; those that no forward pass made are not there.</summary>
    public IReadOnlyDictionary<string, Tensor> Features => _features;

    /// <summary>The recorder of this flow of control; null where there is none.</summary>
    internal static ActivationRecorder? Current => Volatile.Read(ref s_open) == 0 ? null : s_current.Value;

    /// <summary>Ends the recording; the tensors stay their scope's.</summary>
    public void Dispose()
    {
        if (_ended)
            return;
        _ended = true;
        s_current.Value = _before;
        Interlocked.Decrement(ref s_open);
    }

    internal bool Wants(Module module, string part) => _paths.Find(module, part) is not null;

    internal void See(Module module, string part, Tensor value)
    {
        if (_paths.Find(module, part) is { } path)
            _features[path] = _scope is null ? TensorScope.Own(value) : _scope.Adopt(value);
    }
}
