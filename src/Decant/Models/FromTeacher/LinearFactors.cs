using System.Globalization;
using Decant.Models.Encoders;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.FromTeacher;

/// <summary>The linear layers of an encoder that get two factors, with their ranks, and the factors.</summary>
/// <param name="Ranks">By layer and path in it, as <see cref="EncoderConfig.LinearRanks"/> has them.</param>
/// <param name="Weights">The factors and biases by the names that they have in the student, in the open scope; empty where the teacher has no memory.</param>
internal sealed record LinearFactors(IReadOnlyDictionary<string, int> Ranks, IReadOnlyDictionary<string, Tensor> Weights)
{
    private static readonly LinearFactors s_none = new(new Dictionary<string, int>(), new Dictionary<string, Tensor>());

    /// <summary>Chooses the ranks and makes the factors. Of a teacher without memory, an energy is taken for the highest ranks that it can lead to.</summary>
    /// <param name="weights">The teacher's.</param>
    /// <param name="config">The student's settings, but for the ranks.</param>
    /// <param name="part">The rank or the energy, and for which layers.</param>
    /// <exception cref="DecantException">The rank is none of the matrices, or nothing would be saved.</exception>
    public static LinearFactors Of(EncoderWeights weights, EncoderConfig config, PartOfTeacher part)
    {
        if (part is { Rank: not null, Energy: not null })
            throw new DecantException("student.from-teacher: both 'rank' and 'energy' say of what rank the linear layers are; keep one.");
        if (part.Rank is null && part.Energy is null)
            return part.Factorize == FactorizedLayers.All ? s_none : throw new DecantException("student.from-teacher: factorize says which linear layers get two factors, and neither rank nor energy asks for any. Give one, or leave factorize out.");
        if (part.Energy is { } share && !(share > 0 && share <= 1))
            throw new DecantException(string.Create(CultureInfo.InvariantCulture, $"student.from-teacher: energy is {share}, the share of the squared singular values that is kept: expected above 0, at most 1."));
        var fixedRanks = part.Rank is { } rank ? Encoders.LinearRanks.Everywhere(config.Shape, config.Names, part.Factorize, rank, "student.from-teacher: rank") : null;
        return weights.HasNoMemory ? s_none with { Ranks = fixedRanks ?? Highest(config, part.Factorize) } : Decompose(weights, config, part, fixedRanks);
    }

    // Where the weights that energy looks at are not there yet: no student of this energy is larger.
    private static Dictionary<string, int> Highest(EncoderConfig config, FactorizedLayers which) => Encoders.LinearRanks.OwnLayers(config.Shape)
        .SelectMany(layer => EncoderLinear.Of(config.Shape, config.Names).Where(l => l.IsIn(which) && l.MaxSavingRank > 0).Select(l => (Key: Encoders.LinearRanks.Key(layer, l), Rank: l.MaxSavingRank)))
        .ToDictionary(l => l.Key, l => l.Rank, StringComparer.Ordinal);

    private static LinearFactors Decompose(EncoderWeights weights, EncoderConfig config, PartOfTeacher part, IReadOnlyDictionary<string, int>? fixedRanks)
    {
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        var made = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var least = int.MaxValue;
        foreach (var layer in Encoders.LinearRanks.OwnLayers(config.Shape))
        {
            foreach (var linear in EncoderLinear.Of(config.Shape, config.Names).Where(linear => linear.IsIn(part.Factorize)))
            {
                var key = Encoders.LinearRanks.Key(layer, linear);
                if (fixedRanks is not null && !fixedRanks.ContainsKey(key))
                    continue;
                using var scope = TensorScope.Open();
                var path = weights.PathOf(layer, linear);
                var svd = new TruncatedSvd(weights[path + ".weight"], path + ".weight");
                var rank = fixedRanks?[key] ?? svd.RankOf(part.Energy!.Value);
                least = Math.Min(least, rank);
                if (rank > linear.MaxSavingRank)
                    continue;
                ranks[key] = rank;
                var (left, right) = svd.Factors(rank);
                made[$"{path}.{LowRankLinear.Reduce}.weight"] = scope.Keep(right.To(DType.Float32));
                made[$"{path}.{LowRankLinear.Expand}.weight"] = scope.Keep(left.To(DType.Float32));
                made[$"{path}.{LowRankLinear.Expand}.bias"] = weights[path + ".bias"];
            }
        }

        return ranks.Count > 0 ? new LinearFactors(ranks, made) : throw new DecantException(string.Create(
            CultureInfo.InvariantCulture,
            $"student.from-teacher: at an energy of {part.Energy} every matrix has a rank of {least} or more, at which two factors save nothing. Lower energy, or leave it out."));
    }
}
