using System.Text;
using Decant.Files;
using Decant.Torch;

namespace Decant.Export.Gguf.Format;

/// <summary>Writes GGUF files, version 3: the same settings and tensors give the same bytes.</summary>
/// <remarks>Source: the format's description in ggml (<c>docs/gguf.md</c>). Settings stand in their order, then the tensors' names and places, then their numbers, each at a multiple of 32.</remarks>
internal static class GgufWriter
{
    private const int Chunk = 1 << 20; // numbers at a time

    /// <summary>Writes a file: under a temporary name, flushed to the disk, then renamed. A file that was there is replaced.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="settings">By key, in their order: <see cref="uint"/>, <see cref="float"/>, <see cref="bool"/>, <see cref="string"/>, and arrays of string, float and int.</param>
    /// <param name="tensors">The tensors, in their order.</param>
    /// <param name="cancellationToken">Stops between tensors; nothing is left behind.</param>
    /// <exception cref="DecantException">The disk is full, the folder cannot be written, or a number is none or too large for its type.</exception>
    public static void Write(string path, IReadOnlyList<KeyValuePair<string, object>> settings, IReadOnlyList<GgufTensor> tensors, CancellationToken cancellationToken = default) => AtomicFile.Write(path, stream =>
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(GgufFormat.Magic);
        writer.Write(GgufFormat.Version);
        writer.Write((ulong)tensors.Count);
        writer.Write((ulong)settings.Count);
        foreach (var (key, value) in settings)
        {
            Text(writer, key);
            Value(writer, value);
        }

        WritePlaces(writer, tensors);
        writer.Flush();
        foreach (var tensor in tensors)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Fill(stream);
            WriteNumbers(stream, tensor);
        }

        Fill(stream);
    });

    private static void WritePlaces(BinaryWriter writer, IReadOnlyList<GgufTensor> tensors)
    {
        var offset = 0L;
        foreach (var tensor in tensors)
        {
            Text(writer, tensor.Name);
            writer.Write((uint)tensor.Shape.Count);
            foreach (var size in tensor.Shape.Reverse())
                writer.Write((ulong)size);
            writer.Write(tensor.Type.Number);
            writer.Write((ulong)offset);
            offset = GgufFormat.Aligned(offset + tensor.Bytes, GgufFormat.Alignment);
        }
    }

    private static void WriteNumbers(Stream stream, GgufTensor tensor)
    {
        using var scope = TensorScope.Open();
        var numbers = tensor.Make().Detach().To(Device.Cpu).To(DType.Float32).Contiguous().Reshape(-1);
        var rows = Math.Max(1, Chunk / tensor.Row) * tensor.Row;
        var room = new byte[tensor.Type.BytesFor(Math.Min(rows, numbers.ElementCount))];
        for (var start = 0L; start < numbers.ElementCount; start += rows)
        {
            using var part = numbers.Narrow(0, start, Math.Min(rows, numbers.ElementCount - start));
            var bytes = room.AsSpan(0, (int)tensor.Type.BytesFor(part.ElementCount));
            GgufBlocks.Encode(part.AsSpan<float>(), tensor.Type, bytes, tensor.Name);
            stream.Write(bytes);
        }
    }

    private static void Fill(Stream stream)
    {
        while (stream.Position % GgufFormat.Alignment != 0)
            stream.WriteByte(0);
    }

    private static void Text(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static void Value(BinaryWriter writer, object value)
    {
        writer.Write((uint)GgufFormat.KindOf(value.GetType()));
        switch (value)
        {
            case uint number: writer.Write(number); break;
            case float number: writer.Write(number); break;
            case bool yes: writer.Write(yes); break;
            case string text: Text(writer, text); break;
            case IReadOnlyList<string> texts: Items(writer, GgufKind.Text, texts, Text); break;
            case IReadOnlyList<float> numbers: Items(writer, GgufKind.Float32, numbers, (w, n) => w.Write(n)); break;
            case IReadOnlyList<int> numbers: Items(writer, GgufKind.Int32, numbers, (w, n) => w.Write(n)); break;
            case byte[] bytes: Items(writer, GgufKind.UInt8, bytes, (w, n) => w.Write(n)); break;
        }
    }

    private static void Items<T>(BinaryWriter writer, GgufKind kind, IReadOnlyList<T> items, Action<BinaryWriter, T> write)
    {
        writer.Write((uint)kind);
        writer.Write((ulong)items.Count);
        foreach (var item in items)
            write(writer, item);
    }
}
