using System.Globalization;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.FromTeacher;

/// <summary>The linear layers of a transformer that get two factors, with their ranks, and the factors.</summary>
/// <param name="Ranks">By layer and path in it, as the settings have them.</param>
/// <param name="Weights">The factors and biases by the names that they have in the student, in the open scope; empty where the teacher has no memory.</param>
internal sealed record LinearFactors(IReadOnlyDictionary<string, int> Ranks, IReadOnlyDictionary<string, Tensor> Weights)
{
    private static readonly LinearFactors s_none = new(new Dictionary<string, int>(), new Dictionary<string, Tensor>());

    /// <summary>Chooses the ranks and makes the factors. Of a teacher without memory, an energy is taken for the highest ranks that it can lead to.</summary>
    /// <param name="weights">The teacher's.</param>
    /// <param name="blocks">The student's blocks, but for the ranks.</param>
    /// <param name="part">The rank or the energy, and for which layers.</param>
    /// <exception cref="DecantException">The rank is none of the matrices, or nothing would be saved.</exception>
    public static LinearFactors Of(BlockWeights weights, LinearBlocks blocks, PartOfTeacher part)
    {
        if (part is { Rank: not null, Energy: not null })
            throw new DecantException("student.from-teacher: both 'rank' and 'energy' say of what rank the linear layers are; keep one.");
        if (part.Rank is null && part.Energy is null)
            return part.Factorize == FactorizedLayers.All ? s_none : throw new DecantException("student.from-teacher: factorize says which linear layers get two factors, and neither rank nor energy asks for any. Give one, or leave factorize out.");
        if (part.Energy is { } share && !(share > 0 && share <= 1))
            throw new DecantException(string.Create(CultureInfo.InvariantCulture, $"student.from-teacher: energy is {share}, the share of the squared singular values that is kept: expected above 0, at most 1."));
        var fixedRanks = part.Rank is { } rank ? LinearRanks.Everywhere(blocks, part.Factorize, rank, "student.from-teacher: rank") : null;
        return weights.HasNoMemory ? s_none with { Ranks = fixedRanks ?? Highest(blocks, part.Factorize) } : Decompose(weights, blocks, part, fixedRanks);
    }

    // Where the weights that energy looks at are not there yet: no student of this energy is larger.
    private static Dictionary<string, int> Highest(LinearBlocks blocks, FactorizedLayers which) => blocks.OwnLayers
        .SelectMany(layer => blocks.Linears.Where(l => l.IsIn(which) && l.MaxSavingRank > 0).Select(l => (Key: LinearRanks.Key(layer, l), Rank: l.MaxSavingRank)))
        .ToDictionary(l => l.Key, l => l.Rank, StringComparer.Ordinal);

    private static LinearFactors Decompose(BlockWeights weights, LinearBlocks blocks, PartOfTeacher part, IReadOnlyDictionary<string, int>? fixedRanks)
    {
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        var made = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var least = int.MaxValue;
        foreach (var layer in blocks.OwnLayers)
        {
            foreach (var linear in blocks.Linears.Where(linear => linear.IsIn(part.Factorize)))
            {
                var key = LinearRanks.Key(layer, linear);
                if (fixedRanks is not null && !fixedRanks.ContainsKey(key))
                    continue;
                using var scope = TensorScope.Open();
                var path = weights.PathOf(layer, linear);
                var svd = new TruncatedSvd(weights.Matrix(path), path + ".weight");
                var rank = fixedRanks?[key] ?? svd.RankOf(part.Energy!.Value);
                least = Math.Min(least, rank);
                if (rank > linear.MaxSavingRank)
                    continue;
                ranks[key] = rank;
                var (left, right) = svd.Factors(rank);
                made[$"{path}.{LowRankLinear.Reduce}.weight"] = scope.Keep(right.To(DType.Float32));
                made[$"{path}.{LowRankLinear.Expand}.weight"] = scope.Keep(left.To(DType.Float32));
                if (weights.Bias(path) is { } bias)
                    made[$"{path}.{LowRankLinear.Expand}.bias"] = bias;
            }
        }

        return ranks.Count > 0 ? new LinearFactors(ranks, made) : throw new DecantException(string.Create(
            CultureInfo.InvariantCulture,
            $"student.from-teacher: at an energy of {part.Energy} every matrix has a rank of {least} or more, at which two factors save nothing. Lower energy, or leave it out."));
    }
}
