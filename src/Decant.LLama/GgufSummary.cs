using Decant.Export.Gguf.Format;

namespace Decant.LLama;

/// <summary>What a file's tensors say of the model's size.</summary>
internal static class GgufSummary
{
    /// <summary>How most of the numbers are stored, such as <c>Q8_0</c>.</summary>
    public static string TypeOf(GgufFile file) => file.Tensors.Values.GroupBy(t => t.Type.Name).OrderByDescending(group => group.Sum(Elements)).ThenBy(group => group.Key, StringComparer.Ordinal).FirstOrDefault()?.Key ?? "no tensors";

    /// <summary>How many numbers all tensors have.</summary>
    public static long NumbersOf(GgufFile file) => file.Tensors.Values.Sum(Elements);

    /// <summary>How many numbers a token is multiplied by: those of all matrices, of the tokens' too where they make the logits.</summary>
    public static long MultipliedBy(GgufFile file) => file.Tensors.Values.Where(t => t.Shape.Count > 1 && (!t.Name.Contains("_embd", StringComparison.Ordinal) || (t.Name == "token_embd.weight" && !file.Tensors.ContainsKey("output.weight")))).Sum(Elements);

    private static long Elements(GgufEntry tensor) => tensor.Shape.Aggregate(1L, (product, size) => product * size);
}
