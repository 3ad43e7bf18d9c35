using Decant.Data.Batching;
using Decant.Objectives.SampleWeights;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Sequence;

/// <summary>What both models say of some rows, in the granularity of the options.</summary>
internal sealed class ComparedRows
{
    private readonly OnPolicy _options;
    private readonly Tensor _student; // [n, V] float32, divided by τ
    private readonly Tensor? _teacher;
    private readonly TeacherSignal? _signal;
    private readonly WrittenTokens? _written;
    private Tensor? _normaliser;
    private Tensor? _logQ;

    public ComparedRows(OnPolicy options, StudentOutput student, TeacherSignal? signal, WrittenTokens? written)
    {
        (_options, _signal, _written) = (options, signal, written);
        if (signal is TokenScores)
        {
            _student = student.Logits.To(DType.Float32) / options.Temperature;
            return;
        }

        var (own, of) = TeacherLogits.Logits(student, signal);
        (_student, _teacher) = (own / options.Temperature, of.Detach() / options.Temperature);
    }

    /// <summary>log q(y) of the written token [n], part of the graph; 0 where the text is from the data.</summary>
    public Tensor LogQ => _logQ ??= _written is null ? Normaliser * 0 : Written(_student) - Normaliser;

    /// <summary>What multiplies ∇log q(y) in the gradient of the token's own divergence [n]; 0 where that flows through the divergence.</summary>
    public Tensor Coefficient => RowFactors.HasScoreAlone(_options) ? TokenDivergences.Coefficient(_options, LogRatio.Detach()) : LogQ.ZerosLike();

    /// <summary>What a row costs those before it [n]: its divergence, or an unbiased estimate of it.</summary>
    public Tensor Cost => _options is { Granularity: Granularity.Sampled, Estimator: SampledEstimator.Squared } ? -LogRatio : Divergence();

    private Tensor Normaliser => _normaliser ??= _student.LogSumExp(-1);

    private Tensor LogRatio => LogP - LogQ;

    private Tensor LogP => _signal is TokenScores scores ? scores.LogProbabilities.To(DType.Float32) : Written(_teacher!) - _teacher!.LogSumExp(-1);

    /// <summary>The divergence of each row, or its estimate [n]; differentiable by the student's logits.</summary>
    public Tensor Divergence() => _options.Granularity switch
    {
        Granularity.Full => TokenDivergences.OfRows(_options, _teacher!.LogSoftmax(-1), _student.LogSoftmax(-1)),
        Granularity.TopK => OfTheMostProbable(),
        _ => Estimate(),
    };

    private Tensor Estimate()
    {
        var ratio = LogRatio;
        if (_options.Estimator == SampledEstimator.Squared)
            return ratio.Square() * 0.5;
        var (value, control) = TokenDivergences.OfRatio(_options, ratio);
        return _options.Estimator == SampledEstimator.LowVariance ? value - control : value;
    }

    private Tensor OfTheMostProbable()
    {
        var k = Math.Min(_options.K, _student.Size(-1));
        var byStudent = _options.TopKOf is { } said ? said == TopKOf.Student : _options.Divergence is TokenDivergence.Reverse or TokenDivergence.SkewReverse;
        var ids = (byStudent ? _student.Detach() : _teacher!).TopK(k).Indices;                                      // [n, k]
        return TokenDivergences.OfRows(_options, Known(_teacher!, ids), Known(_student, ids));
    }

    // Log-probabilities of the k, and of all others together.
    private Tensor Known(Tensor logits, Tensor ids)
    {
        var known = logits.Gather(-1, ids);                                                                         // [n, k]
        if (_options.Tail == TailRule.Renormalize)
            return known.LogSoftmax(-1);
        var logProbabilities = known - logits.LogSumExp(-1, keep: true);
        if (_options.Tail == TailRule.Drop || ids.Size(-1) == logits.Size(-1))
            return logProbabilities;
        // The sum over the others themselves: 1 less the k would be lost to rounding where little is left.
        var others = logits.Scatter(-1, ids, double.NegativeInfinity).LogSumExp(-1, keep: true);                    // [n, 1]
        return Tensor.Cat([logProbabilities, others - logits.LogSumExp(-1, keep: true)], -1);
    }

    private Tensor Written(Tensor logits) => logits.Gather(-1, _written!.Tokens.Unsqueeze(-1)).Squeeze(-1);
}
