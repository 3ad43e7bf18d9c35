using Decant.Compression.Quantization.Numbers;

namespace Decant.Compression.Quantization;

/// <summary>What a report says about 8-bit products on this processor.</summary>
internal static class IntegerNotes
{
    /// <summary>The range of weights: as asked, or by what the processor needs.</summary>
    public static IntegerRange RangeOf(bool? reduce) => reduce ?? !IntegerDotProducts.Here.Exact ? IntegerRange.Reduced : IntegerRange.Int8;

    /// <summary>The notes.</summary>
    /// <param name="reduce">The option.</param>
    public static IReadOnlyList<string> Of(bool? reduce)
    {
        var here = IntegerDotProducts.Here;
        var range = RangeOf(reduce);
        return
        [
            $"weights from {range.Lowest} to {range.Highest} ({(reduce is null ? $"by the processor: {here.Name}" : "as asked")})",
            .. reduce == false && !here.Exact ? [$"sums of 8-bit products saturate on this processor ({here.Name}); 7-bit weights do not"] : (string[])[],
        ];
    }
}
