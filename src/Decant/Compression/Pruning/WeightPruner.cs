using Decant.Modules;
using Decant.Torch;
using Decant.Training;

namespace Decant.Compression.Pruning;

/// <summary>Prunes a model while it is trained: masks by magnitude, renewed as the schedule says, and kept through every update.</summary>
/// <remarks>
/// A masked weight takes no gradient and is 0 behind every update, whatever momentum says. Since it is 0, it is among the smallest when masks are renewed: the sparsity rises and never
/// falls. The masks are a part of the checkpoint, so that a live weight that happens to be 0 stays live in a resumed run.
/// </remarks>
internal sealed class WeightPruner : IWeightMasks
{
    private readonly PruningOptions _options;
    private readonly SparsitySchedule _schedule;
    private readonly IReadOnlyList<PrunableWeight> _weights;
    private readonly Dictionary<string, Tensor> _dropped = new(StringComparer.Ordinal);

    /// <summary>Of the trained weights of a model.</summary>
    /// <exception cref="DecantException">The options do not go together, or the model has no such weights, or none of such a shape.</exception>
    public WeightPruner(Model model, PruningOptions options)
    {
        if (options.Fault() is { } fault)
            throw new DecantException($"pruning.{fault.Key}: {fault.Fault}.");
        (_options, _schedule, _weights) = (options, new SparsitySchedule(options), PrunableWeights.Of(model, trained: true));
        if (_weights.Count == 0)
            throw new DecantException($"pruning: a model of kind '{model.Kind}' has no trained weights of linear, convolutional or LSTM layers to prune; leave pruning out.");
        if (options.Pattern == SparsityPattern.TwoOfFour && _weights.FirstOrDefault(w => w.Value.Dimensions != 2 || w.Value.Size(w.IsTransposed ? 0 : 1) % 4 != 0) is { Name: { } name } odd)
            throw new DecantException($"pruning.pattern: 2:4 takes four inputs of a matrix at a time, and '{name}' is of [{string.Join(", ", odd.Value.Shape)}]. Say pattern: unstructured, or freeze that layer.");
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State => _dropped;

    /// <inheritdoc/>
    public bool IsComplete(long step, long steps) => _schedule.IsComplete(step, steps);

    /// <inheritdoc/>
    public void MaskGradients()
    {
        using var noGrad = Autograd.NoGrad();
        foreach (var weight in _weights)
        {
            using var scope = TensorScope.Open();
            if (_dropped.TryGetValue(weight.Name, out var dropped) && weight.Value.Grad is { } gradient)
                gradient.MaskedFillInPlace(dropped, 0);
        }
    }

    /// <inheritdoc/>
    public void AfterUpdate(long step, long steps)
    {
        using var noGrad = Autograd.NoGrad();
        Clear();
        if (!_schedule.IsDue(step, steps))
            return;
        Renew(_schedule.At(step, steps));
        Clear();
    }

    /// <inheritdoc/>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        using var suspended = TensorScope.Suspend();
        Dispose();
        var known = _weights.ToDictionary(w => w.Name, w => w.Value, StringComparer.Ordinal);
        foreach (var (name, dropped) in state)
        {
            if (!known.TryGetValue(name, out var weight) || !weight.Shape.SequenceEqual(dropped.Shape) || dropped.DType != DType.Bool)
                throw new DecantException($"The checkpoint says which weights of '{name}' are pruned, {dropped}, and this training prunes no such weight: go on with the pruning that it was written with.");
            _dropped[name] = dropped.To(weight.Device).Clone();
        }
    }

    /// <summary>Releases the masks.</summary>
    public void Dispose()
    {
        foreach (var dropped in _dropped.Values)
            dropped.Dispose();
        _dropped.Clear();
    }

    private void Clear()
    {
        foreach (var weight in _weights)
        {
            if (_dropped.TryGetValue(weight.Name, out var dropped))
                weight.Value.MaskedFillInPlace(dropped, 0); // not times 0, which leaves a sign
        }
    }

    private void Renew(double sparsity)
    {
        using var scope = TensorScope.Open();
        if (_options.Scope == PruningScope.Global)
        {
            var all = Tensor.Cat([.. _weights.Select(w => w.Value.Abs().Flatten())]);
            var (dropped, first) = (SmallestWeights.Of(all, Count(sparsity, all.ElementCount)), 0L);
            foreach (var weight in _weights)
            {
                Set(weight, dropped.Narrow(0, first, weight.Value.ElementCount).View(weight.Value.Shape));
                first += weight.Value.ElementCount;
            }

            return;
        }

        foreach (var weight in _weights)
        {
            using var inner = TensorScope.Open();
            Set(weight, _options.Pattern == SparsityPattern.TwoOfFour ? InFours(weight, sparsity) : SmallestWeights.Of(weight.Value.Abs().Flatten(), Count(sparsity, weight.Value.ElementCount)).View(weight.Value.Shape));
        }
    }

    // One of four from a quarter on, two from a half on.
    private static Tensor InFours(PrunableWeight weight, double sparsity)
    {
        var count = (int)Math.Floor((4 * sparsity) + 1e-9);
        return weight.IsTransposed ? SmallestWeights.OfFour(weight.Value.Abs().Transpose(0, 1).Contiguous(), count).Transpose(0, 1) : SmallestWeights.OfFour(weight.Value.Abs(), count);
    }

    private void Set(PrunableWeight weight, Tensor dropped)
    {
        using var suspended = TensorScope.Suspend();
        if (_dropped.TryGetValue(weight.Name, out var there))
            there.CopyInPlace(dropped);
        else
            _dropped[weight.Name] = dropped.IsContiguous ? dropped.Clone() : dropped.Contiguous();
    }

    private static long Count(double sparsity, long all) => (long)Math.Round(sparsity * all, MidpointRounding.AwayFromZero);
}
