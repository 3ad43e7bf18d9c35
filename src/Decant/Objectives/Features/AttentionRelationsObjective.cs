using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Features;

/// <summary>Options of <c>attention-relations</c>.</summary>
public sealed record AttentionRelations : LayerMapOptions
{
    /// <summary>Which relations; of queries, of keys and of values.</summary>
    [Description("relations to compare")]
    [MinLength(1, ErrorMessage = "name at least one relation")]
    public IReadOnlyList<AttentionRelation> Relations { get; init; } = [AttentionRelation.QueryQuery, AttentionRelation.KeyKey, AttentionRelation.ValueValue];

    /// <summary>r, how many relation heads the vectors are split into; null: the heads of the student's attention.</summary>
    [Description("number of relation heads; default: the student's attention heads")]
    [Range(1, 100_000)]
    public int? RelationHeads { get; init; }
}

/// <summary>The vectors whose dot products make a relation between tokens.</summary>
public enum AttentionRelation
{
    /// <summary>Queries with keys, as attention itself.</summary>
    QueryKey,

    /// <summary>Queries with queries.</summary>
    QueryQuery,

    /// <summary>Keys with keys.</summary>
    KeyKey,

    /// <summary>Values with values.</summary>
    ValueValue,
}

/// <summary>
/// Forward KL divergence of how tokens relate to each other within a layer: per token and relation the mean over r relation heads of Σ_k p·(log p − log q),
/// p and q = softmax(X·Yᵀ ÷ √d_r) of teacher and student; the relations are added. Widths may differ, and nothing is projected: both have T × T relations.
/// </summary>
/// <remarks>
/// Wang et al. 2021 (MiniLMv2), arXiv:2012.15828, §3.1; with <c>relations: [query-key, value-value]</c> Wang et al. 2020 (MiniLM), arXiv:2002.10957, §3.1 and 3.2.
/// </remarks>
internal sealed class AttentionRelationsObjective : FeatureObjective
{
    private const string Name = "attention-relations";

    private readonly AttentionRelationSource[] _sources;
    private readonly bool _isCausal;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">Layers, relations and heads.</param>
    /// <param name="context">The models with the attention that is compared.</param>
    /// <exception cref="DecantException">There are no such layers, or the heads do not divide their widths.</exception>
    public AttentionRelationsObjective(AttentionRelations options, ObjectiveContext context) : base(Name)
    {
        var pairs = Found(Name, () => new LayerMap(context, attention: true, canLearn: false).Pairs(options.Checked(), LayerMapping.Last));
        _sources = [.. pairs.SelectMany(pair => options.Relations.Distinct().Select(relation => Found(Name, () => AttentionRelationSource.Of(pair, relation, options.RelationHeads, context))))];
        (Pairs, _isCausal) = (pairs.Count, context.Student.IsCausal || context.Teacher.IsCausal);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> StudentFeatures => [.. _sources.SelectMany(s => s.Student).Distinct(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> TeacherFeatures => [.. _sources.SelectMany(s => s.Teacher).Distinct(StringComparer.Ordinal)];

    private int Pairs { get; }

    /// <inheritdoc/>
    public override long Count(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Pairs * FeatureShape.Count(FeatureForm.Tokens, batch);
    }

    private protected override Tensor Sum(Func<string, Tensor> student, Func<string, Tensor> teacher, Batch batch)
    {
        var mask = RelationMask.Of(batch, _isCausal);
        return _sources.Select(source => RelationDivergence.Of(source.Vectors(source.Student, student), source.Vectors(source.Teacher, teacher), mask)).Aggregate((a, b) => a + b);
    }
}
