using System.Text;
using Decant.Torch.Interop;

namespace Decant.Torch;

/// <summary>An operator of libtorch, found by name. Every operator call of Decant goes through <see cref="Dispatch"/>.</summary>
/// <remarks>Keep it in a static field: finding it costs a look-up in libtorch's dispatcher, calling it does not.</remarks>
internal sealed class Operator
{
    private const int MostResults = 16;
    private static readonly Operator s_empty = new("aten::empty", "memory_format");

    private readonly Lazy<nint> _handle;

    /// <summary>Names an operator; it is looked up at the first call.</summary>
    /// <param name="name">The name with its namespace, like <c>aten::add</c>.</param>
    /// <param name="overload">The overload's name, like <c>Tensor</c>; empty for the one without.</param>
    public Operator(string name, string overload = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(overload);
        Name = name;
        Overload = overload;
        _handle = new Lazy<nint>(() => Dispatch.Find(name, overload));
    }

    /// <summary>The name with its namespace.</summary>
    public string Name { get; }

    /// <summary>The overload's name, or empty.</summary>
    public string Overload { get; }

    /// <summary>The schema that the loaded libtorch has of it.</summary>
    public string Schema => Dispatch.Schema(_handle.Value);

    /// <summary>Whether it writes to its first argument: PyTorch's names of those end with an underscore.</summary>
    internal bool IsInPlace => Name[^1] == '_';

    /// <summary>Calls an operator that gives one tensor. Arguments that are left out take the schema's defaults.</summary>
    /// <exception cref="TorchException">libtorch refused: the message has the operator, the shapes and dtypes that came, and libtorch's words.</exception>
    public Tensor Call(params ReadOnlySpan<Arg> arguments)
    {
        Span<NativeValue> results = stackalloc NativeValue[1];
        var count = Invoke(arguments, results);
        var tensor = count == 1 ? Results.Tensor(results[0]) : null;
        if (tensor is null)
            throw Results.Unexpected(this, "one tensor", results[..count]);
        if (OperatorListener.IsAnyOpen)
            OperatorListener.NotifyResult(this, arguments, tensor);
        return tensor;
    }

    /// <summary>Calls an operator that gives nothing, or results that are not needed.</summary>
    /// <exception cref="TorchException">As for <see cref="Call"/>.</exception>
    public void Run(params ReadOnlySpan<Arg> arguments)
    {
        Span<NativeValue> results = stackalloc NativeValue[MostResults];
        var count = Invoke(arguments, results);
        foreach (ref readonly var result in results[..count])
            NativeResults.Discard(result);
        if (OperatorListener.IsAnyOpen)
            OperatorListener.NotifyResult(this, arguments);
    }

    /// <summary>Calls an operator that gives several tensors or a list of them; a result that libtorch leaves undefined is null.</summary>
    /// <exception cref="TorchException">As for <see cref="Call"/>.</exception>
    public Tensor?[] CallMany(params ReadOnlySpan<Arg> arguments)
    {
        var tensors = InvokeMany(arguments);
        if (OperatorListener.IsAnyOpen)
            OperatorListener.NotifyResult(this, arguments, tensors);
        return tensors;
    }

    private Tensor?[] InvokeMany(ReadOnlySpan<Arg> arguments)
    {
        Span<NativeValue> results = stackalloc NativeValue[MostResults];
        var given = results[..Invoke(arguments, results)];
        if (given is [{ Tag: NativeTag.TensorList }])
            return Results.List(given[0]);
        foreach (ref readonly var result in given)
        {
            if (result.Tag is not (NativeTag.Tensor or NativeTag.None))
                throw Results.Unexpected(this, "tensors", given);
        }

        return Results.Tensors(given);
    }

    /// <summary>Calls an operator that gives a truth value.</summary>
    /// <exception cref="TorchException">As for <see cref="Call"/>.</exception>
    public bool CallBool(params ReadOnlySpan<Arg> arguments)
    {
        Span<NativeValue> results = stackalloc NativeValue[1];
        var count = InvokeAndRead(arguments, results);
        return count == 1 && results[0].Tag == NativeTag.Bool ? results[0].Bits != 0 : throw Results.Unexpected(this, "a truth value", results[..count]);
    }

    /// <summary>Calls an operator that gives a number; integers above 2⁵³ are rounded.</summary>
    /// <exception cref="TorchException">As for <see cref="Call"/>.</exception>
    public double CallNumber(params ReadOnlySpan<Arg> arguments)
    {
        Span<NativeValue> results = stackalloc NativeValue[1];
        var count = InvokeAndRead(arguments, results);
        return results[0].Tag switch
        {
            NativeTag.Double => BitConverter.Int64BitsToDouble(results[0].Bits),
            NativeTag.Int => results[0].Bits,
            _ => throw Results.Unexpected(this, "a number", results[..count]),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Overload.Length == 0 ? Name : $"{Name}.{Overload}";

    // The number of results, which the caller owns then.
    private int Invoke(ReadOnlySpan<Arg> arguments, Span<NativeValue> results)
    {
        if (OperatorListener.IsAnyOpen)
            OperatorListener.NotifyCall(this, arguments);
        return ShapesOnly.IsOpen && ShapeRules.Of(this, arguments) is { } shapes
            ? WithoutMemory(shapes, ((Tensor)arguments[0].Native.Reference!).DType, results)
            : InvokeNative(arguments, results);
    }

    // A number comes out of the tensors that go in.
    private int InvokeAndRead(ReadOnlySpan<Arg> arguments, Span<NativeValue> results)
    {
        if (OperatorListener.IsAnyOpen)
            OperatorListener.NotifyRead();
        return Invoke(arguments, results);
    }

    private static int WithoutMemory(long[][] shapes, DType dtype, Span<NativeValue> results)
    {
        for (var i = 0; i < shapes.Length; i++)
            _ = s_empty.InvokeNative([shapes[i], dtype, Arg.None, new Device(DeviceKind.Meta)], results[i..]);
        return shapes.Length;
    }

    private int InvokeNative(ReadOnlySpan<Arg> arguments, Span<NativeValue> results)
    {
        var count = Dispatch.Call(_handle.Value, NativeArgument.Unwrap(arguments), results, out var refusal);
        if (refusal is not null)
            throw new TorchException(Refusal(arguments, refusal));
        if (IsInPlace && arguments is [{ Native.Reference: Tensor self }, ..])
            self.ForgetShape();
        return count;
    }

    private string Refusal(ReadOnlySpan<Arg> arguments, string said)
    {
        var text = new StringBuilder($"{this}(");
        for (var i = 0; i < arguments.Length; i++)
            text.Append(i == 0 ? "" : ", ").Append(arguments[i].Describe());
        return text.Append("): ").Append(said.Trim()).ToString();
    }
}
