namespace Decant.Torch;

public static partial class Functional
{
    private static readonly Operator s_lstm = new("aten::lstm", "input");
    private static readonly Operator s_lstmPacked = new("aten::lstm", "data");
    private static readonly Operator s_pack = new("aten::_pack_padded_sequence");
    private static readonly Operator s_pad = new("aten::_pad_packed_sequence");

    /// <summary>Runs a stack of LSTM layers over whole sequences of one length.</summary>
    /// <param name="input">[B, T, in].</param>
    /// <param name="hidden">[layers·directions, B, H].</param>
    /// <param name="cell">[layers·directions, B, H].</param>
    /// <param name="weights">Per layer and direction: input weights [4H, in], hidden weights [4H, H], and both biases [4H].</param>
    /// <param name="layers">The number of layers.</param>
    /// <param name="bidirectional">With a second pass from the end.</param>
    /// <param name="dropout">The probability of dropout between the layers, in training; draws from libtorch's own generator.</param>
    /// <param name="training">Whether dropout is in force.</param>
    /// <returns>The outputs [B, T, H·directions], the last hidden and cell states.</returns>
    public static (Tensor Output, Tensor Hidden, Tensor Cell) Lstm(
        Tensor input, Tensor hidden, Tensor cell, Tensor[] weights, long layers, bool bidirectional, double dropout, bool training)
    {
        var results = s_lstm.CallMany(input, new Tensor?[] { hidden, cell }, weights, true, layers, dropout, training, bidirectional, true);
        return (results[0]!, results[1]!, results[2]!);
    }

    /// <summary>Runs a stack of LSTM layers over packed sequences.</summary>
    /// <param name="data">The packed steps of <see cref="PackPadded"/>.</param>
    /// <param name="batchSizes">How many sequences have each step.</param>
    /// <param name="hidden">[layers·directions, B, H].</param>
    /// <param name="cell">[layers·directions, B, H].</param>
    /// <param name="weights">As in <see cref="Lstm"/>.</param>
    /// <param name="layers">The number of layers.</param>
    /// <param name="bidirectional">With a second pass from the end.</param>
    /// <param name="dropout">The probability of dropout between the layers, in training; draws from libtorch's own generator.</param>
    /// <param name="training">Whether dropout is in force.</param>
    /// <returns>The packed outputs, the last hidden and cell states.</returns>
    public static (Tensor Output, Tensor Hidden, Tensor Cell) LstmPacked(
        Tensor data, Tensor batchSizes, Tensor hidden, Tensor cell, Tensor[] weights, long layers, bool bidirectional, double dropout, bool training)
    {
        var results = s_lstmPacked.CallMany(data, batchSizes, new Tensor?[] { hidden, cell }, weights, true, layers, dropout, training, bidirectional);
        return (results[0]!, results[1]!, results[2]!);
    }

    /// <summary>Packs sequences that are sorted by falling length, so that no step is spent on padding.</summary>
    /// <param name="input">[B, T, …].</param>
    /// <param name="lengths">[B] int64, each at least 1, on the CPU, falling.</param>
    /// <returns>The steps [Σ lengths, …], all of the first step first, and how many sequences have each step: int64 [T], on the CPU.</returns>
    public static (Tensor Data, Tensor BatchSizes) PackPadded(Tensor input, Tensor lengths)
    {
        var results = s_pack.CallMany(input, lengths, true);
        return (results[0]!, results[1]!);
    }

    /// <summary>Undoes <see cref="PackPadded"/>: [B, T, …], 0 where there was padding.</summary>
    /// <param name="data">The packed steps.</param>
    /// <param name="batchSizes">How many sequences have each step.</param>
    /// <param name="length">T, at least that of the longest sequence.</param>
    public static Tensor PadPacked(Tensor data, Tensor batchSizes, long length)
    {
        var results = s_pad.CallMany(data, batchSizes, true, 0.0, length);
        results[1]?.Dispose();
        return results[0]!;
    }
}
