using System.ComponentModel;
using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Features;

/// <summary>Options of <c>fsp</c>.</summary>
public sealed record Fsp : LayerMapOptions
{
    /// <summary>What makes the student's layers as wide as the teacher's; auto.</summary>
    [Description("projection of the student's layers to the teacher's width")]
    public Projection Projection { get; init; } = Projection.Auto;
}

/// <summary>
/// Difference of the flow between layers: per image and neighbouring pairs of layers the mean of (G_s − G_t)², G = the mean over places of f·gᵀ, the channels of the one
/// layer with those of the next.
/// </summary>
/// <remarks>Yim et al. 2017 (a gift from knowledge distillation), CVPR, eq. 1 and 2, there the sum over the matrix.</remarks>
internal sealed class FspObjective : FeatureObjective
{
    private const string Name = "fsp";

    private readonly ImagePairs _pairs;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">Layers and projection.</param>
    /// <param name="context">The models with the layers that are compared.</param>
    /// <exception cref="DecantException">There are no such layers, they are not of images, or there are fewer than two pairs.</exception>
    public FspObjective(Fsp options, ObjectiveContext context) : base(Name)
    {
        _pairs = Found(Name, () => ImagePairs.Of(options.Checked(), context));
        if (_pairs.Count < 2)
            throw new DecantException($"{Name}: the flow between layers needs two pairs of layers or more; {_pairs.Count} came. Name them: pairs: [{{ student: …, teacher: … }}, …].");
        for (var i = 0; i < _pairs.Count; i++)
            Weights.Project(i, Found(Name, () => FeatureProjection.Between(_pairs.Shapes(i).Student, _pairs.Shapes(i).Teacher, options.Projection, context.Generator)));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> StudentFeatures => [.. _pairs.Student.Distinct(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> TeacherFeatures => [.. _pairs.Teacher.Distinct(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public override long Count(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return (_pairs.Count - 1L) * batch.Size;
    }

    private protected override Tensor Sum(Func<string, Tensor> student, Func<string, Tensor> teacher, Batch batch)
    {
        var layers = Enumerable.Range(0, _pairs.Count).Select(i => _pairs.Values(i, student, teacher, batch)).ToArray();
        return Enumerable.Range(0, layers.Length - 1).Select(i => OfFlow(i, layers[i], layers[i + 1])).Aggregate((a, b) => a + b);
    }

    private Tensor OfFlow(int pair, (Tensor Student, Tensor Teacher) first, (Tensor Student, Tensor Teacher) second)
    {
        var teacher = Flow(first.Teacher, second.Teacher, vectors => vectors, vectors => vectors);                  // [B, C, C']
        var student = Flow(first.Student, second.Student, vectors => Weights.Projected(pair, vectors), vectors => Weights.Projected(pair + 1, vectors));
        return (student - teacher).Square().Mean([1, 2]).Sum();
    }

    // The larger layer is averaged over areas, down to the places of the smaller one.
    private static Tensor Flow(Tensor first, Tensor second, Func<Tensor, Tensor> ofFirst, Func<Tensor, Tensor> ofSecond)
    {
        var (one, others) = SpatialFeatures.Alike(first, [second]);
        var (f, g) = (ofFirst(SpatialFeatures.Vectors(one)), ofSecond(SpatialFeatures.Vectors(others[0])));                           // [B, places, C]
        return f.Transpose(1, 2).MatMul(g) / f.Size(1);
    }
}
