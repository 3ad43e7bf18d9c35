using Decant.Data.Batching;
using Decant.Models.Configuration;
using Decant.Models.FromTeacher;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Compression.Pruning;

/// <summary>Measures how important the heads, feed-forward units, hidden dimensions, channels and layers of a model are.</summary>
/// <remarks>
/// <para>
/// Magnitude: the Euclidean norm of a unit's weights. Activation: per sample the mean over its tokens of |x|, over the samples the Euclidean norm; x is what a head gives before the
/// output's linear layer (its norm), a feed-forward unit behind the non-linearity (with a gate: times the gate's partner), a hidden dimension behind each norm of tokens' states,
/// summed over the norms (Muralidharan 2024, §2.2); of a convolutional network a channel behind ReLU, its mean over the image, summed over the blocks of a stage. Taylor: per batch Σ |w·∂L/∂w| over a unit's weights, summed over the batches (Michel 2019; Molchanov 2019).
/// Layers: 1 − the mean over tokens of the cosine of a layer's input and output (Men 2024, equation 1), or how far the answers without the layer are from the model's own, as
/// the divergence of their distributions or the squared difference (Muralidharan 2024, §2.2, measures a loss so).
/// </para>
/// <para>
/// L is the cross-entropy with the labels, or the squared error of a regression. Where a row has no label, it is the cross-entropy with the model's own likeliest class: the
/// distance of a model to its own outputs is 0 with a gradient of 0, and would say nothing.
/// </para>
/// </remarks>
public static class UnitImportances
{
    /// <summary>The scores of what a part leaves out.</summary>
    /// <param name="model">The model, of a family with a <c>config.json</c>; it stays as it is, in evaluation mode while it is measured.</param>
    /// <param name="part">Which part will be taken: says how scores are measured, and of what.</param>
    /// <param name="calibration">Samples to measure on; each batch is disposed of. Not read for magnitudes alone.</param>
    /// <returns>Scores of what the part leaves out; null for the rest.</returns>
    /// <exception cref="DecantException">The family has no such units, there are no samples, or there is no loss to take a gradient of.</exception>
    public static UnitScores Measure(Model model, PartOfTeacher part, IEnumerable<Batch> calibration)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(part);
        ArgumentNullException.ThrowIfNull(calibration);
        var config = (model as IConfigured)?.Config ?? throw new DecantException($"A {model.GetType().Name} is of no family whose settings are known, so its units have no importances. Give student.model instead.");
        var channels = part.ChoosesUnits ? ChannelMap.Of(config) : null;
        var map = part.ChoosesUnits && channels is null ? new UnitMap(config) : null;
        IScoreCollector[] collectors =
        [
            .. part is { ChoosesLayers: true, Choose: LayerChoice.Importance } ? [new LayerInfluence(model)] : (IScoreCollector[])[],
            .. part.Importance switch
            {
                UnitImportance.Activation => [channels is null ? new ActivationScores(model, map!) : new ChannelActivations(channels)],
                UnitImportance.Taylor => [new TaylorScores(model, Sums(), config)],
                _ => (IScoreCollector[])[],
            },
        ];
        // A layer's loss goes over all samples, for one layer after the other.
        Batch[]? kept = part is { ChoosesLayers: true, Choose: LayerChoice.LossIncrease } ? [.. calibration] : null;
        var losses = kept is null ? null : LayerLosses.Measure(model, kept);
        if (collectors.Length > 0)
            Run(model, collectors, kept ?? calibration);
        else
            Array.ForEach(kept ?? [], batch => batch.Dispose());
        var scores = part.Importance == UnitImportance.Magnitude ? MagnitudeScores.Of(model, Sums()) : new UnitScores();
        scores = collectors.Aggregate(scores, (all, collector) => collector.AddTo(all));
        return scores with
        {
            Layers = losses ?? scores.Layers,
            Heads = part.Heads is null && part.KeyValueHeads is null ? null : scores.Heads,
            KeyValueHeads = part.Heads is null && part.KeyValueHeads is null ? null : scores.KeyValueHeads,
            Intermediate = part.Intermediate is null ? null : scores.Intermediate,
            Hidden = part.Hidden is null ? null : scores.Hidden,
        };

        IWeightSums Sums() => channels is null ? new WeightSums(map!) : new ChannelSums(channels);
    }

    private static void Run(Model model, IScoreCollector[] collectors, IEnumerable<Batch> calibration)
    {
        var paths = new FeaturePaths(model, collectors.SelectMany(c => c.Paths));
        var samples = 0;
        try
        {
            foreach (var batch in calibration)
            {
                See(model, collectors, paths, batch);
                samples += batch.Size;
            }
        }
        finally
        {
            foreach (var ended in collectors.OfType<IDisposable>())
                ended.Dispose();
        }

        if (samples == 0)
            throw new DecantException("student.from-teacher: importances are measured on samples, and there is none to calibrate on. Give a transfer set with samples, or importance: magnitude.");
    }

    private static void See(Model model, IScoreCollector[] collectors, FeaturePaths paths, Batch made)
    {
        using var scope = TensorScope.Open();
        using var batch = made.MoveTo(model.Device);
        using var gradients = collectors.Any(c => c.NeedsGradients) ? Autograd.EnableGrad() : Autograd.NoGrad();
        using var recorder = paths.Record();
        var logits = model.InEvaluation(() => model.Forward(batch.ToInput()));
        foreach (var collector in collectors)
            collector.Add(recorder.Features, logits, batch);
    }
}
