namespace Decant.Objectives.Sequence;

/// <summary>The rows of one text that the student wrote: what each weighs, and what its token answers for.</summary>
/// <param name="options">The options.</param>
/// <param name="looked">[T, 3]: the divergence of each row, its coefficient, log q(y).</param>
/// <param name="drawnWith">[T], the logarithm of the probability with which each token was drawn.</param>
internal readonly ref struct TextRows(OnPolicy options, ReadOnlySpan<float> looked, ReadOnlySpan<float> drawnWith)
{
    private readonly ReadOnlySpan<float> _looked = looked;
    private readonly ReadOnlySpan<float> _drawnWith = drawnWith;

    /// <summary>Puts the weight and the advantage of each row, before they are centred.</summary>
    public void Fill(Span<(double Weight, double Advantage)> rows)
    {
        Weigh(rows);
        var isPrefix = options.Importance == ImportanceWeights.Prefix;
        var later = 0.0; // Σ over the rows after this one of γ^distance · their cost
        for (var t = rows.Length - 1; t >= 0; t--)
        {
            var after = rows.Length - 1 - t;
            var weight = isPrefix ? rows[t].Weight : 1;
            rows[t].Advantage = (weight * _looked[(3 * t) + 1]) + (options.LengthNormalized && after > 0 ? later / after : later);
            later = options.Future * ((weight * _looked[3 * t]) + later);
        }
    }

    private void Weigh(Span<(double Weight, double Advantage)> rows)
    {
        var before = 0.0;
        for (var t = 0; t < rows.Length; t++)
        {
            var ratio = (double)_looked[(3 * t) + 2] - _drawnWith[t];
            // An exact divergence is of all next tokens; an estimate is of the one that was drawn.
            var prefix = options.Granularity == Granularity.Sampled ? before + ratio : before;
            before += ratio;
            rows[t].Weight = options.Importance switch
            {
                ImportanceWeights.None => 1,
                ImportanceWeights.Token => Clipped(Math.Exp(ratio)),
                _ => Clipped(Math.Exp(prefix)),
            };
        }
    }

    private double Clipped(double weight) => Math.Min(weight, options.ImportanceClip ?? double.PositiveInfinity);
}
