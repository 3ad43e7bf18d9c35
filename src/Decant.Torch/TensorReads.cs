using Decant.Torch.Interop;

namespace Decant.Torch;

/// <summary>
/// Counts what makes a program wait for a GPU: numbers that are read out of tensors, operators whose result has a size that depends on the data, and copies between
/// devices. It counts on the CPU too, where none of them waits, so that tests need no GPU.
/// </summary>
internal sealed class TensorReads : OperatorListener
{
    private static readonly HashSet<string> s_ofUnknownSize = new(StringComparer.Ordinal)
    {
        "aten::nonzero", "aten::nonzero_numpy", "aten::argwhere", "aten::masked_select", "aten::unique_dim", "aten::unique_consecutive", "aten::unique_dim_consecutive",
        "aten::_unique", "aten::_unique2", "aten::bincount", "aten::repeat_interleave", "aten::item", "aten::_local_scalar_dense", "aten::is_nonzero", "aten::equal",
    };

    private readonly List<string> _operators = [];

    private TensorReads()
    {
    }

    /// <summary>How often numbers were read: <see cref="Tensor.Item"/>, <see cref="Tensor.ToArray{T}"/>, operators that give a number or a truth value.</summary>
    public int Reads { get; private set; }

    /// <summary>How often a tensor was moved to a device by a call that waits, or copied into one of another device.</summary>
    public int Transfers { get; private set; }

    /// <summary>The operators that had to look at the data to know the size of their result.</summary>
    public IReadOnlyList<string> OperatorsOfUnknownSize => _operators;

    /// <summary>Begins to count; ends when disposed.</summary>
    public static TensorReads Count() => new();

    /// <inheritdoc/>
    protected override void OnCall(Operator op, ReadOnlySpan<Arg> arguments)
    {
        if (s_ofUnknownSize.Contains(op.Name) || IsIndexedByMask(op, arguments) || IsConditionAlone(op, arguments))
            _operators.Add(op.ToString());
        if (op.Name == "aten::copy_" && arguments is [{ Native.Reference: Tensor target }, { Native.Reference: Tensor source }, ..] && target.Device != source.Device)
            Transfers++;
    }

    /// <inheritdoc/>
    protected override void OnRead() => Reads++;

    /// <inheritdoc/>
    protected override void OnTransfer() => Transfers++;

    private static bool IsIndexedByMask(Operator op, ReadOnlySpan<Arg> arguments) =>
        op.Name is "aten::index" or "aten::index_put" or "aten::index_put_" && arguments.Length > 1
        && arguments[1].Native is { Tag: NativeTag.TensorList, Reference: Tensor?[] indices } && Array.Exists(indices, i => i?.DType == DType.Bool);

    // where(condition) gives the places where it is true; where(condition, yes, no) is of its arguments' size.
    private static bool IsConditionAlone(Operator op, ReadOnlySpan<Arg> arguments) => op.Name == "aten::where" && arguments.Length == 1;
}
