using Decant.Data.Batching;
using Decant.Models.FromTeacher;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Compression.Pruning;

/// <summary>How much each layer changes the states that go through it: 1 − E[cos(input, output)] over tokens, the mean of samples' means (block influence, Men 2024, equation 1).</summary>
internal sealed class LayerInfluence : IScoreCollector
{
    private const double Least = 1e-12;

    private readonly string[] _paths;
    private readonly double[] _sums;
    private long _samples;

    /// <summary>Of a model's layers.</summary>
    /// <exception cref="DecantException">It shows no states before and behind its layers.</exception>
    public LayerInfluence(Model model)
    {
        var layers = model.Layers;
        if (layers.Embeddings is null || layers.Outputs.Count == 0)
            throw new DecantException($"student.from-teacher.choose: a model of kind '{model.Kind}' shows no states before and behind its layers, so their importance is not known. Say choose: uniform, first, last or first-and-last.");
        _paths = [layers.Embeddings, .. layers.Outputs];
        _sums = new double[layers.Outputs.Count];
    }

    /// <inheritdoc/>
    public IEnumerable<string> Paths => _paths;

    /// <inheritdoc/>
    public bool NeedsGradients => false;

    /// <inheritdoc/>
    public void Add(IReadOnlyDictionary<string, Tensor> features, Tensor logits, Batch batch)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        for (var layer = 0; layer < _sums.Length; layer++)
        {
            var (before, after) = (features[_paths[layer]], features[_paths[layer + 1]]); // [B, T, H]
            if (!before.Shape.SequenceEqual(after.Shape) || before.Dimensions != 3)
                throw new DecantException($"student.from-teacher.choose: layer {layer} gives states of [{string.Join(", ", after.Shape)}] for [{string.Join(", ", before.Shape)}], which cannot be compared. Say choose: uniform, first, last or first-and-last.");
            var cosine = before.Mul(after).Sum(2, keep: true).Div(before.Norm([2], keep: true).Mul(after.Norm([2], keep: true)).Clamp(min: Least)); // [B, T, 1]
            _sums[layer] += batch.Inputs - TokenMeans.Of(cosine, batch.AttentionMask).Sum().Item();
        }

        _samples += batch.Inputs;
    }

    /// <inheritdoc/>
    public UnitScores AddTo(UnitScores scores) => scores with { Layers = [.. _sums.Select(sum => sum / Math.Max(1, _samples))] };
}
