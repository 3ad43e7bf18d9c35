using Decant.Export.Gguf.Format;

namespace Decant.Export.Gguf.Checks;

/// <summary>Whether the settings of an architecture are numbers that a model can have.</summary>
internal static class SettingChecks
{
    private const int MostLayers = 512, MostWidth = 1 << 20, MostContext = 1 << 24, MostPooling = 4;

    // llama.cpp divides by these, or makes room for them.
    private static readonly (string Key, int Most, bool IsNeeded)[] s_counts =
    [
        ("block_count", MostLayers, true), ("context_length", MostContext, true), ("embedding_length", MostWidth, true), ("feed_forward_length", MostWidth * 8, false),
        ("attention.head_count", MostWidth, true), ("attention.head_count_kv", MostWidth, false), ("attention.key_length", MostWidth, false), ("attention.value_length", MostWidth, false),
        ("rope.dimension_count", MostWidth, false), ("vocab_size", 1 << 24, false),
    ];

    /// <summary>Refuses numbers out of range, and heads that do not divide.</summary>
    public static void Require(GgufFile file, string architecture)
    {
        foreach (var (key, most, isNeeded) in s_counts)
            foreach (var number in Numbers(file, $"{architecture}.{key}", isNeeded))
                if (number < (key.EndsWith("_kv", StringComparison.Ordinal) || key == "feed_forward_length" ? 0 : 1) || number > most)
                    throw file.Fault($"{architecture}.{key} is {number}; 1 to {most} is expected");
        foreach (var (key, value) in file.Settings)
            if (value is double number && !double.IsFinite(number))
                throw file.Fault($"{key} is {number}; a finite number is expected");
        foreach (var (key, value) in file.Settings)
            if (key.StartsWith(architecture, StringComparison.Ordinal) && key.EndsWith("_epsilon", StringComparison.Ordinal) && value is double epsilon && epsilon is < 0 or > 1)
                throw file.Fault($"{key} is {epsilon}; 0 to 1 is expected");
        if (file.Whole($"{architecture}.pooling_type") is > MostPooling and var pooling)
            throw file.Fault($"{architecture}.pooling_type is {pooling}; 0 to {MostPooling} are known");
        var (width, heads) = (file.Whole($"{architecture}.embedding_length")!.Value, Numbers(file, $"{architecture}.attention.head_count", true).Max());
        if (!file.Settings.ContainsKey($"{architecture}.attention.key_length") && width % heads != 0)
            throw file.Fault($"{architecture}.embedding_length is {width}, which {heads} heads (attention.head_count) do not divide");
        foreach (var keys in Numbers(file, $"{architecture}.attention.head_count_kv", false).Where(keys => keys > 0))
            if (heads % keys != 0)
                throw file.Fault($"{architecture}.attention.head_count is {heads}, which {keys} heads of keys (attention.head_count_kv) do not divide");
    }

    private static IReadOnlyList<long> Numbers(GgufFile file, string key, bool isNeeded) => file.Settings.GetValueOrDefault(key) switch
    {
        IReadOnlyList<long> { Count: > 0 } list => list,
        null when !isNeeded => [],
        null => throw file.Fault($"{key} is missing"),
        _ => [file.Whole(key)!.Value],
    };
}
