using Decant.Export.Onnx.Running;

namespace Decant.Runs.Exporting;

/// <summary>Inputs of a model on their way to another process.</summary>
internal static class InputFile
{
    /// <summary>Writes them.</summary>
    public static void Write(string path, IReadOnlyDictionary<string, OnnxArray> inputs)
    {
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write(inputs.Count);
        foreach (var (name, array) in inputs)
        {
            writer.Write(name);
            writer.Write(array.Values is long[]);
            writer.Write(array.Shape.Length);
            foreach (var size in array.Shape)
                writer.Write(size);
            writer.Write(array.Values.Length);
            foreach (var value in array.Values)
            {
                if (value is long whole)
                    writer.Write(whole);
                else
                    writer.Write((float)value);
            }
        }
    }

    /// <summary>Reads them.</summary>
    public static IReadOnlyDictionary<string, OnnxArray> Read(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        var inputs = new Dictionary<string, OnnxArray>(StringComparer.Ordinal);
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var (name, isWhole) = (reader.ReadString(), reader.ReadBoolean());
            var shape = new long[reader.ReadInt32()];
            for (var i = 0; i < shape.Length; i++)
                shape[i] = reader.ReadInt64();
            var length = reader.ReadInt32();
            inputs.Add(name, new OnnxArray(isWhole ? Values(length, reader.ReadInt64) : Values(length, reader.ReadSingle), shape));
        }

        return inputs;
    }

    private static T[] Values<T>(int count, Func<T> read)
    {
        var values = new T[count];
        for (var i = 0; i < count; i++)
            values[i] = read();
        return values;
    }
}
