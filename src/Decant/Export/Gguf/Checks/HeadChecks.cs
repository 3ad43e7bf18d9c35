using Decant.Export.Gguf.Format;

namespace Decant.Export.Gguf.Checks;

/// <summary>Whether the heads of attention fit its matrices: llama.cpp ends the process where they do not.</summary>
internal static class HeadChecks
{
    // Those in which positions turn the whole of a head.
    private static readonly string[] s_turnsWhole = ["llama", "qwen2", "qwen3", "qwen2moe", "qwen3moe"];

    /// <summary>Refuses heads that do not fit. A model with different numbers in its layers is left to llama.cpp.</summary>
    public static void Require(GgufFile file, string architecture)
    {
        if (file.Settings.GetValueOrDefault($"{architecture}.attention.head_count") is not ulong || file.Settings.GetValueOrDefault($"{architecture}.attention.head_count_kv") is not (null or ulong))
            return;
        int Number(string key, int otherwise) => file.Whole($"{architecture}.{key}") ?? otherwise;
        var (width, heads) = (Number("embedding_length", 0), Number("attention.head_count", 0));
        var (keys, head) = (Number("attention.head_count_kv", heads), width / heads);
        var (key, value) = (Number("attention.key_length", head), Number("attention.value_length", head));
        var turned = Number("rope.dimension_count", key);
        if (turned > key || turned % 2 != 0 || (s_turnsWhole.Contains(architecture) && turned != key))
            throw file.Fault($"{architecture}.rope.dimension_count is {turned}, and a head has {key} numbers");
        if (s_turnsWhole.Contains(architecture) && key != value)
            throw file.Fault($"{architecture}.attention.key_length is {key} and value_length {value}; they are the same in this family");
        foreach (var (name, entry) in file.Tensors.Where(t => t.Value.Shape.Count == 2 && t.Key.StartsWith("blk.", StringComparison.Ordinal)))
        {
            var expected = Part(name) switch
            {
                "attn_q.weight" => (heads * (long)key, (long)width),
                "attn_k.weight" => (keys * (long)key, width),
                "attn_v.weight" => (keys * (long)value, width),
                "attn_qkv.weight" when architecture is "gpt2" or "bert" => ((heads * (long)key) + (keys * ((long)key + value)), width),
                "attn_output.weight" => (width, heads * (long)value),
                _ => (0, 0),
            };
            if (expected != (0, 0) && (entry.Shape[0], entry.Shape[1]) != expected)
                throw file.Fault($"{name} is [{string.Join(", ", entry.Shape)}]; [{expected.Item1}, {expected.Item2}] is expected of {heads} heads and {keys} of keys, {key} and {value} numbers each");
        }
    }

    private static string Part(string name) => name.IndexOf('.', 4) is > 0 and var at ? name[(at + 1)..] : name;
}
