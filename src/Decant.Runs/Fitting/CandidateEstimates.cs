using Decant.Compression.Quantization;

namespace Decant.Runs.Fitting;

/// <summary>
/// What a candidate that was not measured will probably take, from those of its form that were: bytes by the bits of its matrices, times the measured over the counted; time as a line over its operations, through the
/// measured by least squares. It says which candidates are worth measuring, and never that one keeps a limit.
/// </summary>
/// <param name="sizes">Sizes of all candidates.</param>
/// <param name="measured">What was measured, which may become more.</param>
internal sealed class CandidateEstimates(IReadOnlyDictionary<Candidate, CandidateSize> sizes, IReadOnlyDictionary<Candidate, CandidateFigures> measured)
{
    /// <summary>The figures of a candidate: the measured ones where there are some.</summary>
    public (long Bytes, double Milliseconds) Of(Candidate candidate)
    {
        if (measured.TryGetValue(candidate, out var known))
            return (known.Bytes, known.Milliseconds);
        var form = candidate.Levels[^1];
        var alike = measured.Where(m => m.Key.Levels[^1] == form).Select(m => (Size: sizes[m.Key], m.Value, m.Key.Form)).ToArray();
        var counted = Counted(sizes[candidate], candidate.Form);
        if (alike.Length == 0)
            return ((long)counted, 0);
        // Of a file of about this size.
        var near = alike.MinBy(a => Math.Abs(Math.Log(Counted(a.Size, a.Form) / counted)));
        return ((long)(counted * near.Value.Bytes / Counted(near.Size, near.Form)), Time([.. alike.Select(a => ((double)a.Size.Flops, a.Value.Milliseconds))], sizes[candidate].Flops));
    }

    private static double Counted(CandidateSize size, QuantizationOptions? form) => (4.0 * (size.Parameters - size.InMatrices)) + (BitsOf(form) / 8 * size.InMatrices);

    private static double BitsOf(QuantizationOptions? form) => form switch
    {
        null => 32,
        HalfWeights => 16,
        BlockInt blocks => blocks.Bits + (32.0 / blocks.BlockSize) + (blocks.Symmetric ? 0 : (double)blocks.Bits / blocks.BlockSize),
        _ => 8,
    };

    private static double Time((double Flops, double Time)[] points, double flops)
    {
        var (x, y) = (points.Average(p => p.Flops), points.Average(p => p.Time));
        var spread = points.Sum(p => (p.Flops - x) * (p.Flops - x));
        var slope = spread > 0 ? Math.Max(0, points.Sum(p => (p.Flops - x) * (p.Time - y)) / spread) : y / x;
        return Math.Max(0, y + (slope * (flops - x)));
    }
}
