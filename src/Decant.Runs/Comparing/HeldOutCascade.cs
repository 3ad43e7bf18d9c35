using Decant.Evaluation;
using Decant.Evaluation.Prediction;
using Decant.Inference.Cascades;
using Decant.Modules;
using Decant.Runs.Cascades;
using Decant.Runs.Preparing;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Comparing;

/// <summary>Chooses the cascade of a run on its validation split, once teacher and student have been asked about it.</summary>
/// <param name="task">The task.</param>
internal sealed class HeldOutCascade(PreparedTask task)
{
    private readonly Dictionary<string, (Predictions HeldOut, Predictions Test)> _answers = [];

    /// <summary>Asks teacher or student about the validation split.</summary>
    /// <param name="arm">Which model.</param>
    /// <param name="model">The model.</param>
    /// <param name="data">The samples as it reads them.</param>
    /// <param name="test">Its answers on the test split.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>What was chosen; null: the recipe asks for no cascade, or one of the two has not been asked.</returns>
    public CascadeChosen? Of(string arm, Model model, PreparedData data, TaskAnswers test, CancellationToken cancellationToken)
    {
        if (task.Recipe.Evaluate.Cascade is not { } options || arm is not (Arms.Teacher or Arms.Student) || test is not Predictions given || data.Validation is not { } validation)
            return null;
        _answers[arm] = (Predictor.Predict(model, data.Once(validation), cancellationToken), given);
        if (_answers.Count < 2)
            return null;
        var (student, teacher) = (_answers[Arms.Student], _answers[Arms.Teacher]);
        var policy = CascadeSelection.Choose(HeldOut(student.HeldOut, teacher.HeldOut), new(Arms.Student, Arms.Teacher, [.. data.Classes]), options);
        var realised = HeldOut(student.Test, teacher.Test);
        return new()
        {
            Policy = policy with { Reference = null },
            TestRows = realised.Count,
            TestAccepted = realised.Count(r => policy.IsLocal(r.Confidence)),
            TestWrong = realised.Count(r => r.IsWrong && policy.IsLocal(r.Confidence)),
        };

        IReadOnlyList<HeldOutAnswer> HeldOut(Predictions ours, Predictions its) =>
            CascadeRow.HeldOut(CascadeRows.Of(ours, CascadeRows.Said(its), null, options.Score), CascadeTruth.Teacher, "");
    }
}
