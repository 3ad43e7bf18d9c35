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
        var trivial = new TrivialAnswerTests(data);
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
                log.Write(evaluation.ToEvent(arm, outcome.Seed, "test") with { Scatter = Scatter.Of(given), TrivialAnswer = trivial.Test(arm, given).ToResult() });
                foreach (var remark in evaluation.Remarks)
                    log.Note(remark);
                if (given is Predictions predictions)
                    BiasTuning.Write(outcome, arm, predictions, recipe, data, log, cancellationToken);
            }
        }

        if (recipe.Evaluate.LatencyRuns > 0)
            Latency.Write(outcomes[0], recipe, data, log, cancellationToken);
        var options = new PairedOptions { Resamples = recipe.Evaluate.Bootstrap, Confidence = recipe.Evaluate.Confidence, Seed = (ulong)outcomes[0].Seed };
        if (TeacherText.IsTest(recipe))
            log.Note($"{char.ToUpperInvariant(TeacherText.Remark[0])}{TeacherText.Remark[1..]} (evaluate.test-by-teacher: allowed).");
        Compare(answers, trivial, options, TeacherText.IsTest(recipe) ? $"; {TeacherText.Remark}" : "", outcomes[0][Arms.Teacher] is Ensemble, log);
        if (ClassGroups.Compare(groups, answers, options) is { } frequentAndRare)
            log.Write(frequentAndRare);
        Continuations.Write(outcomes[0], recipe, data, log, cancellationToken);
        if (answers[Arms.Teacher][0] is Predictions)
            log.Write(ChangedAnswers.Of(answers.ToDictionary(a => a.Key, a => a.Value.Cast<Predictions>().ToList()), data.Test));
        else if (answers[Arms.Teacher][0] is TokenAnswers)
            log.Write(ChangedSentences.Of(answers, ChangedSentences.WordsOf(data.Test)));
    }

    /// <param name="answers">What each arm answered, by seed.</param>
    /// <param name="trivial">How each arm stands against answers that need no model.</param>
    /// <param name="options">How intervals are made.</param>
    /// <param name="about">What every sentence ends with; may be empty.</param>
    /// <param name="isEnsemble">Whether the teacher is several.</param>
    /// <param name="log">Where it is written.</param>
    private static void Compare(Dictionary<string, List<TaskAnswers>> answers, TrivialAnswerTests trivial, PairedOptions options, string about, bool isEnsemble, RunLog log)
    {
        var student = trivial.ShortfallOf(Arms.Student);
        if (answers.TryGetValue(Arms.Control, out var control))
        {
            var difference = PairedDifference.Of(answers[Arms.Student], control, options);
            log.Write(difference.ToEvent(Arms.Student, Arms.Control, VerdictSentence.Distillation(difference, student) + about));
        }

        if (answers.TryGetValue(Arms.Single, out var single))
        {
            var sharing = PairedDifference.Of(answers[Arms.Student], single, options);
            log.Write(sharing.ToEvent(Arms.Student, Arms.Single, VerdictSentence.Sharing(sharing) + about));
        }

        var gap = PairedDifference.Of(answers[Arms.Teacher], answers[Arms.Student], options);
        var kept = VerdictSentence.Kept(gap, isEnsemble ? "ensemble" : "teacher", trivial.ShortfallOf(Arms.Teacher), student);
        log.Write(gap.ToEvent(Arms.Teacher, Arms.Student, kept + about));
    }
}
