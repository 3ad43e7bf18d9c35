namespace Decant.Inference.Cascades;

/// <summary>The thresholds that are tried: fixed before any row is seen.</summary>
internal static class ThresholdGrid
{
    private const int PerDecade = 10;
    private const int Decades = 5;
    private const int Even = 400;

    /// <summary>1, then 1 − 10^(−i/10) for i = 50 … 11, where trained classifiers have most of their confidences, then 0.9, 0.8975 … 0: from the strictest to the one that everything passes.</summary>
    public static IReadOnlyList<double> Thresholds { get; } =
    [
        1,
        .. Enumerable.Range(0, PerDecade * (Decades - 1)).Select(i => 1 - Math.Pow(10, -(double)((PerDecade * Decades) - i) / PerDecade)),
        .. Enumerable.Range(0, (9 * Even / 10) + 1).Select(i => (double)((9 * Even / 10) - i) / Even),
    ];
}
