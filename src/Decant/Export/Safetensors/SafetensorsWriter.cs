using System.Buffers.Binary;
using System.Text.Json;
using Decant.Files;
using Decant.Torch;

namespace Decant.Export.Safetensors;

/// <summary>Writes safetensors files: the same tensors and metadata give the same bytes.</summary>
/// <remarks>
/// Tensors stand in the order of the reference implementation, by falling element size and then by name, and the header is padded with spaces to a
/// multiple of 8: so every tensor is aligned and can be read without copying.
/// </remarks>
internal static class SafetensorsWriter
{
    private const int Alignment = 8;
    private const int Chunk = 1 << 22;

    private static readonly JsonWriterOptions s_json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a file: under a temporary name, flushed to the disk, then renamed. A file that was there is replaced.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="tensors">By name; on any device, contiguous or not.</param>
    /// <param name="metadata">What the file says of itself; null: <c>format: pt</c>, which Hugging Face's libraries ask for.</param>
    /// <exception cref="DecantException">The disk is full, or the folder cannot be written; what was there before is still there.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata));
    }

    /// <summary>Writes to a stream.</summary>
    public static void Write(Stream stream, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        var ordered = tensors.OrderByDescending(t => t.Value.DType.Size()).ThenBy(t => t.Key, StringComparer.Ordinal).ToList();
        var header = Header(ordered, metadata ?? new Dictionary<string, string> { ["format"] = "pt" });
        var length = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, tensor) in ordered)
            WriteBytes(stream, tensor);
    }

    private static byte[] Header(List<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, s_json))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            var offset = 0L;
            foreach (var (name, tensor) in tensors)
                offset = WriteEntry(json, name, tensor, offset);
            json.WriteEndObject();
        }

        while (buffer.Length % Alignment != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.Count == 0)
            return;
        json.WriteStartObject("__metadata__");
        foreach (var (key, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static long WriteEntry(Utf8JsonWriter json, string name, Tensor tensor, long offset)
    {
        if (name == "__metadata__")
            throw new ArgumentException("The format keeps the name __metadata__ for itself; no tensor can have it.", nameof(name));
        var end = offset + tensor.ElementCount * tensor.DType.Size();
        json.WriteStartObject(name);
        json.WriteString("dtype", SafetensorsDType.Name(tensor.DType));
        json.WriteStartArray("shape");
        foreach (var size in tensor.Shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
        return end;
    }

    private static void WriteBytes(Stream stream, Tensor tensor)
    {
        if (tensor.ElementCount == 0)
            return;
        using var scope = TensorScope.Open();
        var bytes = tensor.Detach().To(Device.Cpu).Contiguous().Reshape(-1).Reinterpret(DType.UInt8);
        for (var start = 0L; start < bytes.ElementCount; start += Chunk)
        {
            using var part = bytes.Narrow(0, start, Math.Min(Chunk, bytes.ElementCount - start));
            stream.Write(part.AsSpan<byte>());
        }
    }
}
