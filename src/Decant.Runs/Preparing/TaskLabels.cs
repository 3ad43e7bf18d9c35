using Decant.Data.Labels;
using Decant.Data.Splitting;
using Decant.Models.Configuration;
using Decant.Runs.Recipes.Binding;

namespace Decant.Runs.Preparing;

/// <summary>Whether the samples of a task have the labels that it is about.</summary>
internal static class TaskLabels
{
    /// <exception cref="DecantException">They have others, or none.</exception>
    public static void Check(ModelTask task, DataSplits splits)
    {
        var wanted = task switch
        {
            ModelTask.TokenClassification => LabelKind.Tags,
            ModelTask.Regression => LabelKind.Numbers,
            ModelTask.MultiLabel => LabelKind.LabelSet,
            _ => LabelKind.Class,
        };
        foreach (var (name, samples) in new[] { ("training", splits.Train), ("validation", splits.Validation), ("test", splits.Test) })
        {
            if (samples is null)
                continue;
            if (samples.LabelledCount == 0)
                throw new DecantException($"{samples.Name}: none of the {samples.Count:N0} {name} samples has a label, and {Name(task)} needs {Words(wanted)}; name the column that has them.");
            if (samples.LabelKind != wanted)
                throw new DecantException($"{samples.Name}: {Name(task)} needs {Words(wanted)}, and the {name} samples have {Words(samples.LabelKind)}; say another 'task', or give a source that has them.");
        }
    }

    private static string Name(ModelTask task) => EnumWords.Of(task);

    private static string Words(LabelKind kind) => kind switch
    {
        LabelKind.Tags => "a tag for every word",
        LabelKind.Numbers => "numbers",
        LabelKind.LabelSet => "any number of labels ('labels')",
        LabelKind.Content => "their own text",
        LabelKind.Grades => "grades of documents",
        _ => "classes",
    };
}
