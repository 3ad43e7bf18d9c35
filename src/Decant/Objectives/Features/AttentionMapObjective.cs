using Decant.Data.Batching;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Features;

/// <summary>An objective that compares the attention of both models, token by token.</summary>
/// <remarks>
/// Only keys that a token may see in both models have a part: no padding, and nothing that stands behind it where a model reads from left to right. Both are read off the
/// scores, in which the models hide them.
/// </remarks>
internal abstract class AttentionMapObjective : FeatureObjective
{
    // Half of what is added to a hidden score in half precision; in wider types it is far more.
    private static readonly double s_hidden = TokenMask.Blocked(DType.Float16) / 2;

    private readonly IReadOnlyList<FeaturePair> _pairs;
    private readonly AttentionHeads[] _heads;

    private protected AttentionMapObjective(string kind, AttentionMapOptions options, ObjectiveContext context) : base(kind)
    {
        _pairs = Found(kind, () => new LayerMap(context, attention: true).Pairs(options.Checked(), LayerMapping.Uniform).Select(Scores).ToArray());
        _heads = [.. _pairs.Select(p => Found(kind, () => HeadsOf(p, options.Heads, context)))];
        for (var i = 0; i < _pairs.Count; i++)
            Weights.Mix(i, _pairs[i].Teachers.Count);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> StudentFeatures => [.. _pairs.Select(p => p.Student).Distinct(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> TeacherFeatures => [.. _pairs.SelectMany(p => p.Teachers).Distinct(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public override long Count(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return _pairs.Count * FeatureShape.Count(FeatureForm.Tokens, batch);
    }

    private protected override Tensor Sum(Func<string, Tensor> student, Func<string, Tensor> teacher, Batch batch)
    {
        Tensor? sum = null;
        for (var i = 0; i < _pairs.Count; i++)
        {
            var (s, t) = (student(_pairs[i].Student), Array.ConvertAll([.. _pairs[i].Teachers], path => teacher(path)));
            var hidden = Hidden(s, t, batch);                                                                       // [B, 1, T, S]
            var perToken = PerToken(i, _heads[i], s, t, hidden);                                                    // [B, T]
            var one = (batch.AttentionMask is { } mask ? perToken.MaskedFill(mask.Not(), 0) : perToken).Sum();
            sum = sum is null ? one : sum + one;
        }

        return sum!;
    }

    /// <summary>What tokens that are no padding give [B, T]; what comes for padding is left out afterwards, and must be finite.</summary>
    /// <param name="pair">The number of the pair.</param>
    /// <param name="heads">Which heads are compared.</param>
    /// <param name="student">Scores [B, A, T, S], part of the graph.</param>
    /// <param name="teachers">The same of the teacher, with its own heads.</param>
    /// <param name="hidden">[B, 1, T, S] bool: the keys that a token does not see.</param>
    private protected abstract Tensor PerToken(int pair, AttentionHeads heads, Tensor student, Tensor[] teachers, Tensor hidden);

    private static Tensor Hidden(Tensor student, Tensor[] teachers, Batch batch)
    {
        using var noGrad = Autograd.NoGrad();
        var least = teachers.Aggregate(student.Detach().Select(1, 0), (lowest, t) => lowest.Minimum(t.Select(1, 0))); // [B, T, S]
        var hidden = least.Less(s_hidden);
        return (batch.AttentionMask is { } mask ? hidden.Or(mask.Not().Unsqueeze(1)) : hidden).Unsqueeze(1);
    }

    private static FeaturePair Scores(FeaturePair attention) => new(Part(attention.Student), [.. attention.Teachers.Select(Part)]);

    private static string Part(string attention) => $"{attention}.{AttentionParts.Scores}";

    private static AttentionHeads HeadsOf(FeaturePair pair, HeadMapping mapping, ObjectiveContext context)
    {
        var teachers = pair.Teachers.Select(path => context.Teacher.ShapeOf(path)[1]).Distinct().ToArray();
        return teachers.Length == 1
            ? AttentionHeads.Of(mapping, context.Student.ShapeOf(pair.Student)[1], teachers[0])
            : throw new DecantException($"Layers of the teacher are mixed only where they have as many heads; {string.Join(" and ", teachers)} came. Choose pairs instead.");
    }
}
