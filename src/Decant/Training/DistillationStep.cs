using Decant.Data.Batching;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Training;

/// <summary>How teacher, student and objectives meet over a batch.</summary>
internal sealed class DistillationStep(TrainingPlan plan, NamedObjective[] objectives, CarriedState? carried, Device device) : IDisposable
{
    private readonly StudentFeatures _features = new(plan, objectives);
    private readonly ForwardPass _forward = new(plan, device);

    /// <summary>The batches with the teacher's answers, made ahead where the plan shares the cores; else the teacher runs when its answer is needed.</summary>
    public IEnumerable<TaughtBatch> TaughtBatches(IEnumerable<Batch> batches)
    {
        if (plan is not { Cores.IsOverlapped: true, Teacher: { } teacher } || !Array.Exists(objectives, o => o.NeedsTeacher))
        {
            foreach (var batch in batches)
                yield return new TaughtBatch(batch);
            yield break;
        }

        using var prefetcher = new TeacherPrefetcher(batches, teacher, plan.Cores, batch => Array.Exists(objectives, o => o.NeedsTeacher && o.Objective.Count(batch) > 0));
        while (prefetcher.Next() is { } taught)
            yield return taught;
    }

    /// <summary>Layers are computed a second time in the backward pass until it is disposed, where the plan says so; null: they are kept.</summary>
    public Recomputation? RecomputeLayers() => plan.RecomputesLayers ? Recomputation.Open(_forward.Of) : null;

    /// <summary>One batch's share of the loss, to be differentiated: logits are made some rows at a time where the student's head and the objectives allow it.</summary>
    /// <param name="loss">The update's.</param>
    /// <param name="counting">The objectives that count something in the batch.</param>
    /// <param name="teacher">The teacher's answer, if one of them needs it.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="scope">The batch's scope.</param>
    public Tensor Share(UpdateLoss loss, NamedObjective[] counting, TeacherSignal? teacher, Batch batch, TensorScope scope)
    {
        using var recorder = _features.Record();
        var input = carried?.InputOf(batch) ?? batch.ToInput();
        var reading = Array.FindAll(counting, o => o.Objective.ReadsLogits);
        if (plan.Student is not ChunkedHeadModel chunked || !Array.TrueForAll(reading, o => o.Objective.IsRowwise))
        {
            var logits = _forward.Of(() => plan.Student.Forward(input));
            return loss.Share(counting, recorder is null ? new StudentOutput(logits) : new StudentOutput(logits) { Features = recorder.Features }, teacher?.Whole(), batch, scope);
        }

        var states = _forward.Of(() => recorder is null ? LengthGroups.States(chunked, batch, input) : chunked.States(input));
        var ofLogits = reading.Length == 0 ? null : loss.Share(reading, states, chunked.ComputingHead, teacher, batch, scope, precision: plan.Precision);
        // The others may read features, or neither: weights of the student or of their own.
        var others = Array.FindAll(counting, o => !o.Objective.ReadsLogits);
        if (others.Length == 0)
            return ofLogits!;
        var ofOthers = loss.Share(others, new StudentOutput(recorder?.Features ?? new Dictionary<string, Tensor>()), teacher, batch, scope);
        return ofLogits is null ? ofOthers : ofLogits + ofOthers;
    }

    /// <summary>Takes a batch through both models and every objective, in evaluation mode; nothing is trained.</summary>
    /// <exception cref="DecantException">Something does not fit the batch.</exception>
    public void DryRun(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var there = batch.To(device);
        try
        {
            TryOn(there);
        }
        finally
        {
            if (!ReferenceEquals(there, batch))
                there.Dispose();
        }
    }

    public void Dispose() => _features.Dispose();

    private void TryOn(Batch batch)
    {
        _forward.DryRun(batch);
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        plan.Student.Eval();
        using var recorder = _features.Record();
        var student = new StudentOutput(plan.Student.Forward(batch.ToInput())) { Features = recorder?.Features ?? new Dictionary<string, Tensor>() };
        var teacher = Array.Exists(objectives, o => o.NeedsTeacher) ? plan.Teacher!.Answer(batch).Whole() : null;
        foreach (var (_, _, objective, _) in objectives)
            _ = objective.Compute(student, teacher, batch);
    }
}
