using Decant.Data;
using Decant.Evaluation;
using Decant.Models;
using Decant.Modules;
using Decant.Recipes;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Jobs;

/// <summary>Times the arms in turn: one sample of middle length, and batches of 32.</summary>
internal static class Latency
{
    public static void Write(SeedOutcome outcome, Recipe recipe, PreparedData data, RunLog log, CancellationToken cancellationToken)
    {
        foreach (var result in Measure([.. outcome.Arms.Select(arm => (arm, outcome[arm], data))], recipe, cancellationToken))
            log.Write(result.ToEvent());
    }

    public static IReadOnlyList<LatencyResult> Measure(IReadOnlyList<(string Name, Model Model, PreparedData Data)> models, Recipe recipe, CancellationToken cancellationToken)
    {
        var batches = new List<Batch>();
        try
        {
            var targets = models.Select(m =>
            {
                var one = m.Data.Collator.Collate([OneText(Typical(m.Data), m.Data)], seed: 0, epoch: 0);
                batches.Add(one);
                var many = m.Data.Collator.Collate([.. Enumerable.Range(0, Math.Min(LatencyProbe.BatchSize, m.Data.Test.Count)).Select(i => OneText(m.Data.Test[i], m.Data))], seed: 0, epoch: 0);
                batches.Add(many);
                return new LatencyTarget(m.Name, Asking(m.Model, one), Asking(m.Model, many));
            }).ToArray();
            return new LatencyProbe(new LatencyOptions { MaximumRounds = recipe.Evaluate.LatencyRuns }).Measure(targets, cancellationToken);
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
        if (model is not HeadedModel headed)
        {
            _ = model.Forward(batch.ToInput());
            return;
        }

        var states = headed.States(batch.ToInput());
        foreach (var (first, count) in LogitParts.Of(batch.Rows, headed.Classes))
        {
            using var part = TensorScope.Open();
            _ = headed.Head.Logits(states.Narrow(0, first, count));
        }
    }

    // An embedding is asked about texts, of pairs the first one; it has an id of its own, for collators remember samples by their ids.
    internal static Sample OneText(Sample sample, PreparedData data) => data.Context.Task == ModelTask.Embedding && sample.Content is TextContent { Pair: not null } pair
        ? new Sample(new SampleId(~sample.Id.Value), new TextContent(pair.Text), null)
        : sample;

    private static Sample Typical(PreparedData data)
    {
        var samples = Enumerable.Range(0, Math.Min(101, data.Test.Count)).Select(i => data.Test[i]);
        return samples.OrderBy(s => s.Content is TextContent text ? text.Text.Length : 0).ElementAt(Math.Min(101, data.Test.Count) / 2);
    }
}
