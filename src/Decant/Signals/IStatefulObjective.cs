using Decant.Torch;

namespace Decant.Signals;

/// <summary>An objective with a state from one update to the next, such as a running mean, and must have it back when a training is resumed.</summary>
public interface IStatefulObjective : IObjective
{
    /// <summary>All that its next answer depends on beside its arguments, by name; its own tensors, not copies. May grow while it is used.</summary>
    IReadOnlyDictionary<string, Tensor> State { get; }

    /// <summary>Restores a saved state.</summary>
    /// <param name="state">As <see cref="State"/> gave it; to be copied.</param>
    /// <exception cref="DecantException">It is of another objective; nothing is changed then.</exception>
    void Restore(IReadOnlyDictionary<string, Tensor> state);
}
