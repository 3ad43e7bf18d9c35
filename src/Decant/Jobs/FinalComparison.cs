using Decant.Evaluation;
using Decant.Recipes;
using Decant.Reports;
using Decant.Teachers;

namespace Decant.Jobs;

/// <summary>Measures all arms on the test split, side by side, and says what distillation bought.</summary>
internal static class FinalComparison
{
    public static void Write(IReadOnlyList<SeedOutcome> outcomes, Recipe recipe, PreparedData data, RunLog log, CancellationToken cancellationToken)
    {
        var questions = Questions.Of(data, data.Test);
        var groups = ClassGroups.Of(data.Train);
        var answers = new Dictionary<string, List<TaskAnswers>>();
        foreach (var outcome in outcomes)
        {
            // The teacher is the first, and what others are compared with; its members, where it has some, come after it.
            foreach (var arm in outcome.Arms)
            {
                var along = questions.Task.AskTeacherAlong() && (arm != Arms.Teacher || questions.Task == Models.ModelTask.Embedding) ? outcome[Arms.Teacher] : null;
                var given = Predictor.Ask(outcome[arm], data.Once(data.Test), questions, along, cancellationToken);
                if (!answers.TryGetValue(arm, out var list))
                    answers[arm] = list = [];
                list.Add(given);
                var evaluation = given.Evaluate(arm == Arms.Teacher ? null : answers[Arms.Teacher][^1]).With(groups, given);
                log.Write(evaluation.ToEvent(arm, outcome.Seed, "test") with { Scatter = Scatter.Of(given) });
                foreach (var remark in evaluation.Remarks)
                    log.Note(remark);
                if (given is Predictions predictions)
                    BiasTuning.Write(outcome, arm, predictions, recipe, data, log, cancellationToken);
            }
        }

        if (recipe.Evaluate.LatencyRuns > 0)
            Latency.Write(outcomes[0], recipe, data, log, cancellationToken);
        var options = new PairedOptions { Resamples = recipe.Evaluate.Bootstrap, Confidence = recipe.Evaluate.Confidence, Seed = (ulong)outcomes[0].Seed };
        Compare(answers, options, outcomes[0][Arms.Teacher] is Ensemble, OverfittedControl.InVerdict(recipe, data), log);
        if (ClassGroups.Compare(groups, answers, options) is { } frequentAndRare)
            log.Write(frequentAndRare);
        Continuations.Write(outcomes[0], recipe, data, log, cancellationToken);
        if (answers[Arms.Teacher][0] is Predictions)
            log.Write(ChangedAnswers.Of(answers.ToDictionary(a => a.Key, a => a.Value.Cast<Predictions>().ToList()), data.Test));
        else if (answers[Arms.Teacher][0] is TokenAnswers)
            log.Write(ChangedSentences.Of(answers, ChangedSentences.WordsOf(data.Test)));
    }

    private static void Compare(Dictionary<string, List<TaskAnswers>> answers, PairedOptions options, bool isEnsemble, string ofControl, RunLog log)
    {
        if (answers.TryGetValue(Arms.Control, out var control))
        {
            var difference = PairedDifference.Of(answers[Arms.Student], control, options);
            log.Write(difference.ToEvent(Arms.Student, Arms.Control, VerdictSentence.Distillation(difference) + ofControl));
        }

        if (answers.TryGetValue(Arms.Single, out var single))
        {
            var sharing = PairedDifference.Of(answers[Arms.Student], single, options);
            log.Write(sharing.ToEvent(Arms.Student, Arms.Single, VerdictSentence.Sharing(sharing)));
        }

        var gap = PairedDifference.Of(answers[Arms.Teacher], answers[Arms.Student], options);
        log.Write(gap.ToEvent(Arms.Teacher, Arms.Student, VerdictSentence.Kept(gap, isEnsemble ? "ensemble" : "teacher")));
    }
}
