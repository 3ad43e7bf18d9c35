using Decant.Export.Gguf.Format;

namespace Decant.LLama.Native;

/// <summary>What a file's settings say of the room that its computation takes.</summary>
/// <param name="MostTokens">The most tokens of a text.</param>
/// <param name="CellBytes">Keys and values of a token, in float32.</param>
/// <param name="IsSmall">Whether all tokens of a step are computed together: the intermediate values of a large model would take too much memory.</param>
internal readonly record struct LlamaSizes(int MostTokens, long CellBytes, bool IsSmall)
{
    private const int MostSequences = 64;
    private const int StepTokens = 2048;
    private const int Cells = 256; // what llama.cpp rounds the room of a text up to
    private const long CacheBytes = 1L << 30;
    private const long LogitBytes = 256L << 20;

    /// <summary>The sizes of a file.</summary>
    public static LlamaSizes Of(GgufFile file)
    {
        var name = file.Architecture;
        int Setting(string key, int otherwise) => file.Settings.TryGetValue($"{name}.{key}", out var value) && value is IReadOnlyList<long> list
            ? (int)Math.Clamp(list.DefaultIfEmpty(otherwise).Max(), 0, int.MaxValue) : file.Whole($"{name}.{key}") ?? otherwise;
        var (width, heads) = (Setting("embedding_length", 1), Math.Max(1, Setting("attention.head_count", 1)));
        var head = Math.Max(1, width / heads);
        long numbers = (long)Setting("attention.head_count_kv", heads) * (Setting("attention.key_length", head) + (long)Setting("attention.value_length", head));
        return new(Setting("context_length", 1), Math.Max(1, Setting("block_count", 1) * numbers * sizeof(float)), width <= 1024);
    }

    /// <summary>The cells of a text of so many tokens.</summary>
    public static int CellsFor(int tokens) => (tokens + Cells - 1) / Cells * Cells;

    /// <summary>How many tokens are computed at a time, at most: their logits stand in memory together.</summary>
    public static int StepFor(int vocabulary) => (int)Math.Clamp(LogitBytes / sizeof(float) / Math.Max(1, vocabulary), 32, StepTokens);

    /// <summary>How many texts of so many tokens are read side by side, at most.</summary>
    public int SequencesFor(int tokens) => (int)Math.Clamp(CacheBytes / (CellsFor(tokens) * CellBytes), 1, MostSequences);
}
