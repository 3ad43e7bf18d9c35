using Decant.Signals;
using Decant.Torch;

namespace Decant.Training;

/// <summary>Finds out why a loss is not finite where something else than the size of the updates is to blame.</summary>
internal static class NonFiniteCause
{
    /// <summary>What is wrong and what to do, in sentences; null where nothing else was found, and the learning rate is the likely cause.</summary>
    /// <param name="plan">The training.</param>
    /// <param name="batches">The batches of the update, with the teacher's answers.</param>
    /// <param name="reading">The losses.</param>
    /// <param name="isFirst">Whether no update was made before.</param>
    public static string? Of(TrainingPlan plan, IReadOnlyList<TaughtBatch> batches, LossReading reading, bool isFirst)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        return Inputs(batches) ?? Teacher(plan, batches) ?? RunningStatistics(plan) ?? (isFirst ? Beginning(plan, reading) : null);
    }

    private static string? Inputs(IReadOnlyList<TaughtBatch> batches) => batches.All(l => IsFinite(l.Batch.Values))
        ? null
        : "The samples of this update hold numbers that are not finite, so the learning rate is not the cause: look for them in the source, or in the mean and std that inputs are scaled by.";

    private static string? Teacher(TrainingPlan plan, IReadOnlyList<TaughtBatch> batches)
    {
        if (plan.Teacher is not { } teacher || plan.Objectives.All(o => o.Objective.Needs == SignalKinds.None))
            return null;
        return batches.All(l => l.AnswerOf(teacher)!.Tensors.All(IsFinite))
            ? null
            : "The teacher's answer to these samples is not finite, so the learning rate of this training is not the cause: look at the teacher's own figures and weights (decant inspect), and train or load it anew.";
    }

    private static string? RunningStatistics(TrainingPlan plan) =>
        First(plan.Student.NamedBuffers()) is { } buffer && First(plan.Student.NamedParameters()) is null
            ? $"The student's running statistics '{buffer}' are not finite while its weights are: it was loaded with them, or a batch gave batch norm nothing to estimate a variance from. Load or train it anew."
            : null;

    /// <summary>At the first update the weights are as they were made or loaded.</summary>
    private static string? Beginning(TrainingPlan plan, LossReading reading)
    {
        const string NotTheRate = "No update had been made, so the learning rate is not the cause: ";
        if (First(plan.Student.NamedParameters()) is { } weight)
            return $"{NotTheRate}the student's '{weight}' is not finite as it was loaded. Look into the file it came from (decant inspect).";
        var parts = reading.Parts.Where(p => !double.IsFinite(p.Value)).Select(p => p.Key).ToArray();
        return parts.Length == 0
            ? null
            : $"{NotTheRate}{string.Join(" and ", parts)} came out so from weights and inputs that are finite. Look at the options of the objective and at the size of the inputs.";
    }

    private static string? First(IEnumerable<KeyValuePair<string, Tensor>> tensors) => tensors.FirstOrDefault(t => !IsFinite(t.Value)).Key;

    private static bool IsFinite(Tensor tensor) => !tensor.DType.IsFloatingPoint() || tensor.IsFinite().All().Item() != 0;
}
