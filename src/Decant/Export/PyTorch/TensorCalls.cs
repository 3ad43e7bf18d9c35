using Decant.Torch;

namespace Decant.Export.PyTorch;

/// <summary>The functions by which PyTorch rebuilds tensors.</summary>
internal static class TensorCalls
{
    private const int MaxDimensions = 64;

    /// <summary><c>(storage, first, sizes, strides, requires_grad, hooks, metadata)</c>; the first version ends after the strides.</summary>
    public static PickleTensor Tensor(object?[] arguments)
    {
        if (arguments.Length is not (4 or 6 or 7))
            throw new FormatException($"4, 6 or 7 arguments are expected, {arguments.Length} came");
        RefuseConjugates(arguments.ElementAtOrDefault(6));
        return Make(arguments, null);
    }

    /// <summary>The same of a storage of bytes: the dtype comes after the hooks.</summary>
    public static PickleTensor TypedTensor(object?[] arguments)
    {
        if (arguments.Length is not (7 or 8) || arguments[6] is not PickleName { Type: { } dtype, IsStorage: false })
            throw new FormatException("an element type is expected as the seventh argument");
        RefuseConjugates(arguments.ElementAtOrDefault(7));
        return Make(arguments, dtype);
    }

    /// <summary><c>(tensor, requires_grad, hooks, state)</c>: the tensor itself.</summary>
    public static object? Parameter(object?[] arguments) =>
        arguments is [PickleTensor tensor, ..] ? tensor : throw new FormatException("a tensor is expected as the first argument");

    /// <summary><c>(function, type, arguments, state)</c>: what the function gives.</summary>
    public static object? OfType(object?[] arguments) => arguments is [PickleName { Call: { } call } function, PickleName type, object?[] values, ..]
        && function.Name.StartsWith("torch._utils._rebuild_", StringComparison.Ordinal) && TorchNames.TensorTypes.Contains(type.Name)
        ? call(values)
        : throw new FormatException("a function that rebuilds tensors, a tensor's type and a tuple are expected");

    private static PickleTensor Make(object?[] arguments, DType? given)
    {
        var (storage, start, end) = arguments[0] switch
        {
            PickleStorage whole => (whole, 0L, whole.Count),
            PickleStorageView part => (part.Storage, part.First, part.First + part.Count),
            _ => throw new FormatException("a storage is expected as the first argument"),
        };
        var sizes = Numbers(arguments[2], "sizes");
        var strides = Numbers(arguments[3], "strides");
        if (sizes.Length != strides.Length)
            throw new FormatException($"{sizes.Length} sizes and {strides.Length} strides came");
        var dtype = given ?? storage.Type ?? throw new FormatException("the elements' type is not said");
        if (storage.Type is { } stored && stored != dtype)
            throw new FormatException($"elements of {stored} were to be taken as {dtype}");
        if (storage.Type is null)
            (start, end) = (0, end / dtype.Size());
        return new PickleTensor(storage, dtype, Number(arguments[1], "the first element"), sizes, strides).Checked(start, end, storage.FileLength);
    }

    private static long[] Numbers(object? value, string what)
    {
        IReadOnlyList<object?> items = value switch
        {
            object?[] tuple => tuple,
            List<object?> list => list,
            _ => throw new FormatException($"a tuple of {what} is expected"),
        };
        return items.Count <= MaxDimensions
            ? [.. items.Select(i => Number(i, what))]
            : throw new FormatException($"{items.Count} {what}; more than {MaxDimensions} are refused");
    }

    private static long Number(object? value, string what) =>
        value is long number and >= 0 ? number : throw new FormatException($"{what}: a whole number from 0 on is expected");

    private static void RefuseConjugates(object? metadata)
    {
        if (metadata is PickleDict { Items.Count: > 0 })
            throw new FormatException("the tensor is a conjugate or negative view; save it with resolve_conj() and resolve_neg()");
    }
}
