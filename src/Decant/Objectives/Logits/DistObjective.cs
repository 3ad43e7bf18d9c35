using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Data.Batching;
using Decant.Objectives.SampleWeights;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Logits;

/// <summary>Options of <c>dist</c>.</summary>
public sealed record Dist : ObjectiveOptions
{
    /// <summary>τ: divides both models' logits before the softmax; 1.</summary>
    [Range(0.01, 1000.0)]
    [Description("softmax temperature of both models' logits")]
    public double Temperature { get; init; } = 1;

    /// <summary>The factor of the correlation over classes, within each sample; 1.</summary>
    [Range(0.0, double.MaxValue)]
    [Description("weight of the inter-class term: correlation over classes, within each sample")]
    public double Inter { get; init; } = 1;

    /// <summary>The factor of the correlation over the batch, within each class; 1.</summary>
    [Range(0.0, double.MaxValue)]
    [Description("weight of the intra-class term: correlation over the batch, within each class")]
    public double Intra { get; init; } = 1;
}

/// <summary>
/// Correlation instead of equality: β·Σ_b (1 − ρ(q_b, p_b)) + γ·(B ÷ C)·Σ_c (1 − ρ(q_·c, p_·c)), ρ Pearson's correlation of the rows, and of the columns, of
/// the probabilities p = softmax(z_t ÷ τ) and q = softmax(z_s ÷ τ).
/// </summary>
/// <remarks>
/// Huang et al. 2022 (DIST), arXiv:2205.10536, eq. 8–10. It compares the samples of a batch, so that it depends on how samples are put together; of one sample
/// a column is constant and has no correlation: the second part is left out.
/// </remarks>
internal sealed class DistObjective : IObjective
{
    private readonly Dist _options;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">Temperature and factors.</param>
    /// <exception cref="DecantException">One is out of range, or both factors are 0.</exception>
    public DistObjective(Dist? options = null)
    {
        _options = (options ?? new()).Checked();
        if (_options is { Inter: 0, Intra: 0 })
            throw new DecantException($"{Kind}: both factors are 0, which leaves nothing to learn; give 'inter' or 'intra' one above 0.");
    }

    /// <inheritdoc/>
    public string Kind => "dist";

    /// <inheritdoc/>
    public SignalKinds Needs => SignalKinds.DenseLogits;

    /// <inheritdoc/>
    public long Count(Batch batch) => _options.Inter > 0 || batch.Rows > 1 ? batch.Rows : 0;

    /// <inheritdoc/>
    public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch)
    {
        var count = Count(batch);
        if (count == 0)
            return LossSum.Nothing();
        var (studentLogits, teacherLogits) = TeacherLogits.Logits(student, teacher);
        using var scope = TensorScope.Open();
        var q = (studentLogits / _options.Temperature).Softmax(-1);                                                 // [B, C]
        var p = (teacherLogits.Detach() / _options.Temperature).Softmax(-1);                                        // [B, C]
        var sum = Uncorrelated(q, p, -1).Sum() * _options.Inter;
        if (count > 1)
            sum = sum + Uncorrelated(q, p, 0).Mean() * (_options.Intra * count);
        return new(scope.Keep(sum), count);
    }

    /// <summary>1 − ρ of the vectors along a dimension. One that varies by less than 10⁻³ of its length says nothing more than rounding does.</summary>
    private static Tensor Uncorrelated(Tensor q, Tensor p, long dimension) => Directions.Distance(
        Centred(q, dimension), Centred(p, dimension), dimension, q.Norm([dimension], keep: true), p.Norm([dimension], keep: true));

    private static Tensor Centred(Tensor probabilities, long dimension) => probabilities - probabilities.Mean(dimension, keep: true);
}
