using Decant.Models.FromTeacher;
using Decant.Torch;

namespace Decant.Compression.Pruning;

/// <summary>Sums by the channels of a convolutional network.</summary>
/// <param name="map">Which weights belong to which.</param>
internal sealed class ChannelSums(ChannelMap map) : IWeightSums
{
    private readonly Dictionary<string, double[]> _sums = map.Groups.Values.ToDictionary(g => g.Name, g => new double[g.Count], StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Add(string name, Tensor values)
    {
        var groups = map.Of(name, values.Dimensions);
        for (var dimension = 0; dimension < groups.Length; dimension++)
        {
            if (groups[dimension] is not { } group)
                continue;
            long[] others = [.. Enumerable.Range(0, groups.Length).Where(d => d != dimension).Select(d => (long)d)];
            var rows = (others.Length == 0 ? values : values.Sum(others)).To(DType.Float32).ToArray<float>();
            var each = rows.Length / group.Count; // several inputs of a linear layer for each channel
            for (var row = 0; row < rows.Length; row++)
                _sums[group.Name][row / each] += rows[row];
        }
    }

    /// <inheritdoc/>
    public UnitScores ToScores(Func<double, double> of) =>
        new() { Channels = _sums.ToDictionary(s => s.Key, IReadOnlyList<double> (s) => Array.ConvertAll(s.Value, of.Invoke), StringComparer.Ordinal) };
}
