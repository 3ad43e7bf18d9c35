using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Sequence;

/// <summary>
/// The divergence of teacher and student at each token of a text, above all of one that the student wrote: exact, of the most probable tokens, or estimated from the written token;
/// and, with <see cref="OnPolicy.Future"/>, the policy gradient of what a written token leads to.
/// </summary>
/// <remarks>
/// Agarwal et al. 2024 (GKD), arXiv:2306.13649; Gu et al. 2024 (MiniLLM), arXiv:2306.08543; estimators: Schulman 2020, "Approximating KL divergence". The sampling, the teacher, advantages and
/// importance weights are no part of the graph. What it reports is the divergence or its estimate, also where the gradient is that of the score function. No factor τ².
/// </remarks>
internal sealed class OnPolicyObjective : ISequenceObjective
{
    private readonly OnPolicy _options;
    private readonly TextsOf _texts;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">All of them.</param>
    /// <exception cref="DecantException">One is out of range, or several contradict each other.</exception>
    public OnPolicyObjective(OnPolicy? options = null)
    {
        _options = (options ?? new()).Checked();
        OnPolicyChecks.Check(_options);
        _texts = _options.Texts ?? (_options.Granularity == Granularity.Sampled ? TextsOf.Student : TextsOf.All);
    }

    /// <inheritdoc/>
    public string Kind => "on-policy";

    /// <inheritdoc/>
    public SignalKinds Needs => SignalKinds.DenseLogits;

    /// <summary>Whether written tokens' scores are all that it reads of the teacher.</summary>
    public bool ReadsScoresAlone => _options.Granularity == Granularity.Sampled;

    /// <inheritdoc/>
    string? IObjective.WhyNot(TeacherOffer offer) => (offer.Kinds, _options) switch
    {
        var (kinds, _) when kinds.HasFlag(SignalKinds.DenseLogits) => null,
        var (kinds, options) when kinds.HasFlag(SignalKinds.TokenScores) && ReadsScoresAlone => options.Temperature == 1 ? null : "has a temperature, and the teacher's scores of tokens are of temperature 1: give it 1",
        var (kinds, _) when kinds.HasFlag(SignalKinds.TokenScores) => "compares distributions, and the teacher gives the scores of written tokens alone: use 'granularity: sampled'",
        _ => offer.Lacks(Needs),
    };

    /// <inheritdoc/>
    public bool LooksAhead(Batch batch) => batch.Author == TextAuthor.Student && (RowFactors.NeedsCosts(_options) || _options.Importance != ImportanceWeights.None);

    /// <inheritdoc/>
    public long Count(Batch batch) => _texts == TextsOf.All || batch.Author == (TextAuthor)(_texts - 1) ? batch.Rows : 0;

    /// <inheritdoc/>
    public Tensor Look(StudentOutput student, TeacherSignal? teacher, Batch rows)
    {
        using var scope = TensorScope.Open();
        var compared = new ComparedRows(_options, student, teacher, rows.Written);
        return scope.Keep(Tensor.Stack([RowFactors.NeedsCosts(_options) ? compared.Cost : compared.LogQ, compared.Coefficient, compared.LogQ], 1));
    }

    /// <inheritdoc/>
    public Tensor? Factors(Batch batch, Tensor? looked) => new RowFactors(_options, batch).Of(looked);

    /// <inheritdoc/>
    public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch rows, Tensor? factors)
    {
        var count = Count(rows);
        if (count == 0)
            return LossSum.Nothing();
        using var scope = TensorScope.Open();
        var compared = new ComparedRows(_options, student, teacher, rows.Written);
        var divergence = compared.Divergence();                                                                     // [R]
        var value = (factors is null ? divergence : divergence * factors.Select(1, 0)).Sum();
        if (rows.Author != TextAuthor.Student || !RowFactors.NeedsCosts(_options))
            return new(scope.Keep(value), count);
        // The gradient of the score function, and the value of the divergence.
        var score = (compared.LogQ * factors!.Select(1, 1)).Sum();
        var learned = RowFactors.HasScoreAlone(_options) ? score : value + score;
        return new(scope.Keep(value.Detach() + (learned - learned.Detach())), count);
    }
}
