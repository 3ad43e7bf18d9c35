using Decant.Evaluation;
using Decant.Recipes;
using Decant.Reports;

namespace Decant.Jobs;

/// <summary>Measures all arms on the test split, side by side, and says what distillation bought.</summary>
internal static class FinalComparison
{
    public static void Write(IReadOnlyList<SeedOutcome> outcomes, Recipe recipe, PreparedData data, RunLog log, CancellationToken cancellationToken)
    {
        var answers = new Dictionary<string, List<Predictions>>();
        foreach (var outcome in outcomes)
        {
            foreach (var arm in outcome.Arms)
            {
                var predictions = Predictor.Predict(outcome[arm], data.Once(data.Test), cancellationToken);
                if (!answers.TryGetValue(arm, out var list))
                    answers[arm] = list = [];
                list.Add(predictions);
                var teacher = arm == Arms.Teacher ? null : answers[Arms.Teacher][^1];
                var evaluation = ModelEvaluation.Of(predictions, teacher);
                log.Write(evaluation.ToEvent(arm, outcome.Seed, "test"));
                foreach (var remark in evaluation.Remarks)
                    log.Note(remark);
                BiasTuning.Write(outcome, arm, predictions, recipe, data, log, cancellationToken);
            }
        }

        if (recipe.Evaluate.LatencyRuns > 0)
            Latency.Write(outcomes[0], recipe, data, log, cancellationToken);
        var options = new PairedOptions { Resamples = recipe.Evaluate.Bootstrap, Confidence = recipe.Evaluate.Confidence, Seed = (ulong)outcomes[0].Seed };
        if (answers.TryGetValue(Arms.Control, out var control))
        {
            var difference = PairedDifference.OfAccuracy(answers[Arms.Student], control, options);
            log.Write(difference.ToEvent(Arms.Student, Arms.Control, VerdictSentence.Distillation(difference)));
        }

        var gap = PairedDifference.OfAccuracy(answers[Arms.Teacher], answers[Arms.Student], options);
        log.Write(gap.ToEvent(Arms.Teacher, Arms.Student, VerdictSentence.Kept(gap)));
        log.Write(ChangedAnswers.Of(answers, data.Test));
    }
}
