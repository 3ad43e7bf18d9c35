namespace Decant.Objectives.Sequence;

/// <summary>Refuses options of <c>on-policy</c> that contradict each other.</summary>
internal static class OnPolicyChecks
{
    public static void Check(OnPolicy options)
    {
        if (Fault(options) is { } fault)
            throw new DecantException($"on-policy: {fault}");
    }

    private static string? Fault(OnPolicy options) => options switch
    {
        { Granularity: Granularity.Sampled, Texts: not (null or TextsOf.Student) } => "'granularity: sampled' estimates from tokens that were drawn from the student; leave 'texts' out, or compare other texts with full or top-k.",
        { Granularity: Granularity.Sampled, Gradient: SampledGradient.Loss, Estimator: SampledEstimator.LogRatio } =>
            "the gradient of the estimate log-ratio itself is 0 in expectation, so nothing would be learned: use 'gradient: advantage', or 'estimator: squared'.",
        { Granularity: Granularity.Sampled, Estimator: SampledEstimator.Squared, Divergence: not TokenDivergence.Reverse } => "'estimator: squared' is of the reverse KL divergence; use low-variance or log-ratio.",
        { Center: true, Whiten: true } => "'whiten' subtracts the mean already; leave 'center' out.",
        { Importance: ImportanceWeights.Prefix, Center: true } or { Importance: ImportanceWeights.Prefix, Whiten: true } =>
            "'importance: prefix' gives each token its own weight, so a common mean means nothing; leave 'center' and 'whiten' out, or use 'importance: token'.",
        { Center: true } or { Whiten: true } when !RowFactors.NeedsCosts(options) =>
            "'center' and 'whiten' are about advantages, and there are none: they come with 'future' above 0, or with 'granularity: sampled' and 'gradient: advantage'.",
        { LengthNormalized: true, Future: 0 } => "'length-normalized' divides what a token answers for of later ones, and 'future' is 0; give it a number up to 1.",
        { ImportanceClip: not null, Importance: ImportanceWeights.None } => "'importance-clip' bounds importance weights, and there are none: add 'importance: token', or leave it out.",
        _ => null,
    };
}
