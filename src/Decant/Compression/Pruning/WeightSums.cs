using Decant.Models.FromTeacher;
using Decant.Torch;

namespace Decant.Compression.Pruning;

/// <summary>Sums of numbers that every weight of a model has, by the units that the weight belongs to: what makes a unit, and what reads it.</summary>
internal sealed class WeightSums : IWeightSums
{
    private readonly UnitMap _map;
    private readonly double[] _hidden;
    private readonly double[][] _heads;
    private readonly double[][] _keys;
    private readonly double[][] _inner;

    public WeightSums(UnitMap map)
    {
        _map = map;
        var sizes = map.Sizes;
        _hidden = new double[sizes.Hidden];
        (_heads, _keys, _inner) = (PerLayer(sizes.Heads), PerLayer(sizes.KeyValueHeads), PerLayer(sizes.Intermediate));

        double[][] PerLayer(int count) => [.. Enumerable.Range(0, sizes.Layers).Select(_ => new double[count])];
    }

    /// <inheritdoc/>
    public void Add(string name, Tensor values)
    {
        var (axes, layer) = _map.Of(name, values.Dimensions);
        for (var dimension = 0; dimension < axes.Length; dimension++)
        {
            if (SumsOf(axes[dimension], layer) is not { } sums)
                continue;
            long[] others = [.. Enumerable.Range(0, axes.Length).Where(d => d != dimension).Select(d => (long)d)];
            var rows = (others.Length == 0 ? values : values.Sum(others)).To(DType.Float32).ToArray<float>();
            for (var row = 0; row < rows.Length; row++)
                sums[_map.UnitOf(axes[dimension], row)] += rows[row];
        }
    }

    /// <inheritdoc/>
    public UnitScores ToScores(Func<double, double> of)
    {
        double[][] All(double[][] sums) => Array.ConvertAll(sums, layer => Array.ConvertAll(layer, of.Invoke));
        return new UnitScores { Hidden = Array.ConvertAll(_hidden, of.Invoke), Heads = All(_heads), KeyValueHeads = All(_keys), Intermediate = All(_inner) };
    }

    private double[]? SumsOf(UnitAxis axis, int? layer) => axis switch
    {
        UnitAxis.Hidden => _hidden,
        UnitAxis.Heads => _heads[layer!.Value],
        UnitAxis.KeyValueHeads => _keys[layer!.Value],
        UnitAxis.Intermediate => _inner[layer!.Value],
        _ => null,
    };
}
