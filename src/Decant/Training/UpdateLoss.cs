using Decant.Data.Batching;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Training;

/// <summary>The loss of one update: Σ wᵢ·sumᵢ ÷ Nᵢ, with Nᵢ counted over all batches of the update. The only place where a loss is divided.</summary>
internal sealed class UpdateLoss
{
    private readonly IReadOnlyList<NamedObjective> _objectives;
    private readonly Dictionary<Batch, long[]> _perBatch = new(ReferenceEqualityComparer.Instance);
    private readonly long[] _counts;
    private readonly Tensor?[] _sums;

    /// <summary>Counts, once per batch; nothing is computed yet.</summary>
    public UpdateLoss(IReadOnlyList<NamedObjective> objectives, IReadOnlyList<TaughtBatch> batches)
    {
        _objectives = objectives;
        _counts = new long[objectives.Count];
        _sums = new Tensor?[objectives.Count];
        foreach (var taught in batches)
        {
            var counts = CountsOf(taught.Batch);
            for (var i = 0; i < counts.Length; i++)
                _counts[i] += counts[i];
        }
    }

    /// <summary>Whether no objective counts anything in any of the batches.</summary>
    public bool IsEmpty => Array.TrueForAll(_counts, count => count == 0);

    /// <summary>The objectives that count something in a batch.</summary>
    public NamedObjective[] Of(Batch batch) => [.. _objectives.Where((_, i) => CountsOf(batch)[i] > 0)];

    /// <summary>One batch's share of the loss, to be differentiated.</summary>
    /// <param name="counting">The objectives of the batch, at least one.</param>
    /// <param name="student">The student's answer.</param>
    /// <param name="teacher">The teacher's, if one of them needs it.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="batchScope">The batch's scope, which the sums outlive.</param>
    public Tensor Share(IEnumerable<NamedObjective> counting, StudentOutput student, TeacherSignal? teacher, Batch batch, TensorScope batchScope) =>
        Share(counting, CountsOf(batch), student, teacher, batch, batchScope);

    /// <summary>One batch's share where the student's logits are not made for all rows at once. Every objective is rowwise.</summary>
    /// <param name="counting">The objectives of the batch, at least one.</param>
    /// <param name="states">[R, H] of the student, part of the graph.</param>
    /// <param name="head">Its head.</param>
    /// <param name="teacher">The teacher's answer, if one of them needs it.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="batchScope">The batch's scope, which the sums outlive.</param>
    /// <param name="partElements">The logits that are made at once at most.</param>
    /// <param name="precision">What the head's products are computed in.</param>
    public Tensor Share(
        NamedObjective[] counting, Tensor states, OutputHead head, TeacherSignal? teacher, Batch batch, TensorScope batchScope,
        long partElements = LogitChunks.Elements, DType precision = DType.Float32)
    {
        var loss = new ChunkedHeadLoss(states, head, precision);
        var chunks = LogitChunks.Of(batch.Rows, head.Weight.Size(0), partElements);
        var factors = SequenceFactors.Of(counting, chunks, states, head, teacher, batch);
        foreach (var (first, count) in chunks)
        {
            loss.Add(first, count, logits =>
            {
                var rows = batch.RowsFrom(first, count);
                var counts = new long[_objectives.Count];
                foreach (var objective in counting)
                    counts[objective.Index] = objective.Objective.Count(rows);
                var objectives = Array.FindAll(counting, o => counts[o.Index] > 0);
                return objectives.Length == 0 ? null : Share(objectives, counts, new StudentOutput(logits), teacher?.Rows(first, count), rows, batchScope, factors.Rows(first, count));
            });
        }

        return loss.Sum();
    }

    /// <summary>What all shares so far came to; nothing waits for the device until it is read.</summary>
    public LossReading Reading()
    {
        NamedObjective[] counted = [.. _objectives.Where(o => _sums[o.Index] is not null)];
        return new LossReading(counted, Array.ConvertAll(counted, o => _counts[o.Index]), Tensor.Stack(Array.ConvertAll(counted, o => _sums[o.Index]!)), _objectives);
    }

    private long[] CountsOf(Batch batch)
    {
        if (!_perBatch.TryGetValue(batch, out var counts))
            _perBatch[batch] = counts = [.. _objectives.Select(o => o.Objective.Count(batch))];
        return counts;
    }

    private Tensor Share(IEnumerable<NamedObjective> counting, long[] counts, StudentOutput student, TeacherSignal? teacher, Batch batch, TensorScope batchScope, SequenceFactors? factors = null)
    {
        Tensor? share = null;
        foreach (var (index, _, objective, weight) in counting)
        {
            var (sum, count) = factors is not null && factors.TryGet(index, out var own) ? ((ISequenceObjective)objective).Compute(student, teacher, batch, own) : objective.Compute(student, teacher, batch);
            if (count != counts[index])
                throw new InvalidOperationException($"{objective.Kind} announced {counts[index]} samples and counted {count}.");
            Note(index, sum, batchScope);
            var part = sum * (weight / _counts[index]);
            share = share is null ? part : share + part;
        }

        return share!;
    }

    private void Note(int index, Tensor sum, TensorScope batchScope)
    {
        using var noGrad = Autograd.NoGrad();
        _sums[index] = batchScope.Keep(_sums[index] is { } before ? before + sum : sum.Detach());
    }
}

/// <summary>An objective of a training under a name of its own.</summary>
/// <param name="Index">Its place among the others.</param>
/// <param name="Name">Its kind; the second of a kind is <c>kind-2</c>.</param>
/// <param name="Objective">The objective.</param>
/// <param name="Weight">Its factor in this update.</param>
internal sealed record NamedObjective(int Index, string Name, IObjective Objective, double Weight)
{
    private ScalarSchedule Schedule { get; init; } = Weight;

    public bool NeedsTeacher { get; } = Objective.Needs != SignalKinds.None;

    /// <summary>The objective at a point of the training: with the weight of that time, and its own settings adapted to it.</summary>
    /// <param name="progress">From 0 at the first update to 1 at the last.</param>
    public NamedObjective Begin(double progress)
    {
        (Objective as IAdaptiveObjective)?.Begin(progress);
        return Schedule.IsConstant ? this : this with { Weight = Schedule.At(progress) };
    }

    /// <summary>What changes over the training, as it is in this update.</summary>
    public IEnumerable<KeyValuePair<string, double>> Settings()
    {
        if (!Schedule.IsConstant)
            yield return new($"{Name}/weight", Weight);
        foreach (var (name, value) in (Objective as IAdaptiveObjective)?.Settings ?? new Dictionary<string, double>())
            yield return new($"{Name}/{name}", value);
    }

    /// <summary>Those that have a weight; a weight of 0 is as if the objective were not there.</summary>
    public static NamedObjective[] From(IEnumerable<WeightedObjective> objectives)
    {
        var named = new List<NamedObjective>();
        foreach (var (objective, weight) in objectives.Where(o => o.Weight.Largest > 0))
        {
            var before = named.Count(o => o.Objective.Kind == objective.Kind);
            named.Add(new(named.Count, before == 0 ? objective.Kind : $"{objective.Kind}-{before + 1}", objective, weight.At(0)) { Schedule = weight });
        }

        return [.. named];
    }
}
