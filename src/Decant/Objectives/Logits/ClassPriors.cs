using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Logits;

/// <summary>What is added to the logits so that a softmax learns the classes apart from how frequent they are: τ·log(n_c ÷ N).</summary>
internal sealed class ClassPriors
{
    private readonly float[] _logs;

    /// <param name="context">Gives the number of samples of each class.</param>
    /// <param name="factor">τ.</param>
    /// <param name="form">The form that asks, for messages.</param>
    /// <exception cref="DecantException">There are no classes.</exception>
    public ClassPriors(ObjectiveContext? context, double factor, string form)
    {
        if (context is not { ClassCounts: { Count: > 0 } counts })
        {
            throw new DecantException(
                $"labels: 'loss: {form}' needs to know how many samples each class has in training, and none are known here: it is for classifications. Leave 'loss' out.");
        }

        // A class without a sample counts as having one: its share is unknown, and log 0 would make a smoothed label's loss infinite.
        double all = counts.Sum(n => Math.Max(1, n));
        _logs = [.. counts.Select(n => (float)(factor * Math.Log(Math.Max(1, n) / all)))];
    }

    /// <summary>The logits [R, C] with the logs added.</summary>
    /// <exception cref="DecantException">The student has another number of classes.</exception>
    public Tensor AddedTo(Tensor logits) => logits.Size(-1) == _logs.Length ? logits + Tensor.From(_logs, logits.Device) : throw new DecantException(
        $"labels: the training samples have {_logs.Length} classes, and the student has {logits.Size(-1)}. Both must have the same classes in the same order.");
}
