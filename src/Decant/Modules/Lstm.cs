using Decant.Torch;

namespace Decant.Modules;

/// <summary>What a stack of LSTM layers answers.</summary>
/// <param name="Output">[B, T, H·directions] of the last layer; 0 where there is padding.</param>
/// <param name="Hidden">[layers·directions, B, H] after the last token (backwards: the first).</param>
/// <param name="Cell">[layers·directions, B, H].</param>
public readonly record struct LstmOutput(Tensor Output, Tensor Hidden, Tensor Cell);

/// <summary>
/// Long short-term memory (Hochreiter 1997), as PyTorch's <c>nn.LSTM</c> with <c>batch_first</c>: per layer and direction <c>weight_ih_l0</c> [4H,
/// in], <c>weight_hh_l0</c> [4H, H], <c>bias_ih_l0</c> and <c>bias_hh_l0</c> [4H] (<c>_reverse</c> for the pass from the end), gates in the order
/// input, forget, cell, output; all drawn evenly from ±1/√H.
/// </summary>
public sealed class Lstm : Module
{
    /// <summary>The name under which a forward pass is one operator to whoever records it: input, mask, hidden and cell or none, weights, layers, bidirectional.</summary>
    internal const string OperatorName = "decant::lstm";

    private const int PerPass = 4; // two matrices, two biases

    private readonly List<Tensor> _weights = [];

