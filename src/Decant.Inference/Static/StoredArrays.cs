using System.Buffers.Binary;
using System.Text.Json;
using Decant.Files;

namespace Decant.Inference.Static;

/// <summary>The tensors of a safetensors file, read whole: tables are small.</summary>
internal static class StoredArrays
{
    private const int MostBytes = 2_000_000_000;

    /// <summary>Reads a file.</summary>
    /// <exception cref="DecantException">It is missing, longer than 2 GB, or damaged; the message begins with the path.</exception>
    public static IReadOnlyDictionary<string, StoredArray> Read(string path)
    {
        try
        {
            PlaceholderFile.Refuse(path);
            return Parse(RegularFile.Bytes(path, MostBytes));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{path} cannot be read: {error.Message}", inner: error);
        }
        catch (Exception error) when (error is FormatException or JsonException or InvalidOperationException or OverflowException or KeyNotFoundException or ArgumentException)
        {
            throw new DecantException($"{path} is no whole safetensors file: {error.Message.TrimEnd('.')}. Save or copy it again.", inner: error);
        }
    }

    private static Dictionary<string, StoredArray> Parse(byte[] bytes)
    {
        if (bytes.Length < 8 || BinaryPrimitives.ReadUInt64LittleEndian(bytes) is var length && length > (ulong)(bytes.Length - 8))
            throw new FormatException($"it has {bytes.Length} bytes, and its header alone more");
        var header = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        using var json = JsonDocument.Parse(bytes.AsMemory(8, header));
        var data = bytes.AsMemory(8 + header);
        var arrays = new Dictionary<string, StoredArray>(StringComparer.Ordinal);
        foreach (var entry in json.RootElement.EnumerateObject().Where(e => e.Name != "__metadata__"))
        {
            if (!arrays.TryAdd(entry.Name, Array(entry.Name, entry.Value, data)))
                throw new FormatException($"tensor '{entry.Name}' is there twice");
        }

        return arrays;
    }

    private static StoredArray Array(string name, JsonElement entry, ReadOnlyMemory<byte> data)
    {
        var type = entry.GetProperty("dtype").GetString() ?? "";
        long[] shape = [.. entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        long[] ends = [.. entry.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
        if (StoredArray.Size(type) is not (> 0 and var size))
            throw new FormatException($"tensor '{name}' is of type {type}, which a table does not have");
        if (System.Array.Exists(shape, s => s < 0))
            throw new FormatException($"tensor '{name}' has a negative size");
        var bytes = shape.Aggregate((long)size, (all, s) => checked(all * s));
        if (ends is not [var start, var end] || start < 0 || end > data.Length || end - start != bytes)
            throw new FormatException($"tensor '{name}' of [{string.Join(", ", shape)}] {type} is not where its header says");
        return new(type, shape, data.Slice((int)start, (int)bytes));
    }
}
