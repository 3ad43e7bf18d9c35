using Decant.Data;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Training;

/// <summary>The total loss of the batches of one update, and what it was made of.</summary>
internal sealed class LossComputation(TrainingPlan plan)
{
    private readonly bool _asksTeacher = plan.Objectives.Any(o => o.Objective.Needs != SignalKinds.None && o.Weight > 0);

    /// <summary>How many samples or positions each objective counts over all batches of one update.</summary>
    public long[] Counts(IReadOnlyList<Batch> batches) =>
        [.. plan.Objectives.Select(o => batches.Sum(b => o.Objective.Count(b)))];

    /// <summary>One batch's share of the total: Σ wᵢ·sumᵢ ÷ Nᵢ with Nᵢ over the whole update. Null when nothing counts.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="counts">The Nᵢ.</param>
    /// <param name="parts">Gains each objective's share of its mean.</param>
    public Tensor? Share(Batch batch, long[] counts, double[] parts)
    {
        var signal = _asksTeacher ? plan.Teacher!.Answer(batch) : null;
        var output = new StudentOutput(plan.Student.Forward(batch.ToInput()));
        Tensor? total = null;
        for (var i = 0; i < counts.Length; i++)
        {
            var (objective, weight) = plan.Objectives[i];
            if (counts[i] == 0 || weight == 0)
                continue;
            var loss = objective.Compute(output, signal, batch);
            if (loss.Count != objective.Count(batch))
                throw new InvalidOperationException($"{objective.Kind} announced {objective.Count(batch)} samples and counted {loss.Count}.");
            if (loss.Count == 0)
                continue;
            using (var value = loss.Sum.Detach())
                parts[i] += value.Item() / counts[i];
            var share = loss.Sum * (weight / counts[i]);
            total = total is null ? share : total + share;
        }

        return total;
    }
}
