using System.ComponentModel;
using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Features;

/// <summary>Options of <c>attention-transfer</c>.</summary>
public sealed record AttentionTransfer : LayerMapOptions
{
    /// <summary>How two maps of an image are compared; squares.</summary>
    [Description("distance of two attention maps: sum of squares, norm, or mean of squares")]
    public AttentionTransferForm Distance { get; init; } = AttentionTransferForm.Squares;
}

/// <summary>How two maps q of P places, each of length 1, are compared.</summary>
public enum AttentionTransferForm
{
    /// <summary>Σ over places of (q_s − q_t)².</summary>
    Squares,

    /// <summary>The root of that, as in the paper.</summary>
    Norm,

    /// <summary>That divided by P, as in the paper's program.</summary>
    Mean,
}

/// <summary>
/// Difference of where the layers of two networks for images respond: per image and pair of layers Σ (q_s − q_t)², q = the mean of f² over the channels at every place,
/// as a vector of length 1. Channels may differ, and nothing is projected.
/// </summary>
/// <remarks>Zagoruyko and Komodakis 2017, arXiv:1612.03928, eq. 2 with p = 2, there the root of the sum and a factor ½.</remarks>
internal sealed class AttentionTransferObjective : FeatureObjective
{
    private const string Name = "attention-transfer";

    // The root has no derivative at 0, and one that explodes beside it.
    private const double Least = 1e-6;

    private readonly ImagePairs _pairs;
    private readonly AttentionTransferForm _form;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">Layers and form.</param>
    /// <param name="context">The models with the layers that are compared.</param>
    /// <exception cref="DecantException">There are no such layers, or they are not of images.</exception>
    public AttentionTransferObjective(AttentionTransfer options, ObjectiveContext context) : base(Name) =>
        (_pairs, _form) = (Found(Name, () => ImagePairs.Of(options.Checked(), context)), options.Distance);

    /// <inheritdoc/>
    public override IReadOnlyList<string> StudentFeatures => [.. _pairs.Student.Distinct(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> TeacherFeatures => [.. _pairs.Teacher.Distinct(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public override long Count(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return (long)_pairs.Count * batch.Size;
    }

    private protected override Tensor Sum(Func<string, Tensor> student, Func<string, Tensor> teacher, Batch batch) =>
        Enumerable.Range(0, _pairs.Count).Select(i => OfPair(_pairs.Values(i, student, teacher, batch))).Aggregate((a, b) => a + b);

    private Tensor OfPair((Tensor Student, Tensor Teacher) maps)
    {
        var (student, teachers) = SpatialFeatures.Alike(maps.Student, [maps.Teacher]);
        var squares = Directions.Distance(Map(student), Map(teachers[0]), -1) * 2;                                  // [B]
        return _form switch
        {
            AttentionTransferForm.Norm => (squares + (Least * Least)).Sqrt().Sum() - (Least * squares.Size(0)),
            AttentionTransferForm.Mean => squares.Sum() / (student.Size(2) * student.Size(3)),
            _ => squares.Sum(),
        };
    }

    // [B, C, Y, X] to [B, Y·X]
    private static Tensor Map(Tensor layer) => layer.Square().Mean(1).Flatten(1);
}
