using System.Runtime.InteropServices;
using System.Text;

namespace Decant.Torch.Interop;

/// <summary>The one place that every operator call passes through.</summary>
internal static unsafe class Dispatch
{
    private const int LongsOnStack = 64;

    public static nint Find(string name, string overload)
    {
        nint handle;
        int code;
        fixed (byte* n = Utf8(name), o = Utf8(overload))
            code = Native.Api->FindOperator(n, o, &handle);
        if (code != 0)
            throw new TorchException($"libtorch {RuntimeCalls.TorchVersion()} has no operator {name}{(overload.Length > 0 ? "." + overload : "")}: {Native.LastError()}");
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
    /// <param name="handle">The operator's, from <see cref="Find"/>.</param>
    /// <param name="arguments">What it is called with.</param>
    /// <param name="results">Room for the results.</param>
    /// <param name="refusal">libtorch's words if it refused, and nothing was given; else null.</param>
    public static int Call(nint handle, ReadOnlySpan<NativeArgument> arguments, Span<NativeValue> results, out string? refusal)
    {
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
                {
                    refusal = Native.LastError();
                    return 0;
                }
            }

            refusal = null;
            return (int)written;
        }
        finally
        {
            GiveBack(arguments, borrowed);
            if (memory != onStack)
                NativeMemory.Free(memory);
        }
    }

    private static int WordsNeeded(ReadOnlySpan<NativeArgument> arguments)
    {
        var words = 0;
        foreach (ref readonly var argument in arguments)
        {
            words += argument.Tag switch
            {
                NativeTag.IntList => ((long[])argument.Reference!).Length,
                NativeTag.DoubleList => ((double[])argument.Reference!).Length,
                NativeTag.BoolList => (((bool[])argument.Reference!).Length + 7) / 8,
                NativeTag.TensorList => argument.List.Length,
                NativeTag.String => (Encoding.UTF8.GetByteCount((string)argument.Reference!) + 7) / 8,
                _ => 0,
            };
        }

        return words;
    }

    // Counts what it borrows, so that exactly those are given back if one of them turns out to be disposed.
    private static void Place(ReadOnlySpan<NativeArgument> arguments, NativeValue* values, long* memory, ref int borrowed)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            ref readonly var argument = ref arguments[i];
            values[i] = new NativeValue { Tag = argument.Tag, Bits = argument.Bits };
            switch (argument.Tag)
            {
                case NativeTag.Tensor or NativeTag.Generator:
                    values[i].Bits = argument.One.Borrow();
                    borrowed++;
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
                    var tensors = argument.List;
                    values[i].Length = tensors.Length;
                    values[i].Bits = (long)memory;
                    foreach (var tensor in tensors)
                    {
                        if (tensor is null)
                        {
                            *memory++ = 0;
                            continue;
                        }

                        *memory++ = tensor.Borrow();
                        borrowed++;
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

    private static void GiveBack(ReadOnlySpan<NativeArgument> arguments, int borrowed)
    {
        foreach (ref readonly var argument in arguments)
        {
            if (borrowed == 0)
                return;
            if (argument.Tag is NativeTag.Tensor or NativeTag.Generator)
            {
                argument.One.Return();
                borrowed--;
            }
            else if (argument.Tag == NativeTag.TensorList)
            {
                var many = argument.List;
                for (var i = 0; i < many.Length && borrowed > 0; i++)
                {
                    if (many[i] is not { } one)
                        continue;
                    one.Return();
                    borrowed--;
                }
            }
        }
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
