using Decant.Modules;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Features;

/// <summary>The vectors that one relation of one pair of layers is made of.</summary>
/// <param name="Student">The paths of the two sides; one where they are the same.</param>
/// <param name="Teacher">The same of the teacher.</param>
/// <param name="Heads">r.</param>
internal sealed record AttentionRelationSource(IReadOnlyList<string> Student, IReadOnlyList<string> Teacher, long Heads)
{
    /// <summary>A relation of a pair of layers.</summary>
    /// <exception cref="DecantException">The heads do not divide the widths.</exception>
    public static AttentionRelationSource Of(FeaturePair pair, AttentionRelation relation, int? relationHeads, ObjectiveContext context)
    {
        string[] parts = relation switch
        {
            AttentionRelation.QueryKey => [AttentionParts.Queries, AttentionParts.Keys],
            AttentionRelation.QueryQuery => [AttentionParts.Queries],
            AttentionRelation.KeyKey => [AttentionParts.Keys],
            _ => [AttentionParts.Values],
        };
        string[] student = [.. parts.Select(part => $"{pair.Student}.{part}")], teacher = [.. parts.Select(part => $"{pair.Teachers[0]}.{part}")];
        var heads = relationHeads ?? context.Student.ShapeOf(student[0])[1];
        foreach (var (map, path) in new[] { (context.Student, student[0]), (context.Teacher, teacher[0]) })
            Check(map, path, heads);
        return new(student, teacher, heads);
    }

    /// <summary>Both sides split into relation heads, [B, r, T, d_r]; the same tensor twice where they are the same.</summary>
    public (Tensor Left, Tensor Right) Vectors(IReadOnlyList<string> paths, Func<string, Tensor> values)
    {
        var left = values(paths[0]); // [B, A, T, d]
        var split = Split(left);
        return (split, paths.Count == 1 ? split : Split(Repeated(values(paths[1]), left.Size(1))));
    }

    private Tensor Split(Tensor heads)
    {
        var (batch, length) = (heads.Size(0), heads.Size(2));
        return heads.Transpose(1, 2).Reshape(batch, length, Heads, -1).Transpose(1, 2).Contiguous(); // [B, r, T, A·d ÷ r]
    }

    // Keys that several heads of queries share stand once for each of them.
    private static Tensor Repeated(Tensor keys, long heads)
    {
        var (batch, own, length, width) = (keys.Size(0), keys.Size(1), keys.Size(2), keys.Size(3));
        return own == heads ? keys : keys.Unsqueeze(2).Expand(batch, own, heads / own, length, width).Reshape(batch, heads, length, width);
    }

    private static void Check(FeatureMap map, string path, long heads)
    {
        var shape = map.ShapeOf(path);
        var width = shape[1] * shape[3];
        if (width % heads != 0)
            throw new DecantException($"{map.Owner}'s '{path}' is {width} wide, which {heads} relation heads do not divide. Give 'relation-heads' a number that divides the widths of both models.");
    }
}
