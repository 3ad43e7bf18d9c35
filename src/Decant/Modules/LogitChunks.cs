namespace Decant.Modules;

/// <summary>How logits of a large vocabulary are cut: some rows at a time are made, used and released.</summary>
internal static class LogitChunks
{
    /// <summary>The logits that a part has at most: 16 MiB in float32, which caches hold and allocators use again.</summary>
    public const long Elements = 4 << 20;

    /// <summary>The parts of a number of rows, each the first row and how many.</summary>
    /// <param name="rows">R.</param>
    /// <param name="outputs">V.</param>
    /// <param name="elements">The logits of a part at most; it has at least one row.</param>
    public static IEnumerable<(int First, int Count)> Of(int rows, long outputs, long elements = Elements)
    {
        var count = (int)Math.Clamp(elements / outputs, 1, int.MaxValue);
        for (var first = 0; first < rows; first += count)
            yield return (first, Math.Min(count, rows - first));
    }
}
