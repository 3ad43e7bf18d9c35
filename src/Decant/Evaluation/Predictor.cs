using Decant.Data;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Evaluation;

/// <summary>Asks a model about every sample of a source.</summary>
public static class Predictor
{
    /// <summary>The model's logits for one epoch of a source, in evaluation mode and without gradients.</summary>
    /// <param name="model">The model; it is left in evaluation mode.</param>
    /// <param name="batches">Batches in which every sample has a label.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public static Predictions Predict(Model model, IBatchSource batches, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batches);
        model.Eval();
        var logits = new List<float>();
        var labels = new List<int>();
        var ids = new List<ulong>();
        foreach (var batch in batches.Epoch(0, 0, cancellationToken))
        {
            using (batch)
            using (TensorScope.Open())
            using (Autograd.NoGrad())
            {
                logits.AddRange(model.Forward(batch.ToInput()).To(DType.Float32).ToArray<float>());
                labels.AddRange(batch.Labels.ToArray<long>().Select(label => (int)label));
                ids.AddRange(batch.Ids.Select(id => id.Value));
            }
        }

        return InOrderOfIds(new Predictions([.. logits], model.Classes, [.. labels], [.. ids]));
    }

    // Batches may come bucketed by length: a fixed order makes the answers of two models comparable row by row.
    private static Predictions InOrderOfIds(Predictions predictions)
    {
        var order = Enumerable.Range(0, predictions.Count).OrderBy(i => predictions.SampleIds[i]).ToArray();
        var logits = new float[predictions.Logits.Length];
        for (var i = 0; i < order.Length; i++)
            predictions.Row(order[i]).CopyTo(logits.AsSpan(i * predictions.Classes));
        return new Predictions(logits, predictions.Classes, [.. order.Select(i => predictions.Labels[i])], [.. order.Select(i => predictions.SampleIds[i])]);
    }
}
