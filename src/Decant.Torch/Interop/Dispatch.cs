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
            throw new TorchException($"libtorch {Runtime.TorchVersion} has no operator {name}{(overload.Length > 0 ? "." + overload : "")}: {Native.LastError()}");
        return handle;
    }

    public static string Schema(nint handle)
    {
        const int capacity = 4096;
        var text = stackalloc byte[capacity];
        Native.Check(Native.Api->OperatorSchema(handle, text, capacity), "reading an operator's schema");
        return Marshal.PtrToStringUTF8((nint)text)!;
    }

    /// <summary>Calls and returns the number of results.</summary>
    public static int Call(Operator op, ReadOnlySpan<Arg> arguments, Span<NativeValue> results)
    {
        var values = stackalloc NativeValue[arguments.Length];
        var words = WordsNeeded(arguments);
        var onStack = stackalloc long[LongsOnStack];
        var memory = words <= LongsOnStack ? onStack : (long*)NativeMemory.Alloc((nuint)words, sizeof(long));
        try
        {
            Place(arguments, values, memory);
            long written;
            int code;
            fixed (NativeValue* r = results)
                code = Native.Api->Call(op.Handle, values, arguments.Length, r, results.Length, &written);
            KeepAlive(arguments);
            if (code != 0)
                throw new TorchException(Refusal(op, arguments, Native.LastError()));
            return (int)written;
        }
        finally
        {
            if (memory != onStack)
                NativeMemory.Free(memory);
        }
    }

    public static Tensor? ToTensor(in NativeValue value) =>
        value.Tag == NativeTag.Tensor ? new Tensor((nint)value.Bits, value.Length) : null;

    public static Tensor?[] ToTensors(in NativeValue list)
    {
        var tensors = new Tensor?[list.Length];
        var items = (NativeValue*)list.Bits;
        for (var i = 0; i < tensors.Length; i++)
            tensors[i] = ToTensor(items[i]);
        Native.Api->FreeList((nint)list.Bits);
        return tensors;
    }

    public static void Discard(in NativeValue value)
    {
        if (value.Tag == NativeTag.Tensor)
        {
            Native.Api->TensorRelease((nint)value.Bits);
        }
        else if (value.Tag == NativeTag.TensorList)
        {
            var items = (NativeValue*)value.Bits;
            for (var i = 0; i < value.Length; i++)
                Native.Api->TensorRelease((nint)items[i].Bits);
            Native.Api->FreeList((nint)value.Bits);
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

    private static void Place(ReadOnlySpan<Arg> arguments, NativeValue* values, long* memory)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            ref readonly var argument = ref arguments[i];
            values[i] = new NativeValue { Tag = argument.Tag, Bits = argument.Bits };
            switch (argument.Tag)
            {
                case NativeTag.Tensor:
                    values[i].Bits = ((Tensor)argument.Reference!).Handle;
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
                    memory = Put<byte>(Encoding.UTF8.GetBytes((string)argument.Reference!), ref values[i], memory);
                    break;
                case NativeTag.TensorList:
                    var tensors = (Tensor?[])argument.Reference!;
                    values[i].Length = tensors.Length;
                    values[i].Bits = (long)memory;
                    foreach (var tensor in tensors)
                        *memory++ = tensor?.Handle ?? 0;
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

    // Nothing may be collected, and so no handle released by its owner, while libtorch reads it.
    private static void KeepAlive(ReadOnlySpan<Arg> arguments)
    {
        foreach (ref readonly var argument in arguments)
            GC.KeepAlive(argument.Reference);
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
