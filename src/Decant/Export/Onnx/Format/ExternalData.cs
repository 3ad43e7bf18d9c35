using System.Globalization;
using Decant.Files;
using Google.Protobuf;

namespace Decant.Export.Onnx.Format;

/// <summary>Constants that lie in a file of their own, beside that of the graph.</summary>
internal static class ExternalData
{
    /// <summary>Moves constants to a stream.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="name">The file's name, for the graph.</param>
    /// <param name="graph">Its constants are replaced by where they lie.</param>
    /// <param name="least">Constants of fewer bytes stay inside.</param>
    /// <param name="alignment">Every constant begins at a multiple of it, so that it can be mapped into memory.</param>
    public static void Write(Stream stream, string name, GraphProto graph, long least, int alignment)
    {
        var offset = 0L;
        foreach (var tensor in graph.Initializer.Where(t => t.RawData.Length >= least))
        {
            var padding = (alignment - (offset % alignment)) % alignment;
            stream.Write(new byte[padding]);
            offset += padding;
            tensor.RawData.WriteTo(stream);
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
            tensor.ExternalData.Add(Entry("location", name));
            tensor.ExternalData.Add(Entry("offset", offset.ToString(CultureInfo.InvariantCulture)));
            tensor.ExternalData.Add(Entry("length", tensor.RawData.Length.ToString(CultureInfo.InvariantCulture)));
            offset += tensor.RawData.Length;
            tensor.ClearRawData();
        }
    }

    /// <summary>Reads the constants that lie outside.</summary>
    /// <param name="path">The graph's file; constants lie in its folder and nowhere else.</param>
    /// <param name="graph">Its constants have their bytes afterwards.</param>
    /// <exception cref="DecantException">A file is missing or too short, or a constant lies elsewhere.</exception>
    public static void Read(string path, GraphProto graph)
    {
        var read = new Dictionary<(string Name, long Offset, long Length), ByteString>();
        foreach (var tensor in graph.Initializer.Where(t => t.DataLocation == TensorProto.Types.DataLocation.External))
        {
            var entries = Entries(path, tensor);
            var name = entries.GetValueOrDefault("location") ?? "";
            if (name.Length == 0 || name != Path.GetFileName(name) || name is "." or ".." || name.Contains('\0', StringComparison.Ordinal))
                throw new DecantException($"{path}: the constant '{tensor.Name}' lies in '{name}'; only files beside the model's own are read.");
            using var stream = RegularFile.Open(Path.Combine(Path.GetDirectoryName(path) ?? "", name));
            var offset = Number(path, tensor, entries, "offset", 0);
            var length = Number(path, tensor, entries, "length", stream.Length - offset);
            if (offset < 0 || length < 0 || offset > stream.Length - length || length > int.MaxValue)
                throw new DecantException($"{path}: the constant '{tensor.Name}' is said to be {length} bytes from byte {offset} of {name}, which has {stream.Length}. The files do not belong together; export them again.");
            if (!read.TryGetValue((name, offset, length), out var bytes))
            {
                // Many constants that overlap would take many times the memory of the file.
                if (read.Where(r => r.Key.Name == name).Sum(r => r.Key.Length) > stream.Length - length)
                    throw new DecantException($"{path}: its constants in {name} overlap: up to '{tensor.Name}' they are more than the {stream.Length} bytes of the file. It is damaged; export it again.");
                read[(name, offset, length)] = bytes = Bytes(stream, offset, (int)length);
            }

            tensor.RawData = bytes;
            tensor.ExternalData.Clear();
            tensor.ClearDataLocation();
        }
    }

    private static ByteString Bytes(FileStream stream, long offset, int length)
    {
        stream.Position = offset;
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }

    private static Dictionary<string, string> Entries(string path, TensorProto tensor)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in tensor.ExternalData)
        {
            if (!entries.TryAdd(entry.Key, entry.Value))
                throw new DecantException($"{path}: the constant '{tensor.Name}' has '{entry.Key}' twice among its external data. The file is damaged; export it again.");
        }

        return entries;
    }

    private static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };

    private static long Number(string path, TensorProto tensor, Dictionary<string, string> entries, string key, long standard) => !entries.TryGetValue(key, out var text)
        ? standard
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new DecantException($"{path}: the {key} of the constant '{tensor.Name}' is '{text}', which is no number.");
}
