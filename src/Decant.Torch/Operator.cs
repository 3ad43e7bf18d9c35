using Decant.Torch.Interop;

namespace Decant.Torch;

/// <summary>An operator of libtorch, found by name. Every operator call of Decant goes through <see cref="Dispatch"/>.</summary>
/// <remarks>Keep it in a static field: finding it costs a look-up in libtorch's dispatcher, calling it does not.</remarks>
public sealed class Operator
{
    private readonly Lazy<nint> _handle;

    /// <summary>Names an operator; it is looked up at the first call.</summary>
    /// <param name="name">The name with its namespace, like <c>aten::add</c>.</param>
    /// <param name="overload">The overload's name, like <c>Tensor</c>; empty for the one without.</param>
    public Operator(string name, string overload = "")
    {
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

    internal nint Handle => _handle.Value;

    /// <summary>Calls an operator that gives one tensor. Arguments that are left out take the schema's defaults.</summary>
    /// <exception cref="TorchException">libtorch refused: the message has the operator, the shapes and dtypes that came, and libtorch's words.</exception>
    public Tensor Call(params ReadOnlySpan<Arg> arguments)
    {
        Span<NativeValue> results = stackalloc NativeValue[1];
        Dispatch.Call(this, arguments, results);
        return Dispatch.ToTensor(results[0]) ?? throw new TorchException($"{this} gave no tensor.");
    }

    /// <summary>Calls an operator that gives nothing, or whose results are not needed.</summary>
    public void Run(params ReadOnlySpan<Arg> arguments)
    {
        Span<NativeValue> results = stackalloc NativeValue[8];
        var count = Dispatch.Call(this, arguments, results);
        foreach (var result in results[..count])
            Dispatch.Discard(result);
    }

    /// <summary>Calls an operator that gives several tensors; a result that libtorch leaves undefined is null.</summary>
    public Tensor?[] CallMany(params ReadOnlySpan<Arg> arguments)
    {
        Span<NativeValue> results = stackalloc NativeValue[8];
        var count = Dispatch.Call(this, arguments, results);
        if (count == 1 && results[0].Tag == NativeTag.TensorList)
            return Dispatch.ToTensors(results[0]);
        var tensors = new Tensor?[count];
        for (var i = 0; i < count; i++)
            tensors[i] = Dispatch.ToTensor(results[i]);
        return tensors;
    }

    /// <summary>Calls an operator that gives a truth value.</summary>
    public bool CallBool(params ReadOnlySpan<Arg> arguments)
    {
        Span<NativeValue> results = stackalloc NativeValue[1];
        Dispatch.Call(this, arguments, results);
        return results[0].Bits != 0;
    }

    /// <summary>Calls an operator that gives a number.</summary>
    public double CallNumber(params ReadOnlySpan<Arg> arguments)
    {
        Span<NativeValue> results = stackalloc NativeValue[1];
        Dispatch.Call(this, arguments, results);
        return results[0].Tag == NativeTag.Double ? BitConverter.Int64BitsToDouble(results[0].Bits) : results[0].Bits;
    }

    /// <inheritdoc/>
    public override string ToString() => Overload.Length == 0 ? Name : $"{Name}.{Overload}";
}
