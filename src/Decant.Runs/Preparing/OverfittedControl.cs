using System.Globalization;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Preparing;

/// <summary>
/// Notices where a control is likely to be measured overfitted: it repeats few labels for many epochs, and no validation split chooses better weights than its last. The student,
/// which soft targets keep from overfitting, then looks better beside it than distillation made it.
/// </summary>
internal static class OverfittedControl
{
    private const int FewLabels = 1000;
    private const int ManyPasses = 20;

    /// <summary>What is noted before the run; nothing where all is well.</summary>
    public static IEnumerable<string> Remark(Recipe recipe, PreparedData data)
    {
        if (Passes(recipe, data) is { } passes)
            yield return string.Create(CultureInfo.InvariantCulture, $"There is no validation split, and the control goes through its {data.LabelledTransferSet.Count:N0} labelled samples {passes:0.#} times: it is measured with its last weights, which may be overfitted, while soft targets keep the student from that. Give 'data.validation' or 'data.split: {{ validation: 0.1 }}', and both are measured with their best.");
    }

    /// <summary>What follows the verdict; empty where all is well.</summary>
    public static string InVerdict(Recipe recipe, PreparedData data) => Passes(recipe, data) is { } passes
        ? string.Create(CultureInfo.InvariantCulture, $" The control was measured with its last weights, after {passes:0.#} passes through {data.LabelledTransferSet.Count:N0} labelled samples and without a validation split to choose better ones: part of the difference may be its overfitting.")
        : "";

    /// <summary>How often the control goes through its samples, where that is worth a word.</summary>
    private static double? Passes(Recipe recipe, PreparedData data)
    {
        if (!data.HasControl || !recipe.HasTeacher() || data.Validation is not null || data.LabelledTransferSet.Count == 0)
            return null;
        var labelled = data.LabelledTransferSet.Count;
        var passes = Sections(recipe.Distill).Sum(fit => Seen(fit, data)) / labelled;
        return passes > 1 && (labelled < FewLabels || passes > ManyPasses) ? passes : null;
    }

    // A blockwise student's layers are not counted: its length per layer depends on the models.
    private static IEnumerable<DistillSection> Sections(DistillSection distill) =>
        [.. distill.WarmUp is { } warmUp ? [distill with { Epochs = warmUp.Epochs, Steps = null }] : (DistillSection[])[], .. distill.Stages is { } stages ? stages.Select(s => s.Options) : [distill]];

    private static double Seen(DistillSection fit, PreparedData data) =>
        fit.Epochs is { } epochs ? (double)epochs * data.TransferSetOf(fit.TransferSet).Count : (double)fit.Steps!.Value * fit.Batch * fit.Accumulate;
}
