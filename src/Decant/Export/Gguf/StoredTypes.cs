using System.Globalization;
using Decant.Export.Gguf.Format;

namespace Decant.Export.Gguf;

/// <summary>How each tensor of a file is stored.</summary>
internal static class StoredTypes
{
    // Looked up row by row, or added as they are: llama.cpp expects them in float32.
    private static readonly string[] s_plain = ["position_embd.weight", "token_types.weight", "rope_freqs.weight"];

    /// <summary>The number of a form in <c>general.file_type</c>.</summary>
    public static uint FileType(GgufWeights weights) => weights switch { GgufWeights.Q8 => 7, GgufWeights.Q4 => 2, GgufWeights.F32 => 0, _ => 1 };

    /// <summary>The tensors with their types: matrices as asked for, where rows are whole blocks, else in float16; vectors and tables of positions in float32.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="weights">How matrices are stored.</param>
    /// <param name="kept">What stays in float16 although fewer bits were asked for.</param>
    public static IReadOnlyList<GgufTensor> Of(IReadOnlyList<GgufTensor> tensors, GgufWeights weights, out IReadOnlyList<string> kept)
    {
        var asked = weights switch { GgufWeights.Q8 => GgufType.Q8, GgufWeights.Q4 => GgufType.Q4, GgufWeights.F32 => GgufType.F32, _ => GgufType.F16 };
        var head = tensors.Any(t => t.Name == "output.weight") ? "output.weight" : "token_embd.weight";
        var whole = new List<GgufTensor>();
        GgufTensor[] stored = [.. tensors.Select(Stored)];
        kept = whole.Count == 0 ? [] : [string.Create(CultureInfo.InvariantCulture, $"{whole.Count} of {stored.Count(t => t.Shape.Count > 1)} matrices stay float16, {100.0 * whole.Sum(t => t.Elements) / tensors.Sum(t => t.Elements):0.#} % of all numbers: their rows ({string.Join(", ", whole.Select(t => t.Row).Distinct().Order())} numbers) are not whole blocks of {asked.Block}")];
        return stored;

        GgufTensor Stored(GgufTensor tensor)
        {
            if (tensor.Shape.Count == 1 || s_plain.Contains(tensor.Name))
                return tensor;
            var wanted = tensor.Name == head && weights == GgufWeights.Q4 ? GgufType.Q8 : asked;
            if (!wanted.Divides(tensor.Row))
            {
                whole.Add(tensor);
                wanted = GgufType.F16;
            }

            return tensor with { Type = wanted };
        }
    }
}
