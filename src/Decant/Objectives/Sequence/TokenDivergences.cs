using Decant.Objectives.Logits;
using Decant.Torch;

namespace Decant.Objectives.Sequence;

/// <summary>The divergences of <c>on-policy</c>: of whole rows, and as D = E over q of f(p ÷ q), which is what a drawn token can say of one.</summary>
internal static class TokenDivergences
{
    /// <summary>D of every row [R].</summary>
    /// <param name="options">Which divergence.</param>
    /// <param name="logP">[R, C] of the teacher.</param>
    /// <param name="logQ">[R, C] of the student.</param>
    public static Tensor OfRows(TokenDivergenceOptions options, Tensor logP, Tensor logQ) => options.Divergence switch
    {
        TokenDivergence.Forward => LogProbabilities.KullbackLeibler(logP, logQ),
        TokenDivergence.Reverse => ReverseKlObjective.Between(logP, logQ),
        TokenDivergence.JensenShannon => JensenShannonObjective.Between(logP, logQ, options.Beta),
        TokenDivergence.SkewForward => SkewKlObjective.Between(logP, logQ, options.Skew),
        _ => SkewKlObjective.Between(logQ, logP, options.Skew),
    };

    /// <summary>f(r) of every row, and f′(1)·(r − 1), whose mean under q is 0.</summary>
    /// <param name="options">Which divergence.</param>
    /// <param name="logRatio">[R], log r = log p(y) − log q(y) of the drawn token.</param>
    public static (Tensor Value, Tensor Control) OfRatio(OnPolicy options, Tensor logRatio)
    {
        var excess = logRatio.Expm1();                                                                              // r − 1
        return Kind(options) switch
        {
            TokenDivergence.Forward => (logRatio.Exp() * logRatio, excess),
            TokenDivergence.Reverse => (-logRatio, -excess),
            TokenDivergence.JensenShannon => (Mixed(logRatio, excess, options.Beta), excess * 0),
            TokenDivergence.SkewForward => (logRatio.Exp() * (logRatio - LogMixture(excess, options.Skew)), excess * (1 - options.Skew)),
            _ => (-LogMixture(excess, 1 - options.Skew), excess * (options.Skew - 1)),
        };
    }

    /// <summary>f(r) − r·f′(r), less its value at r = 1: what multiplies ∇log q(y) in the gradient of E[f(r)], of which f depends on q too.</summary>
    /// <param name="options">Which divergence.</param>
    /// <param name="logRatio">[R], log r.</param>
    public static Tensor Coefficient(OnPolicy options, Tensor logRatio)
    {
        var excess = logRatio.Expm1();
        return Kind(options) switch
        {
            TokenDivergence.Forward => -excess,
            TokenDivergence.Reverse => -logRatio,
            TokenDivergence.JensenShannon => LogMixture(excess, options.Beta) * (options.Beta - 1),
            TokenDivergence.SkewForward => (1 - (logRatio - LogMixture(excess, options.Skew)).Exp()) * (1 - options.Skew),
            _ => LogMixture(excess, 1 - options.Skew).Apply(m => (1 - (-m).Exp()) * options.Skew - m),
        };
    }

    // At its ends the mixture is one of the two.
    private static TokenDivergence Kind(OnPolicy options) => options switch
    {
        { Divergence: TokenDivergence.JensenShannon, Beta: 0 } => TokenDivergence.Forward,
        { Divergence: TokenDivergence.JensenShannon, Beta: 1 } => TokenDivergence.Reverse,
        _ => options.Divergence,
    };

    private static Tensor Mixed(Tensor logRatio, Tensor excess, double beta)
    {
        var logMixture = LogMixture(excess, beta);
        return logRatio.Exp() * (logRatio - logMixture) * beta - logMixture * (1 - beta);
    }

    // log(w·r + 1 − w) = log1p(w·(r − 1)).
    private static Tensor LogMixture(Tensor excess, double weight) => (excess * weight).Log1p();

    private static Tensor Apply(this Tensor tensor, Func<Tensor, Tensor> formula) => formula(tensor);
}
