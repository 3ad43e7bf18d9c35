using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Decant.Export.Gguf.Format;
using Decant.Export.Tensors;

namespace Decant.Export.Gguf.Checks;

/// <summary>Whether the numbers of a file are finite: those of tensors that are not quantized, and the factors of blocks.</summary>
internal static class NumberChecks
{
    private const int Chunk = 1 << 20;

    // Where in a block its float16 factors are.
    private static readonly Dictionary<string, int[]> s_factors = new(StringComparer.Ordinal)
    {
        ["F16"] = [0],
        ["Q4_0"] = [0],
        ["Q4_1"] = [0, 2],
        ["Q5_0"] = [0],
        ["Q5_1"] = [0, 2],
        ["Q8_0"] = [0],
        ["Q8_1"] = [0, 2],
        ["Q2_K"] = [80, 82],
        ["Q3_K"] = [108],
        ["Q4_K"] = [0, 2],
        ["Q5_K"] = [0, 2],
        ["Q6_K"] = [208],
        ["IQ2_XXS"] = [0],
        ["IQ2_XS"] = [0],
        ["IQ3_XXS"] = [0],
        ["IQ1_S"] = [0],
        ["IQ4_NL"] = [0],
        ["IQ3_S"] = [0],
        ["IQ2_S"] = [0],
        ["IQ4_XS"] = [0],
    };

    /// <summary>Whether all types of a file are looked into; else llama.cpp looks.</summary>
    public static bool ReadsAll(GgufFile file) => file.Tensors.Values.All(t => t.Type.Name is "F32" or "BF16" || s_factors.ContainsKey(t.Type.Name));

    /// <summary>Refuses a file with a number that is none.</summary>
    /// <exception cref="DecantException">Which tensor has one.</exception>
    public static void Require(GgufFile file)
    {
        using var mapped = MappedFile.Open(file.Path);
        foreach (var tensor in file.Tensors.Values)
        {
            var room = new byte[Math.Max(1, Chunk / tensor.Type.Bytes) * tensor.Type.Bytes];
            for (var done = 0L; done < tensor.Bytes; done += room.Length)
            {
                var bytes = room.AsSpan(0, (int)Math.Min(room.Length, tensor.Bytes - done));
                mapped.Read(tensor.Offset + done, bytes);
                if (!AreFinite(bytes, tensor.Type))
                    throw file.Fault($"the tensor {tensor.Name} has a number that is none or infinite: the file is damaged, or the training of its model went wrong");
            }
        }
    }

    private static bool AreFinite(ReadOnlySpan<byte> bytes, GgufType type)
    {
        switch (type.Name)
        {
            case "F32":
                foreach (var number in MemoryMarshal.Cast<byte, uint>(bytes))
                    if ((number & 0x7F800000) == 0x7F800000)
                        return false;
                return true;
            case "BF16":
                foreach (var number in MemoryMarshal.Cast<byte, ushort>(bytes))
                    if ((number & 0x7F80) == 0x7F80)
                        return false;
                return true;
            default:
                foreach (var place in s_factors.GetValueOrDefault(type.Name, []))
                    for (var at = place; at < bytes.Length; at += type.Bytes)
                        if ((BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]) & 0x7C00) == 0x7C00)
                            return false;
                return true;
        }
    }
}
