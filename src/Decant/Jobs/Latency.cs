using Decant.Data;
using Decant.Evaluation;
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
        using var one = data.Collator.Collate([Typical(data)], seed: 0, epoch: 0);
        using var batch = data.Collator.Collate([.. Enumerable.Range(0, Math.Min(LatencyProbe.BatchSize, data.Test.Count)).Select(i => data.Test[i])], seed: 0, epoch: 0);
        var targets = outcome.Arms.Select(arm => new LatencyTarget(arm, Asking(outcome[arm], one), Asking(outcome[arm], batch))).ToArray();
        var probe = new LatencyProbe(new LatencyOptions { MaximumRounds = recipe.Evaluate.LatencyRuns });
        foreach (var result in probe.Measure(targets, cancellationToken))
            log.Write(result.ToEvent());
    }

    private static Action Asking(Model model, Batch batch)
    {
        model.Eval();
        return () =>
        {
            using var scope = TensorScope.Open();
            using var noGrad = Autograd.NoGrad();
            _ = model.Forward(batch.ToInput());
        };
    }

    private static Sample Typical(PreparedData data)
    {
        var samples = Enumerable.Range(0, Math.Min(101, data.Test.Count)).Select(i => data.Test[i]);
        return samples.OrderBy(s => s.Content is TextContent text ? text.Text.Length : 0).ElementAt(Math.Min(101, data.Test.Count) / 2);
    }
}
