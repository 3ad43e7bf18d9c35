using Decant.Evaluation;
using Decant.Evaluation.Prediction;
using Decant.Evaluation.Tokens;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Log;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Teachers.Ensembles;

namespace Decant.Runs.Comparing;

/// <summary>Measures the models of a task on the test split, seed by seed, and says what distillation bought. Of the models only their answers are kept.</summary>
/// <param name="task">The task.</param>
/// <param name="session">The run.</param>
internal sealed class FinalComparison(PreparedTask task, RunSession session)
{
    private readonly Recipe _recipe = task.Recipe;
    private readonly PreparedData _data = task.Data;
    private readonly RunLog _log = session.Log.For(task.Name);
    private readonly IReadOnlyList<ClassGroup> _groups = ClassGroups.Of(task.Data.Train);
    private readonly Dictionary<string, List<TaskAnswers>> _answers = [];
    private readonly TrivialAnswerTests _trivial = new(task.Data);
    private readonly Dictionary<(string, string), PairedDifference> _differences = [];
    private readonly HeldOutCascade _cascade = new(task);
    private bool _isEnsemble;

    /// <summary>The task, where there are several.</summary>
    public string? Task => task.Name;

    private PairedOptions Options => new() { Resamples = _recipe.Evaluate.Bootstrap, Confidence = _recipe.Evaluate.ConfidenceLevel, Seed = (ulong)_recipe.RunSeeds()[0] };

    /// <summary>Asks a model, and writes its figures; a run that is resumed after that asks again, and does not write again.</summary>
    public void Evaluate(EvaluateStep step, IStepInputs models, CancellationToken cancellationToken)
    {
        var (arm, seed, model) = (step.Model.Arm, step.Model.Seed, models[step.Model]);
        var data = step.Of.Data; // the same samples; a teacher's may be read with a tokenizer of its own
        var watched = AnswerProgress.Measuring(data.Once(data.Test), "test", arm, seed, _log.Show);
        using var rounded = Rounding.ToEvaluate(model, data, step.RoundedAs, step.Folder is { } folder ? Path.Combine(session.Folder.Root, folder) : null);
        var questions = EvaluationTasks.OfTest(task.Data, data) with
        {
            Thresholds = ChosenThresholds.Of(model, data, remark => session.Once($"{step.Id}/thresholds", () => _log.Note($"{arm}, seed {seed}: {remark}")), cancellationToken),
        };
        var given = Predictor.Ask(model, watched, questions, step.Teacher is { } teacher ? models[teacher] : null, cancellationToken);
        var trivial = _trivial.Test(arm, given).ToResult();
        if (!_answers.TryGetValue(arm, out var list))
            _answers[arm] = list = [];
        list.Add(given);
        _isEnsemble |= model is Ensemble;
        if (seed == _recipe.RunSeeds()[0] && _cascade.Of(arm, model, data, given, cancellationToken) is { } cascade)
            session.Once($"{step.Id}/cascade", () => _log.Write(cascade));
        session.Once(step.Id, () =>
        {
            var evaluation = given.Evaluate(arm == Arms.Teacher ? null : _answers.GetValueOrDefault(Arms.Teacher)?[^1]).With(_groups, given);
            _log.Write(evaluation.ToEvent(arm, seed, "test") with { Scatter = Scatter.Of(given), TrivialAnswer = trivial });
            foreach (var remark in evaluation.Remarks)
                _log.Note(remark);
            if (given is Predictions predictions)
                BiasTuning.Write(model, arm, step.Seed!.Value, predictions, _recipe, data, _log, cancellationToken);
        });
    }

    /// <summary>The answers of an arm's first seed on the test split; null: it was not asked.</summary>
    public TaskAnswers? AnswersOf(string arm) => _answers.TryGetValue(arm, out var list) ? list[0] : null;

    /// <summary>Compares two arms.</summary>
    public void Compare(CompareStep step)
    {
        if (TeacherText.IsTest(_recipe))
            session.Once(RunStep.IdOf(null, Task, "compare/remark"), () => _log.Note($"{char.ToUpperInvariant(TeacherText.Remark[0])}{TeacherText.Remark[1..]} (evaluate.teacher-generated-test: allowed)."));
        _log.Write(Comparisons.Of(step.A, step.B, Between, Facts()));
    }

    /// <summary>Says in what the arms differ.</summary>
    public void Differ()
    {
        if (WordsAlone.Remark(_answers.Values.FirstOrDefault()?[0]) is { } words)
            _log.Note(words);
        if (ClassGroups.Compare(_groups, _answers, Options) is { } frequentAndRare)
            _log.Write(frequentAndRare);
        var asked = AnswersOf(Arms.Teacher);
        if (asked is Predictions)
            _log.Write(ChangedAnswers.Of(_answers.ToDictionary(a => a.Key, a => a.Value.Cast<Predictions>().ToList()), _data.Test));
        else if (asked is TokenAnswers)
            _log.Write(ChangedSentences.Of(_answers, ChangedSentences.WordsOf(_data.Test)));
    }

    private ComparisonFacts Facts() => new(_isEnsemble ? "ensemble" : "teacher", _data.Train.LabelledCount, _data.LabelledTransferSet.Count)
    {
        OfControl = OverfittedControl.InVerdict(_recipe, _data),
        OfTest = TeacherText.IsTest(_recipe) ? $"; {TeacherText.Remark}" : "",
        TeacherShortfall = _trivial.ShortfallOf(Arms.Teacher),
        StudentShortfall = _trivial.ShortfallOf(Arms.Student),
    };

    private PairedDifference? Between(string a, string b)
    {
        if (!_answers.TryGetValue(a, out var first) || !_answers.TryGetValue(b, out var second))
            return null;
        if (!_differences.TryGetValue((a, b), out var difference))
            _differences[(a, b)] = difference = PairedDifference.Of(first, second, Options);
        return difference;
    }
}
