using Decant.Data.Batching;
using Decant.Models.FromTeacher;
using Decant.Torch;

namespace Decant.Compression.Pruning;

/// <summary>How active channels are on samples: per sample the mean over the image behind ReLU, over samples the Euclidean norm, summed over all places where a channel is seen.</summary>
/// <param name="map">The channels of the model.</param>
internal sealed class ChannelActivations(ChannelMap map) : IScoreCollector
{
    private readonly Dictionary<string, double[]> _squares = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<string> Paths => map.Groups.Values.SelectMany(g => g.Seen);

    /// <inheritdoc/>
    public bool NeedsGradients => false;

    /// <inheritdoc/>
    public void Add(IReadOnlyDictionary<string, Tensor> features, Tensor logits, Batch batch)
    {
        using var noGrad = Autograd.NoGrad();
        foreach (var path in Paths)
        {
            using var scope = TensorScope.Open();
            var active = features[path].To(DType.Float32).Relu();                                  // [B, C, H, W] or [B, C]
            var means = active.Dimensions > 2 ? active.Flatten(2).Mean(2) : active;
            var squares = means.Square().Sum(0).ToArray<float>();
            if (!_squares.TryGetValue(path, out var sums))
                _squares[path] = sums = new double[squares.Length];
            for (var i = 0; i < sums.Length; i++)
                sums[i] += squares[i];
        }
    }

    /// <inheritdoc/>
    public UnitScores AddTo(UnitScores scores) => scores with
    {
        Channels = map.Groups.Values.ToDictionary(
            g => g.Name, IReadOnlyList<double> (g) => [.. Enumerable.Range(0, g.Count).Select(c => g.Seen.Sum(path => Math.Sqrt(_squares[path][c])))], StringComparer.Ordinal),
    };
}
