using Decant.Evaluation.MultiLabel;
using Decant.Evaluation.Prediction;
using Decant.Models.Configuration;
using Decant.Modules;

namespace Decant.Runs.Preparing;

/// <summary>From which probability on a sample has a label, for models of any number of labels: as the model's settings say, else as is best on the validation split.</summary>
internal static class ChosenThresholds
{
    /// <summary>Those of a model; null: the task has none, or there is nothing to choose them by, and 0.5 holds for each.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The run's data.</param>
    /// <param name="note">Gets a remark on labels that could not be chosen for; null: none is wanted.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public static IReadOnlyList<double>? Of(Model model, PreparedData data, Action<string>? note = null, CancellationToken cancellationToken = default)
    {
        if (data.Context.Task != ModelTask.MultiLabel)
            return null;
        if ((model as IConfigured)?.Config.Thresholds is { } own)
            return own;
        if (data.Validation is not { } validation)
        {
            note?.Invoke("There are no validation samples to choose thresholds by: a sample has a label from a probability of 0.5 on. Give data.validation, or data.split: { validation: 0.1 }.");
            return null;
        }

        var answers = (MultiLabelAnswers)Predictor.Ask(model, data.Once(validation), new EvaluationTask { Task = ModelTask.MultiLabel, Classes = data.Classes }, null, cancellationToken);
        var thresholds = LabelThresholds.Choose(answers, out var without);
        if (without.Count > 0)
            note?.Invoke($"No validation sample has {(without.Count == 1 ? "the label" : "the labels")} {ModelStore.Shown([.. without.Select(label => $"'{data.Classes[label]}'")])}: the threshold stays 0.5 there.");
        return thresholds;
    }
}
