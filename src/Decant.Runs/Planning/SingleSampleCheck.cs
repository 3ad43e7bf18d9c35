using Decant.Data.Batching;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;
using Decant.Training;

namespace Decant.Runs.Planning;

/// <summary>Looks whether a training has a batch of one sample that its model cannot be trained on: batch norm has no variance to estimate where such a sample leaves one value per channel.</summary>
/// <remarks>
/// Such a batch is neither left out nor joined with another: either would change the number of updates of one arm, or leave a sample out of every epoch, without being asked.
/// </remarks>
internal static class SingleSampleCheck
{
    /// <summary>Goes through the model once in training mode where a batch of one will come; its running statistics are put back.</summary>
    /// <param name="arm">The model and its samples.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="one">A batch of one sample.</param>
    /// <exception cref="DecantException">The model cannot be trained on it; says which batch size can.</exception>
    public static void Check(TrainedArm arm, TrainingPlan plan, Batch one)
    {
        if (arm is not Arm { Samples: var samples } || Smallest(samples.Count, arm.Fit.Batch) != 1 || !arm.Model.NamedModules().Any(m => m.Value is BatchNorm))
            return;
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var before = arm.Model.NamedBuffers().ToDictionary(b => b.Key, b => b.Value.Clone());
        try
        {
            arm.Model.Train();
            foreach (var part in plan.FrozenModules)
                part.Eval();
            _ = arm.Model.Forward(one.ToInput(arm.Model.Device));
        }
        catch (OneValuePerChannelException error)
        {
            throw new DecantException($"The {arm.Name} has {Words(samples.Count, arm.Fit.Batch)}: {error.Message}{Advice(samples.Count, arm.Fit.Batch)}", error.ExitCode, error);
        }
        finally
        {
            foreach (var (name, buffer) in arm.Model.NamedBuffers())
                buffer.CopyInPlace(before[name]);
            arm.Model.Eval();
        }
    }

    /// <summary>The samples of the smallest batch of an epoch.</summary>
    internal static int Smallest(int samples, int batch) => samples % batch == 0 ? batch : samples % batch;

    private static string Words(int samples, int batch) => batch == 1
        ? "batches of one sample"
        : FormattableString.Invariant($"{samples:N0} samples in batches of {batch:N0}, of which the last has one");

    private static string Advice(int samples, int batch)
    {
        var fit = Enumerable.Range(2, Math.Max(0, batch - 2)).Reverse().FirstOrDefault(size => Smallest(samples, size) > 1);
        return fit == 0 ? "" : FormattableString.Invariant($" With 'batch: {fit}' no batch has one.");
    }
}
