using Decant.Data.Batching;
using Decant.Objectives.SampleWeights;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Sequence;

/// <summary>What both models say of some rows, in the granularity of the options.</summary>
internal sealed class ComparedRows
{
    private readonly OnPolicy _options;
    private readonly Tensor _own; // [n, V] float32
    private readonly Tensor? _of;
    private Tensor? _warmStudent;
    private Tensor? _warmTeacher;
    private readonly TeacherSignal? _signal;
    private readonly WrittenTokens? _written;
    private Tensor? _normaliser;
    private Tensor? _logQ;

    public ComparedRows(OnPolicy options, StudentOutput student, TeacherSignal? signal, WrittenTokens? written)
    {
        (_options, _signal, _written) = (options, signal, written);
        if (signal is TokenScores)
        {
            _own = student.Logits.To(DType.Float32);
            return;
        }

        (_own, var of) = TeacherLogits.Logits(student, signal);
        _of = of.Detach();
    }

    /// <summary>log q(y) of the written token [n], part of the graph; 0 where the text is from the data.</summary>
    public Tensor LogQ => _logQ ??= _written is null ? Normaliser * 0 : Written(Student) - Normaliser;

    /// <summary>What multiplies ∇log q(y) in the gradient of the token's own divergence [n]; 0 where that flows through the divergence.</summary>
    public Tensor Coefficient => RowFactors.HasScoreAlone(_options) ? TokenDivergences.Coefficient(_options, LogRatio.Detach()) : LogQ.ZerosLike();

    /// <summary>What a row costs those before it [n]: its divergence, or an unbiased estimate of it.</summary>
    public Tensor Cost => _options is { Granularity: Granularity.Sampled, Estimator: SampledEstimator.Squared } ? -LogRatio : Divergence();

    private Tensor Student => _warmStudent ??= _options.Temperature == 1 ? _own : _own / _options.Temperature;

    private Tensor Teacher => _warmTeacher ??= _options.Temperature == 1 ? _of! : _of! / _options.Temperature;

    private Tensor Normaliser => _normaliser ??= Student.LogSumExp(-1);

    private Tensor LogRatio => LogP - LogQ;

    private Tensor LogP => _signal is TokenScores scores ? scores.LogProbabilities.To(DType.Float32) : Written(Teacher) - Teacher.LogSumExp(-1);

    /// <summary>Σ of the rows' divergences, each times its weight; differentiable by the student's logits. Value and gradient come in one go over each row where that is served.</summary>
    /// <param name="weights">[n]; null: all 1.</param>
    public Tensor WeightedSum(Tensor? weights)
    {
        if (_options is { Granularity: Granularity.Full, Divergence: TokenDivergence.Forward or TokenDivergence.Reverse } && RowLosses.Serve(_own) && RowLosses.Serve(_of!))
        {
            var tau = _options.Temperature;
            var (rows, slopes) = _options.Divergence == TokenDivergence.Forward
                ? RowLosses.SoftTargets(_own, _of!, tau, 1 / tau, weights) : RowLosses.ReverseKl(_own, _of!, tau, 1 / tau, weights);
            return Autograd.WithGradients(rows.Sum(), [_own], [slopes]);
        }

        var divergence = Divergence();
        return (weights is null ? divergence : divergence * weights).Sum();
    }

    /// <summary>The divergence of each row, or its estimate [n]; differentiable by the student's logits.</summary>
    public Tensor Divergence() => _options.Granularity switch
    {
        Granularity.Full => TokenDivergences.OfRows(_options, Teacher.LogSoftmax(-1), Student.LogSoftmax(-1)),
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
        var k = Math.Min(_options.K, Student.Size(-1));
        var byStudent = _options.TopKOf is { } said ? said == TopKOf.Student : _options.Divergence is TokenDivergence.Reverse or TokenDivergence.SkewReverse;
        var ids = (byStudent ? Student.Detach() : Teacher).TopK(k).Indices;                                      // [n, k]
        return TokenDivergences.OfRows(_options, Known(Teacher, ids), Known(Student, ids));
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
