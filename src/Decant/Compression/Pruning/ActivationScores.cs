using Decant.Data.Batching;
using Decant.Models.FromTeacher;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Compression.Pruning;

/// <summary>How active units are on samples: per sample the mean over tokens, over samples the Euclidean norm (Muralidharan 2024, §2.2).</summary>
/// <remarks>The last norm of a language model, which sees the predicted positions alone, takes no part in the scores of hidden dimensions.</remarks>
internal sealed class ActivationScores : IScoreCollector
{
    private readonly UnitSizes _sizes;
    private readonly string[] _heads;
    private readonly string[] _inner;
    private readonly string[] _norms;
    private readonly Dictionary<string, double[]> _squares = new(StringComparer.Ordinal);

    public ActivationScores(Model model, UnitMap map)
    {
        _sizes = map.Sizes;
        _heads = [.. model.Layers.Attentions.Select(path => $"{path}.{AttentionParts.Context}")];
        _inner = [.. model.Layers.Outputs.Select(path => $"{path}.{map.Inner}")];
        _norms = [.. model.NamedModules().Where(m => m.Value is LayerNorm or RmsNorm && map.Of($"{m.Key}.weight", 1).Axes is [UnitAxis.Hidden]).Select(m => m.Key)];
    }

    /// <inheritdoc/>
    public IEnumerable<string> Paths => [.. _heads, .. _inner, .. _norms];

    /// <inheritdoc/>
    public bool NeedsGradients => false;

    /// <inheritdoc/>
    public void Add(IReadOnlyDictionary<string, Tensor> features, Tensor logits, Batch batch)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        foreach (var path in _heads)
        {
            var context = features[path]; // [B, T, A·d]
            Add(path, context.View(context.Size(0), context.Size(1), _sizes.Heads, _sizes.HeadWidth).Norm([3]), batch);
        }

        foreach (var path in _inner)
            Add(path, features[path].Abs(), batch);
        foreach (var path in _norms)
        {
            if (features.GetValueOrDefault(path) is { Dimensions: 3 } states)
                Add(path, states.Abs(), batch);
        }
    }

    /// <inheritdoc/>
    public UnitScores AddTo(UnitScores scores) => scores with
    {
        Heads = [.. _heads.Select(Norms)],
        Intermediate = [.. _inner.Select(Norms)],
        Hidden = [.. Enumerable.Range(0, _sizes.Hidden).Select(i => _norms.Where(_squares.ContainsKey).Sum(path => Math.Sqrt(_squares[path][i])))],
    };

    private double[] Norms(string path) => Array.ConvertAll(_squares[path], Math.Sqrt);

    // [B, T, N]
    private void Add(string path, Tensor sizes, Batch batch)
    {
        var squares = TokenMeans.Of(sizes.To(DType.Float32), batch.AttentionMask).Square().Sum(0).ToArray<float>();
        if (!_squares.TryGetValue(path, out var sums))
            _squares[path] = sums = new double[squares.Length];
        for (var i = 0; i < sums.Length; i++)
            sums[i] += squares[i];
    }
}
