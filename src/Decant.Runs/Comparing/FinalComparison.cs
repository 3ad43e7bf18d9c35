using Decant.Evaluation;
using Decant.Evaluation.Prediction;
using Decant.Evaluation.Tokens;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Log;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Teachers.Ensembles;

namespace Decant.Runs.Comparing;

/// <summary>Measures all arms on the test split, seed by seed, and says what distillation bought. Of the models only their answers are kept.</summary>
/// <param name="recipe">The recipe.</param>
/// <param name="data">Its data.</param>
/// <param name="session">The run.</param>
/// <param name="task">The task, where there are several; null: the run as a whole.</param>
internal sealed class FinalComparison(Recipe recipe, PreparedData data, RunSession session, string? task = null)
{
    private readonly RunLog _log = session.Log.For(task);
    private readonly EvaluationTask _questions = EvaluationTasks.Of(data, data.Test);
    private readonly IReadOnlyList<ClassGroup> _groups = ClassGroups.Of(data.Train);
    private readonly Dictionary<string, List<TaskAnswers>> _answers = [];
    private readonly TrivialAnswerTests _trivial = new(data);
    private bool _isEnsemble;

    /// <summary>Asks the models of a seed, and writes their figures; with those of the first, how fast they are and how they go on from prompts too.</summary>
    public void Add(SeedOutcome outcome, CancellationToken cancellationToken)
    {
        var isFirst = _answers.Count == 0;
        var given = Ask(outcome, cancellationToken);
        _isEnsemble = outcome[Arms.Teacher] is Ensemble;
        session.Once($"figures of seed {outcome.Seed}{(task is null ? "" : $" of {task}")}", () =>
        {
            foreach (var (arm, answers, trivial) in given)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Write(outcome, arm, answers, trivial, cancellationToken);
            }

            if (!isFirst)
                return;
            if (recipe.Evaluate.LatencyRuns > 0)
                Latency.Write(outcome, recipe, data, _log, cancellationToken);
            Continuations.Write(outcome, recipe, data, _log, cancellationToken);
        });
    }

    /// <summary>Compares what was answered.</summary>
    public void Write()
    {
        var options = new PairedOptions { Resamples = recipe.Evaluate.Bootstrap, Confidence = recipe.Evaluate.ConfidenceLevel, Seed = (ulong)recipe.RunSeeds()[0] };
        if (TeacherText.IsTest(recipe))
            _log.Note($"{char.ToUpperInvariant(TeacherText.Remark[0])}{TeacherText.Remark[1..]} (evaluate.teacher-generated-test: allowed).");
        var facts = new ComparisonFacts(_isEnsemble ? "ensemble" : "teacher", data.Train.LabelledCount, data.LabelledTransferSet.Count)
        {
            OfControl = OverfittedControl.InVerdict(recipe, data),
            OfTest = TeacherText.IsTest(recipe) ? $"; {TeacherText.Remark}" : "",
            TeacherShortfall = _trivial.ShortfallOf(Arms.Teacher),
            StudentShortfall = _trivial.ShortfallOf(Arms.Student),
        };
        foreach (var compared in Comparisons.Of(_answers, options, facts))
            _log.Write(compared);
        if (ClassGroups.Compare(_groups, _answers, options) is { } frequentAndRare)
            _log.Write(frequentAndRare);
        if (_answers[Arms.Teacher][0] is Predictions)
            _log.Write(ChangedAnswers.Of(_answers.ToDictionary(a => a.Key, a => a.Value.Cast<Predictions>().ToList()), data.Test));
        else if (_answers[Arms.Teacher][0] is TokenAnswers)
            _log.Write(ChangedSentences.Of(_answers, ChangedSentences.WordsOf(data.Test)));
    }

    /// <summary>The teacher is the first, and what others are compared with; its members, where it has some, come after it. What all seeds share is evaluated once.</summary>
    private List<(string Arm, TaskAnswers Answers, TrivialAnswerResult? Trivial)> Ask(SeedOutcome outcome, CancellationToken cancellationToken)
    {
        var asked = new List<(string, TaskAnswers, TrivialAnswerResult?)>();
        foreach (var arm in outcome.Arms.Where(arm => !outcome.IsShared(arm) || !_answers.ContainsKey(arm)).ToArray())
        {
            var along = _questions.Task.AskTeacherAlong() && (arm != Arms.Teacher || _questions.Task == Decant.Models.Configuration.ModelTask.Embedding) ? outcome[Arms.Teacher] : null;
            var watched = AnswerProgress.Measuring(data.Once(data.Test), "test", arm, outcome.SeedOf(arm), _log.Show);
            var given = Predictor.Ask(outcome[arm], watched, _questions, along, cancellationToken);
            asked.Add((arm, given, _trivial.Test(arm, given).ToResult()));
            if (!_answers.TryGetValue(arm, out var list))
                _answers[arm] = list = [];
            list.Add(given);
        }

        return asked;
    }

    private void Write(SeedOutcome outcome, string arm, TaskAnswers given, TrivialAnswerResult? trivial, CancellationToken cancellationToken)
    {
        var evaluation = given.Evaluate(arm == Arms.Teacher ? null : _answers[Arms.Teacher][^1]).With(_groups, given);
        _log.Write(evaluation.ToEvent(arm, outcome.SeedOf(arm), "test") with { Scatter = Scatter.Of(given), TrivialAnswer = trivial });
        foreach (var remark in evaluation.Remarks)
            _log.Note(remark);
        if (given is Predictions predictions)
            BiasTuning.Write(outcome, arm, predictions, recipe, data, _log, cancellationToken);
    }
}