    /// <summary>A stack with drawn weights.</summary>
    /// <param name="inputs">The width that comes in.</param>
    /// <param name="hidden">H, the width of the state.</param>
    /// <param name="layers">How many layers; 1.</param>
    /// <param name="bidirectional">With a second pass from the end; false.</param>
    /// <param name="dropout">Between the layers, in training; 0.</param>
    /// <param name="generator">Where the weights are drawn from; null is libtorch's own.</param>
    public Lstm(long inputs, long hidden, int layers = 1, bool bidirectional = false, double dropout = 0, Generator? generator = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(hidden, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        (Inputs, Hidden, Layers, Bidirectional, DropoutBetween) = (inputs, hidden, layers, bidirectional, dropout);
        for (var layer = 0; layer < layers; layer++)
        {
            var width = layer == 0 ? inputs : hidden * Directions;
            RegisterPass($"l{layer}", width, generator);
            if (bidirectional)
                RegisterPass($"l{layer}_reverse", width, generator);
        }
    }

    /// <summary>The width that comes in.</summary>
    public long Inputs { get; }

    /// <summary>H.</summary>
    public long Hidden { get; }

    /// <summary>How many layers.</summary>
    public int Layers { get; }

    /// <summary>Whether there is a second pass from the end.</summary>
    public bool Bidirectional { get; }

    /// <summary>The probability of dropout between the layers.</summary>
    public double DropoutBetween { get; }

    /// <summary>1, or 2 when <see cref="Bidirectional"/>.</summary>
    public int Directions => Bidirectional ? 2 : 1;

    /// <summary>Whether dropout between the layers drops the same elements at every step (<see cref="LockedDropout"/>); false, as PyTorch.</summary>
    public bool Locked { get; init; }

    /// <summary>
    /// In training, the probability that a weight from hidden state to hidden state is dropped for a whole forward pass (DropConnect; Merity 2018,
    /// section 2); 0.
    /// </summary>
    public double WeightDrop { get; init; }

    /// <summary>Reads sequences. No step is spent on padding, and nothing of it is seen.</summary>
    /// <param name="input">[B, T, in].</param>
    /// <param name="mask">[B, T] bool, padding at the end, rows in any order; null: none is padding. A row without a token counts as one
    /// token.</param>
    /// <param name="state">Where to begin, and is moved on to where the sequences end; null: begin with zeros.</param>
    /// <param name="tokens">How many tokens each row has, as the mask says it; null: they are counted in the mask, which waits for its device.</param>
    /// <exception cref="DecantException">The state is of another number of rows.</exception>
    public LstmOutput Forward(Tensor input, Tensor? mask = null, RecurrentState? state = null, IReadOnlyList<long>? tokens = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        var result = OperatorListener.IsAnyOpen ? ReadAsOne(input, mask, state, tokens) : Read(input, mask, state, tokens);
        state?.Set(result.Hidden, result.Cell);
        return result with { Output = RecordActivation(result.Output) };
    }

    private LstmOutput ReadAsOne(Tensor input, Tensor? mask, RecurrentState? state, IReadOnlyList<long>? tokens)
    {
        var results = CompositeOperator.Call(OperatorName, [input, mask, state?.Hidden, state?.Cell, _weights.ToArray(), (long)Layers, Bidirectional], () =>
        {
            var result = Read(input, mask, state, tokens);
            return [result.Output, result.Hidden, result.Cell];
        });
        return new(results[0]!, results[1]!, results[2]!);
    }

    private LstmOutput Read(Tensor input, Tensor? mask, RecurrentState? state, IReadOnlyList<long>? tokens)
    {
        using var scope = TensorScope.Open();
        var lengths = mask is null ? null : Array.ConvertAll(tokens is null ? TokenMask.Lengths(mask) : [.. tokens], n => Math.Max(n, 1));
        if (lengths is not null && Array.TrueForAll(lengths, n => n == input.Size(1)))
            lengths = null;
        var (hidden, cell) = Begin(input, state);
        var result = IsTraining && (WeightDrop > 0 || (Locked && DropoutBetween > 0 && Layers > 1))
            ? LayerByLayer(input, lengths, hidden, cell)
            : Run(input, lengths, hidden, cell, [.. _weights], Layers);
        return new(scope.Keep(result.Output), scope.Keep(result.Hidden), scope.Keep(result.Cell));
    }

    /// <summary>Floating-point operations of the matrix products for one sequence.</summary>
    public long Flops(long length)
    {
        var flops = 0L;
        for (var layer = 0; layer < Layers; layer++)
            flops += 2 * 4 * Hidden * ((layer == 0 ? Inputs : Hidden * Directions) + Hidden) * Directions * length;
        return flops;
    }

    private void RegisterPass(string suffix, long width, Generator? generator)
    {
        var bound = 1 / Math.Sqrt(Hidden);
        _weights.Add(RegisterParameter("weight_ih_" + suffix, Initialise.Uniform([4 * Hidden, width], bound, generator)));
        _weights.Add(RegisterParameter("weight_hh_" + suffix, Initialise.Uniform([4 * Hidden, Hidden], bound, generator)));
        _weights.Add(RegisterParameter("bias_ih_" + suffix, Initialise.Uniform([4 * Hidden], bound, generator)));
        _weights.Add(RegisterParameter("bias_hh_" + suffix, Initialise.Uniform([4 * Hidden], bound, generator)));
    }

    private (Tensor Hidden, Tensor Cell) Begin(Tensor input, RecurrentState? state)
    {
        long[] shape = [Layers * Directions, input.Size(0), Hidden];
        if (state is not { Hidden: { } hidden, Cell: { } cell })
        {
            var zeros = Tensor.Zeros(shape, input.DType, input.Device);
            return (zeros, zeros);
        }

        if (!hidden.Shape.SequenceEqual(shape))
        {
            throw new DecantException(
                $"The state that is carried on is of [{string.Join(", ", hidden.Shape)}] (layers, rows, width), this batch needs [{string.Join(", ", shape)}]. " +
                "Reset the state where the number of rows changes, or drop the rows that are left over.");
        }

        return (hidden, cell);
    }

    // What the one call of the whole stack cannot do: its dropout is new at every step, and its weights are what they are.
    private LstmOutput LayerByLayer(Tensor input, long[]? lengths, Tensor hidden, Tensor cell)
    {
        var (hiddens, cells) = (new Tensor[Layers], new Tensor[Layers]);
        var x = input;
        for (var layer = 0; layer < Layers; layer++)
        {
            if (layer > 0)
                x = Between(x);
            var first = layer * Directions;
            var result = Run(x, lengths, hidden.Narrow(0, first, Directions), cell.Narrow(0, first, Directions), Weights(layer), 1);
            (x, hiddens[layer], cells[layer]) = (result.Output, result.Hidden, result.Cell);
        }

        return new(x, Tensor.Cat(hiddens), Tensor.Cat(cells));
    }

    private Tensor Between(Tensor states) => DropoutBetween == 0 ? states
        : Locked ? LockedDropout.Drop(states, DropoutBetween)
        : Functional.Dropout(states, DropoutBetween, true);

    // The weights of one layer, those from hidden to hidden with some of them dropped.
    private Tensor[] Weights(int layer)
    {
        var count = PerPass * Directions;
        var weights = _weights.GetRange(layer * count, count).ToArray();
        for (var pass = 0; pass < Directions && WeightDrop > 0; pass++)
            weights[(pass * PerPass) + 1] = Functional.Dropout(weights[(pass * PerPass) + 1], WeightDrop, true);
        return weights;
    }

    private LstmOutput Run(Tensor input, long[]? lengths, Tensor hidden, Tensor cell, Tensor[] weights, int layers)
    {
        if (lengths is not null)
            return Packed(input, lengths, hidden, cell, weights, layers);
        var (output, lastHidden, lastCell) = Functional.Lstm(input, hidden, cell, weights, layers, Bidirectional, DropoutBetween, IsTraining);
        return new(output, lastHidden, lastCell);
    }

    // libtorch packs sequences of falling length only: sort, and undo it behind.
    private LstmOutput Packed(Tensor input, long[] lengths, Tensor hidden, Tensor cell, Tensor[] weights, int layers)
    {
        var order = Array.ConvertAll(Enumerable.Range(0, lengths.Length).OrderByDescending(row => lengths[row]).ToArray(), row => (long)row);
        var sorted = Tensor.From(Array.ConvertAll(order, row => lengths[row]));
        var forth = Tensor.From(order, input.Device);
        var back = Tensor.From(Inverse(order), input.Device);
        var (data, batchSizes) = Functional.PackPadded(input.IndexSelect(0, forth), sorted);
        var (packed, lastHidden, lastCell) = Functional.LstmPacked(
            data, batchSizes, hidden.IndexSelect(1, forth), cell.IndexSelect(1, forth), weights, layers, Bidirectional, DropoutBetween, IsTraining);
        var output = Functional.PadPacked(packed, batchSizes, input.Size(1)); // [B, T, H·directions], sorted
        return new(output.IndexSelect(0, back), lastHidden.IndexSelect(1, back), lastCell.IndexSelect(1, back));
    }

    private static long[] Inverse(long[] order)
    {
        var inverse = new long[order.Length];
        for (var i = 0; i < order.Length; i++)
            inverse[order[i]] = i;
        return inverse;
    }
}
