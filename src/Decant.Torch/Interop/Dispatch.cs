using System.Runtime.InteropServices;
using System.Text;

namespace Decant.Torch.Interop;

/// <summary>The one place that every operator call passes through.</summary>
internal static unsafe class Dispatch
{
    private const int LongsOnStack = 64;
    private static readonly Operator s_empty = new("aten::empty", "memory_format");

    public static nint Find(string name, string overload)
    {
        nint handle;
        int code;
        fixed (byte* n = Utf8(name), o = Utf8(overload))
            code = Native.Api->FindOperator(n, o, &handle);
        if (code != 0)
            throw new TorchException($"libtorch {Runtime.TorchVersion} has no operator {name}{(overload.Length > 0 ? "." + overload : "")}: {Native.LastError()}");
        return handle;
    }

    public static string Schema(nint handle)
    {
        const int capacity = 4096;
        var text = stackalloc byte[capacity];
        if (Native.Api->OperatorSchema(handle, text, capacity) != 0)
            throw Native.Error("reading an operator's schema");
        return Marshal.PtrToStringUTF8((nint)text)!;
    }

    /// <summary>Calls and returns the number of results, which the caller owns then.</summary>
    /// <remarks>Allocates nothing managed: lists and texts are laid out on the stack, or beyond some 64 words in native memory.</remarks>
    public static int Call(Operator op, ReadOnlySpan<Arg> arguments, Span<NativeValue> results) =>
        ShapesOnly.IsOpen && ShapeRules.Of(op, arguments) is { } shapes
            ? WithoutMemory(shapes, ((Tensor)arguments[0].Reference!).DType, results)
            : CallNative(op, arguments, results);

    private static int WithoutMemory(long[][] shapes, DType dtype, Span<NativeValue> results)
    {
        for (var i = 0; i < shapes.Length; i++)
            _ = CallNative(s_empty, [shapes[i], dtype, Arg.None, new Device(DeviceKind.Meta)], results[i..]);
        return shapes.Length;
    }

    private static int CallNative(Operator op, ReadOnlySpan<Arg> arguments, Span<NativeValue> results)
    {
        var handle = op.Handle;
        var values = stackalloc NativeValue[arguments.Length];
        var words = WordsNeeded(arguments);
        var onStack = stackalloc long[LongsOnStack];
        var memory = words <= LongsOnStack ? onStack : (long*)NativeMemory.Alloc((nuint)words, sizeof(long));
        var borrowed = 0;
        try
        {
            Place(arguments, values, memory, ref borrowed);
            long written;
            fixed (NativeValue* r = results)
            {
                if (Native.Api->Call(handle, values, arguments.Length, r, results.Length, &written) != 0)
                    throw new TorchException(Refusal(op, arguments, Native.LastError()));
            }

            if (op.IsInPlace && arguments is [{ Reference: Tensor self }, ..])
                self.ForgetShape();
            return (int)written;
        }
        finally
        {
            GiveBack(arguments, borrowed);
            if (memory != onStack)
                NativeMemory.Free(memory);
        }
    }

    private static int WordsNeeded(ReadOnlySpan<Arg> arguments)
    {
        var words = 0;
        foreach (ref readonly var argument in arguments)
        {
            words += argument.Tag switch
            {
                NativeTag.IntList => ((long[])argument.Reference!).Length,
                NativeTag.DoubleList => ((double[])argument.Reference!).Length,
                NativeTag.BoolList => (((bool[])argument.Reference!).Length + 7) / 8,
                NativeTag.TensorList => ((Tensor?[])argument.Reference!).Length,
                NativeTag.String => (Encoding.UTF8.GetByteCount((string)argument.Reference!) + 7) / 8,
                _ => 0,
            };
        }

        return words;
    }

    // Counts the tensors it borrows, so that exactly those are given back if one of them turns out to be disposed.
    private static void Place(ReadOnlySpan<Arg> arguments, NativeValue* values, long* memory, ref int borrowed)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            ref readonly var argument = ref arguments[i];
            values[i] = new NativeValue { Tag = argument.Tag, Bits = argument.Bits };
            switch (argument.Tag)
            {
                case NativeTag.Tensor:
                    values[i].Bits = ((Tensor)argument.Reference!).Borrow();
                    borrowed++;
                    break;
                case NativeTag.Generator:
                    values[i].Bits = ((Generator)argument.Reference!).Handle;
                    break;
                case NativeTag.Device:
                    values[i].Bits = (int)argument.Bits;
                    values[i].Length = argument.Bits >> 32;
                    break;
                case NativeTag.IntList:
                    memory = Put<long>((long[])argument.Reference!, ref values[i], memory);
                    break;
                case NativeTag.DoubleList:
                    memory = Put<double>((double[])argument.Reference!, ref values[i], memory);
                    break;
                case NativeTag.BoolList:
                    memory = Put<bool>((bool[])argument.Reference!, ref values[i], memory);
                    break;
                case NativeTag.String:
                    var text = (string)argument.Reference!;
                    var length = Encoding.UTF8.GetByteCount(text);
                    values[i].Length = Encoding.UTF8.GetBytes(text, new Span<byte>(memory, length));
                    values[i].Bits = (long)memory;
                    memory += (length + 7) / 8;
                    break;
                case NativeTag.TensorList:
                    var tensors = (Tensor?[])argument.Reference!;
                    values[i].Length = tensors.Length;
                    values[i].Bits = (long)memory;
                    foreach (var tensor in tensors)
                    {
                        *memory++ = tensor?.Borrow() ?? 0;
                        borrowed += tensor is null ? 0 : 1;
                    }

                    break;
            }
        }
    }

    private static long* Put<T>(ReadOnlySpan<T> items, ref NativeValue value, long* memory) where T : unmanaged
    {
        value.Length = items.Length;
        value.Bits = (long)memory;
        items.CopyTo(new Span<T>(memory, items.Length));
        return memory + (items.Length * sizeof(T) + 7) / 8;
    }

    private static void GiveBack(ReadOnlySpan<Arg> arguments, int borrowed)
    {
        foreach (ref readonly var argument in arguments)
        {
            if (borrowed == 0)
                return;
            if (argument.Reference is Tensor one)
            {
                one.Return();
                borrowed--;
            }
            else if (argument.Reference is Tensor?[] many)
            {
                for (var i = 0; i < many.Length && borrowed > 0; i++)
                {
                    many[i]?.Return();
                    borrowed -= many[i] is null ? 0 : 1;
                }
            }
        }
    }

    private static string Refusal(Operator op, ReadOnlySpan<Arg> arguments, string said)
    {
        var text = new StringBuilder($"{op}(");
        for (var i = 0; i < arguments.Length; i++)
            text.Append(i == 0 ? "" : ", ").Append(arguments[i].Describe());
        return text.Append("): ").Append(said.Trim()).ToString();
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
