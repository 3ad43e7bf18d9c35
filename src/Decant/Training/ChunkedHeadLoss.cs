using Decant.Modules;
using Decant.Torch;

namespace Decant.Training;

/// <summary>
/// A loss over the logits of a model with a head: they are made, compared and differentiated some rows at a time, and never exist for all rows together:
/// with R rows and a vocabulary of V they would take R·V·4 bytes for each of student and teacher, and several times that on the way.
/// </summary>
/// <remarks>
/// Of every part stay the gradients: of its states, and, added up in place, of the head. Autograd then continues from the states, as if it had come through the logits.
/// </remarks>
internal sealed class ChunkedHeadLoss
{
    private readonly Tensor _states;
    private readonly OutputHead _head;
    private readonly OutputHead _computing; // in what is computed in
    private readonly Tensor _detached;
    private readonly Tensor _stateGradients;
    private readonly Tensor? _weightGradients;
    private readonly Tensor? _biasGradients;
    private Tensor? _value;

    /// <summary>A loss of nothing yet.</summary>
    /// <param name="states">[R, H], part of the graph.</param>
    /// <param name="head">The student's.</param>
    /// <param name="precision">What its products are computed in; gradients are added up in the head's own dtype.</param>
    public ChunkedHeadLoss(Tensor states, OutputHead head, DType precision = DType.Float32)
    {
        (_states, _head) = (states, head);
        using var noGrad = Autograd.NoGrad();
        // Cast once for all parts: for one of few rows, casting a large vocabulary's head costs as much as the product.
        _computing = precision == head.Weight.DType ? head : new OutputHead(head.Weight.Detach().To(precision), head.Bias?.Detach().To(precision));
        _detached = states.Detach().To(precision);
        _stateGradients = states.Detach().ZerosLike();
        _weightGradients = head.Weight.RequiresGrad ? head.Weight.ZerosLike() : null;
        _biasGradients = head.Bias is { RequiresGrad: true } bias ? bias.ZerosLike() : null;
    }

    /// <summary>Adds the loss of a part.</summary>
    /// <param name="first">Its first row.</param>
    /// <param name="count">How many rows it has.</param>
    /// <param name="loss">From its logits [count, V] to its share of the loss, a scalar; null: the part has none.</param>
    public void Add(int first, int count, Func<Tensor, Tensor?> loss)
    {
        using var scope = TensorScope.Open();
        var states = _detached.Narrow(0, first, count);                                         // [n, H]
        var logits = Logits(states);                                                            // [n, V]
        if (loss(logits) is not { } share)
            return;
        var gradient = Autograd.Grad([share], [logits])[0]!;                                    // [n, V]
        using var noGrad = Autograd.NoGrad();
        _stateGradients.Narrow(0, first, count).CopyInPlace(gradient.MatMul(_computing.Weight)); // [n, H]
        AddToWeight(gradient.Transpose(0, 1), states);                                          // [V, H]
        _biasGradients?.AddInPlace(gradient.Sum(0));                                            // [V]
        _value = scope.Keep(_value is null ? share.Detach() : _value + share.Detach());
    }

    /// <summary>The loss of all parts, to be differentiated; 0 where there were none.</summary>
    public Tensor Sum()
    {
        Tensor[] inputs = [_states, .. _weightGradients is null ? [] : new[] { _head.Weight }, .. _biasGradients is null ? [] : new[] { _head.Bias! }];
        Tensor?[] gradients = [_stateGradients, _weightGradients, _biasGradients];
        return Autograd.WithGradients(_value ?? Tensor.Zeros([], device: _states.Device), inputs, [.. gradients.OfType<Tensor>()]);
    }

    private void AddToWeight(Tensor gradient, Tensor states)
    {
        if (_weightGradients?.DType == states.DType)
            _weightGradients.AddMatMulInPlace(gradient, states);
        else
            _weightGradients?.AddInPlace(gradient.MatMul(states));
    }

    private Tensor Logits(Tensor states)
    {
        using var noGrad = Autograd.NoGrad();
        var logits = _computing.Logits(states).Detach();
        logits.RequiresGrad = true;
        return logits;
    }
}
