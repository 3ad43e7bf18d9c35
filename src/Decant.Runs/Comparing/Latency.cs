using Decant.Data;
using Decant.Data.Batching;
using Decant.Evaluation;
using Decant.Modules;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Log;
using Decant.Runs.Reports.Record;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Runs.Comparing;

/// <summary>Times the arms in turn: one sample of middle length, and batches of 32.</summary>
internal static class Latency
{
    public static void Write(LatencyStep step, IStepInputs models, RunLog log, CancellationToken cancellationToken)
    {
        var own = log.For(step.Task);
        foreach (var result in Measure([.. step.Models.Select(key => (key.Arm, models[key], key.Arm == Arms.Teacher ? step.Of.Data.OfTeacher : step.Of.Data))], step.Of.Recipe, own.Show, cancellationToken))
            own.Write(result.ToEvent());
    }

    /// <param name="models">Which, and what each is given.</param>
    /// <param name="recipe">Says how many rounds at most.</param>
    /// <param name="show">Gets an event at the start and at the end, and none in between, as showing would be measured too. Null: no events.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static IReadOnlyList<LatencyResult> Measure(
        IReadOnlyList<(string Name, Model Model, PreparedData Data)> models, Recipe recipe, Action<RunEvent>? show, CancellationToken cancellationToken)
    {
        var watch = new AnswerProgress(show, new() { Purpose = AnswersAsked.Latency, Arm = "" });
        watch.Announce(models.Count);
        var batches = new List<Batch>();
        try
        {
            var targets = models.Select(m =>
            {
                var one = m.Data.Collator.Collate([OneText.Of(Typical(m.Data), m.Data)], seed: 0, epoch: 0);
                batches.Add(one);
                var many = m.Data.Collator.Collate([.. Enumerable.Range(0, Math.Min(LatencyProbe.BatchSize, m.Data.Test.Count)).Select(i => OneText.Of(m.Data.Test[i], m.Data))], seed: 0, epoch: 0);
                batches.Add(many);
                return new LatencyTarget(m.Name, Asking(m.Model, one), Asking(m.Model, many));
            }).ToArray();
            var results = new LatencyProbe(new LatencyOptions { MaximumRounds = recipe.Evaluate.LatencyRuns }).Measure(targets, cancellationToken);
            watch.Report(models.Count, models.Count, 1);
            return results;
        }
        finally
        {
            foreach (var batch in batches)
                batch.Dispose();
        }
    }

    private static Action Asking(Model model, Batch batch)
    {
        model.Eval();
        return () =>
        {
            using var scope = TensorScope.Open();
            using var noGrad = Autograd.NoGrad();
            Answer(model, batch);
        };
    }

    /// <summary>All logits, those of a large vocabulary some rows at a time.</summary>
    private static void Answer(Model model, Batch batch)
    {
        if (model is not ChunkedHeadModel chunked)
        {
            _ = model.Forward(batch.ToInput(model.Device));
            return;
        }

        var states = chunked.States(batch.ToInput(model.Device));
        foreach (var (first, count) in LogitChunks.Of(batch.Rows, chunked.Classes))
        {
            using var part = TensorScope.Open();
            _ = chunked.Head.Logits(states.Narrow(0, first, count));
        }
    }

    internal static Sample Typical(PreparedData data)
    {
        var samples = Enumerable.Range(0, Math.Min(101, data.Test.Count)).Select(i => data.Test[i]);
        return samples.OrderBy(s => s.Content is TextContent text ? text.Text.Length : 0).ElementAt(Math.Min(101, data.Test.Count) / 2);
    }
}
