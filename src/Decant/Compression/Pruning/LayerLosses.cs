using Decant.Data.Batching;
using Decant.Models.Configuration;
using Decant.Models.FromTeacher;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Compression.Pruning;

/// <summary>How much a model's answers change when one of its layers is left out: the loss that a student without it would begin with.</summary>
/// <remarks>
/// Of classes and tokens the mean over rows of KL(whole ‖ without the layer), of logits of labels, numbers and vectors the mean squared difference. Every layer is left out alone, one model at a time.
/// </remarks>
internal static class LayerLosses
{
    /// <summary>[L]: the loss without each layer.</summary>
    /// <param name="model">The model; it stays as it is.</param>
    /// <param name="samples">Samples to measure on; they are not disposed of.</param>
    /// <exception cref="DecantException">A layer cannot be left out, or there are no samples.</exception>
    public static double[] Measure(Model model, IReadOnlyList<Batch> samples)
    {
        if (samples.Count == 0)
            throw new DecantException("student.from-teacher.choose: the loss without each layer is measured on samples, and there is none to calibrate on. Give a transfer set with samples, or choose: uniform.");
        var layers = StudentFromTeacher.LayersOf(model);
        var isOfClasses = ((IConfigured)model).Config.Task is not (ModelTask.MultiLabel or ModelTask.Regression or ModelTask.Embedding);
        return layers == 1 ? [0] : [.. Enumerable.Range(0, layers).Select(layer => Without(layer))];

        double Without(int layer)
        {
            using var cut = StudentFromTeacher.Make(model, new PartOfTeacher { LayerIndices = [.. Enumerable.Range(0, layers).Where(other => other != layer)] });
            var (sum, rows) = (0.0, 0L);
            foreach (var batch in samples)
            {
                using var scope = TensorScope.Open();
                using var noGrad = Autograd.NoGrad();
                var input = batch.ToInput(model.Device);
                var whole = model.InEvaluation(() => model.Forward(input));
                var part = cut.InEvaluation(() => cut.Forward(input)); // [R, C] both
                sum += (isOfClasses ? Divergence(whole, part) : whole.Sub(part).Square().Sum()).Item();
                rows += whole.Size(0);
            }

            return sum / rows;
        }
    }

    // Summed over the rows.
    private static Tensor Divergence(Tensor whole, Tensor part)
    {
        var of = whole.LogSoftmax(1);
        return of.Exp().Mul(of.Sub(part.LogSoftmax(1))).Sum();
    }
}
