using Decant.Torch;

namespace Decant.Modules;

/// <summary>
/// The state of a recurrent model from one batch to the next: handed in with <see cref="ModelInput.State"/>, and advanced by every forward pass to the
/// state after the batch's last tokens, without its gradients (backpropagation through time ends at the batch's first token). Row b of the next batch goes
/// on where row b of this one ended.
/// </summary>
/// <remarks>Owns its tensors, independent of scopes; the caller of the model keeps one per stream of batches and disposes it.</remarks>
public sealed class RecurrentState : IDisposable
{
    private const string HiddenName = "hidden";
    private const string CellName = "cell";

    /// <summary>[layers·directions, B, H]; null: zeros, as at the beginning of a text.</summary>
    public Tensor? Hidden { get; private set; }

    /// <summary>[layers·directions, B, H]; null together with <see cref="Hidden"/>.</summary>
    public Tensor? Cell { get; private set; }

    /// <summary>Whether nothing is remembered.</summary>
    public bool IsEmpty => Hidden is null;

    /// <summary>The tensors by name, for checkpoints: none, or <c>hidden</c> and <c>cell</c>; its own, not copies.</summary>
    public IReadOnlyDictionary<string, Tensor> Named =>
        IsEmpty ? new Dictionary<string, Tensor>() : new() { [HiddenName] = Hidden!, [CellName] = Cell! };

    /// <summary>Replaces the state.</summary>
    /// <param name="hidden">[layers·directions, B, H]; copied, without its gradients.</param>
    /// <param name="cell">[layers·directions, B, H]; copied likewise.</param>
    public void Set(Tensor hidden, Tensor cell)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentNullException.ThrowIfNull(cell);
        var (newHidden, newCell) = (Copy(hidden), Copy(cell));
        Reset();
        (Hidden, Cell) = (newHidden, newCell);
    }

    /// <summary>Forgets everything: the next batch begins new texts.</summary>
    public void Reset()
    {
        Hidden?.Dispose();
        Cell?.Dispose();
        (Hidden, Cell) = (null, null);
    }

    /// <summary>Restores what <see cref="Named"/> gave.</summary>
    /// <param name="named">Copied.</param>
    /// <exception cref="DecantException">Other names, or shapes that do not go together; nothing is changed then.</exception>
    public void Restore(IReadOnlyDictionary<string, Tensor> named)
    {
        ArgumentNullException.ThrowIfNull(named);
        if (named.Count == 0)
            Reset();
        else if (named.Count == 2 && named.TryGetValue(HiddenName, out var hidden) && named.TryGetValue(CellName, out var cell) && hidden.Shape.SequenceEqual(cell.Shape))
            Set(hidden, cell);
        else
            throw new DecantException($"This is no recurrent state: expected {HiddenName} and {CellName} of one shape, or nothing; {string.Join(", ", named.Keys)} came.");
    }

    /// <inheritdoc/>
    public void Dispose() => Reset();

    private static Tensor Copy(Tensor tensor)
    {
        using var noGrad = Autograd.NoGrad();
        return TensorScope.Own(tensor.Detach().Clone());
    }
}
