using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Training;

/// <summary>The student's forward passes, in the precision of its training.</summary>
internal sealed class ForwardPass(TrainingPlan plan, Device device)
{
    /// <summary>Computes. Cached casts are dropped before the weights are updated.</summary>
    public Tensor Of(Func<Tensor> forward)
    {
        if (plan.Precision == DType.Float32)
            return forward();
        using var lower = Autocast.Begin(plan.Precision, device.Kind);
        return forward();
    }

    /// <summary>Tries one forward and backward pass in a precision that not every device supports; nothing is kept.</summary>
    /// <exception cref="DecantException">This device, or this libtorch, cannot.</exception>
    public void DryRun(Batch batch)
    {
        if (plan.Precision == DType.Float32)
            return;
        using var scope = TensorScope.Open();
        plan.Student.Eval();
        try
        {
            var answer = Of(() => plan.Student.Forward(batch.ToInput())).To(DType.Float32).Sum();
            Autograd.Grad([answer], [.. plan.Optimizer.Groups.SelectMany(g => g.Parameters)], allowUnused: true);
        }
        catch (TorchException error)
        {
            throw new DecantException(
                $"'{plan.Student.Kind}' cannot be trained in {plan.Precision.ToString().ToLowerInvariant()} on {device} with this libtorch: {error.Message} Say 'precision: float32'.", ExitCodes.Machine, error);
        }
    }
}
