using System.Globalization;
using Decant.Compression.Quantization;
using Decant.Models.Cnn;
using Decant.Models.Configuration;
using Decant.Models.Encoders;
using Decant.Models.FromTeacher;
using Decant.Models.ImageNetResNet;
using Decant.Models.ResNet;

namespace Decant.Runs.Fitting;

/// <summary>All students that a teacher gives: every number of layers with some widths, heads, feed-forward units, embeddings, ranks and forms.</summary>
/// <param name="Axes">How they differ, without the forms.</param>
/// <param name="Forms">The forms, of most bits first; null is float32.</param>
/// <param name="Base">What all have in common.</param>
internal sealed record CandidateGrid(IReadOnlyList<CandidateAxis> Axes, IReadOnlyList<(string Name, QuantizationOptions? Form)> Forms, PartOfTeacher Base)
{
    private static readonly double[] s_widths = [1, 0.75, 0.5, 0.25];
    private static readonly double[] s_units = [1, 2.0 / 3, 0.5, 1.0 / 3, 1.0 / 6];
    private static readonly double[] s_embeddings = [1, 0.5, 0.25];
    private static readonly double[] s_ranks = [1, 0.25];

    /// <summary>The grid of a teacher.</summary>
    /// <param name="teacher">Its settings.</param>
    /// <param name="part">What the recipe says of the student: what it sets is not varied.</param>
    /// <param name="forms">The forms, of most bits first.</param>
    public static CandidateGrid Of(ModelConfig teacher, PartOfTeacher part, IReadOnlyList<(string Name, QuantizationOptions? Form)> forms)
    {
        var axes = new List<CandidateAxis>();
        if (part is { Layers: null, LayerIndices: null } && ConfigCut.Layers(teacher) is > 1 and var layers)
            axes.Add(new("layers", [.. Enumerable.Range(1, layers).Reverse().Select(n => (double)n)], (p, size) => p with { Layers = (int)size }));
        if (Sizes(teacher) is { } units)
            axes.AddRange(Widths(units, HasOwnHeadWidth(teacher), part));
        if (teacher is EncoderConfig { IsCompact: false } encoder)
            axes.AddRange(Factors(encoder.Shape.Width, part));
        axes.AddRange(Channels(teacher, part));
        return new CandidateGrid([.. axes.Where(a => a.Sizes.Count > 1)], forms, part);
    }

    /// <summary>All of them, the largest first.</summary>
    public IEnumerable<Candidate> All() => Levels().Select(At).Distinct(); // shares of a small width may come to the same

    private IEnumerable<int[]> Levels()
    {
        var levels = new int[Axes.Count + 1];
        while (true)
        {
            yield return [.. levels];
            var axis = levels.Length - 1;
            while (axis >= 0 && ++levels[axis] == (axis == Axes.Count ? Forms.Count : Axes[axis].Sizes.Count))
                levels[axis--] = 0;
            if (axis < 0)
                yield break;
        }
    }

    /// <summary>The whole teacher but for one axis; the axis behind the last is that of the forms.</summary>
    public Candidate Only(int axis, int level)
    {
        var levels = new int[Axes.Count + 1];
        levels[axis] = level;
        return At(levels);
    }

    /// <summary>The candidate of these levels.</summary>
    public Candidate At(IReadOnlyList<int> levels)
    {
        var part = Base;
        foreach (var (axis, level) in Axes.Zip(levels).Where(a => a.Second > 0))
            part = axis.Set(part, axis.Sizes[level]);
        var (name, form) = Forms[levels[^1]];
        return new Candidate([.. levels], Settled(part), form, string.Join(", ", Words(part).Append(name)));
    }

    // What was cut, by the recipe's keys; of width and heads that go together one says all.
    private static IEnumerable<string> Words(PartOfTeacher part)
    {
        foreach (var (key, size) in new[] { ("layers", part.Layers), ("hidden", part.Hidden), ("heads", part.Hidden is null ? part.Heads : null), ("intermediate", part.Intermediate), ("embedding", part.Embedding), ("rank", part.Rank) })
            if (size is not null)
                yield return string.Create(CultureInfo.InvariantCulture, $"{key} {size}");
        foreach (var (key, sizes) in new[] { ("channels", part.Channels), ("inner-channels", part.InnerChannels) })
            if (sizes is not null)
                yield return $"{key} {string.Join('-', sizes)}";
    }

    // 'importance' and 'choose' say which units and layers are kept: they are left out where nothing is cut.
    private static PartOfTeacher Settled(PartOfTeacher part)
    {
        if (part is { Hidden: null, Heads: null, KeyValueHeads: null, Intermediate: null, CutsChannels: false })
            part = part with { Importance = UnitImportance.First };
        if (part.Layers is null)
            part = part with { Choose = LayerChoice.Uniform };
        var measures = part.Importance is UnitImportance.Activation or UnitImportance.Taylor || part.ChoosesLayers;
        return part with { Calibration = measures ? part.Calibration : null };
    }

    private static IEnumerable<CandidateAxis> Widths(UnitSizes units, bool hasOwnHeadWidth, PartOfTeacher part)
    {
        var shared = units.Heads / units.KeyValueHeads;
        int[] heads = [.. s_widths.Select(w => (int)Math.Round(units.KeyValueHeads * w) * shared).Where(h => h > 0).Distinct()];
        if (part is { Hidden: null, Heads: null } && !hasOwnHeadWidth)
            yield return new("hidden", [.. heads.Select(h => (double)h * units.HeadWidth)], (p, size) => p with { Hidden = (int)size, Heads = (int)size / units.HeadWidth });
        if (part.Hidden is null && hasOwnHeadWidth)
            yield return new("hidden", [.. s_widths.Select(w => (double)Even(units.Hidden * w)).Distinct()], (p, size) => p with { Hidden = (int)size });
        if (part is { Heads: null, KeyValueHeads: null } && hasOwnHeadWidth)
            yield return new("heads", [.. heads.Select(h => (double)h)], (p, size) => p with { Heads = (int)size });
        if (part.Intermediate is null)
            yield return new("intermediate", [.. s_units.Select(w => (double)Even(units.Intermediate * w)).Distinct()], (p, size) => p with { Intermediate = (int)size });
    }

    // Shares of the width, which an axis before them may have set.
    private static IEnumerable<CandidateAxis> Factors(int width, PartOfTeacher part)
    {
        if (part.Embedding is null)
            yield return new("embedding", s_embeddings, (p, share) => p with { Embedding = Even((p.Hidden ?? width) * share) });
        if (part is { Rank: null, Energy: null })
            yield return new("rank", s_ranks, (p, share) => p with { Rank = Even((p.Hidden ?? width) * share) });
    }

    private static IEnumerable<CandidateAxis> Channels(ModelConfig teacher, PartOfTeacher part)
    {
        var (channels, inner) = teacher switch
        {
            CnnConfig cnn => (cnn.Channels, null),
            ResNetConfig residual => (residual.HiddenSizes, [.. Enumerable.Range(0, residual.HiddenSizes.Count).Select(residual.InnerOf)]),
            ImageNetResNetConfig residual => ([.. Enumerable.Range(0, residual.Depths.Count).Select(s => (int)residual.OutputsOf(s))], [.. Enumerable.Range(0, residual.Depths.Count).Select(s => (int)residual.InnerOf(s))]),
            _ => ((IReadOnlyList<int>?)null, (IReadOnlyList<int>?)null),
        };
        if (channels is not null && part.Channels is null)
            yield return new("channels", s_widths, (p, share) => p with { Channels = Shares(channels, share) });
        if (inner is not null && part.InnerChannels is null)
            yield return new("inner-channels", s_widths, (p, share) => p with { InnerChannels = Shares(inner, share) });
    }

    private static IReadOnlyList<int> Shares(IReadOnlyList<int> sizes, double share) => [.. sizes.Select(size => Math.Max(4, (int)Math.Round(size * share / 4) * 4))];

    // Blocks of eight run well everywhere.
    private static int Even(double size) => Math.Max(8, (int)Math.Round(size / 8) * 8);

    private static UnitSizes? Sizes(ModelConfig teacher)
    {
        try
        {
            return TransformerParts.Of(teacher).Sizes;
        }
        catch (DecantException)
        {
            return null;
        }
    }

    private static bool HasOwnHeadWidth(ModelConfig teacher) => teacher.ToJson().ContainsKey("head_dim");
}
