using Decant.Data;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;
using Decant.Training;

namespace Decant.Tests.Training;

/// <summary>Three inputs, two layers with dropout between, three classes.</summary>
internal sealed class TinyModel : Model
{
    private readonly Tensor _weight1, _bias1, _weight2, _bias2;
    private readonly double _dropout;

    public TinyModel(ulong seed = 1, double dropout = 0)
    {
        using var generator = new Generator(seed);
        _weight1 = RegisterParameter("in", Tensor.Randn([6, 3], generator));
        _bias1 = RegisterParameter("in_bias", Tensor.Zeros([6]));
        _weight2 = RegisterParameter("out", Tensor.Randn([3, 6], generator));
        _bias2 = RegisterParameter("out_bias", Tensor.Zeros([3]));
        _dropout = dropout;
    }

    public override string Kind => "tiny";

    public override int Classes => 3;

    /// <summary>Whether the last answer could be differentiated, and was made in training mode.</summary>
    public (bool Grad, bool Training) Last { get; private set; }

    public int Answers { get; private set; }

    public override Tensor Forward(ModelInput input)
    {
        var hidden = Functional.Dropout(Functional.Linear(input.Values, _weight1, _bias1).Relu(), _dropout, IsTraining);    // [B, 6]
        var logits = Functional.Linear(hidden, _weight2, _bias2);                                                           // [B, 3]
        Last = (logits.RequiresGrad, IsTraining);
        Answers++;
        return logits;
    }

    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) => 0;

    /// <summary>All weights, one after the other.</summary>
    public float[] Numbers() => [.. StateDict().SelectMany(s => s.Value.ToArray<float>())];
}

/// <summary>Batches of random vectors in another order every epoch; knows which of its batches and enumerators are still alive.</summary>
internal sealed class TinySource : IBatchSource
{
    private readonly float[][] _rows;
    private readonly long[] _labels;
    private readonly int[] _sizes;

    /// <summary>One sample per label, in batches of these sizes.</summary>
    public TinySource(long[] labels, params int[] sizes)
    {
        var random = new Random(7);
        _rows = [.. labels.Select(_ => new[] { Next(), Next(), Next() })];
        _labels = labels;
        _sizes = sizes;
        float Next() => (float)(random.NextDouble() * 2 - 1);
    }

    public static TinySource OfSize(int batches, int size) =>
        new([.. Enumerable.Range(0, batches * size).Select(i => (long)i % 3)], [.. Enumerable.Repeat(size, batches)]);

    public int BatchesPerEpoch => _sizes.Length;

    public bool Shuffle { get; init; }

    /// <summary>The batch, counted over all epochs, that cannot be read.</summary>
    public int? BreaksAt { get; init; }

    public int OpenEpochs { get; private set; }

    public int Given { get; private set; }

    public List<Batch> Batches { get; } = [];

    public int AliveBatches => Batches.Count(b => !b.Values.IsDisposed || !b.Labels.IsDisposed);

    public IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default)
    {
        OpenEpochs++;
        try
        {
            var order = Enumerable.Range(0, _rows.Length).ToArray();
            if (Shuffle)
                new Random(100 + epoch).Shuffle(order);
            var start = _sizes.Take(firstBatch).Sum();
            foreach (var size in _sizes.Skip(firstBatch))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Given++ == BreaksAt)
                    throw new IOException("the disk is gone");
                yield return Of(order[start..(start + size)]);
                start += size;
            }
        }
        finally
        {
            OpenEpochs--;
        }
    }

    private Batch Of(int[] rows)
    {
        var batch = new Batch(
            Tensor.From(rows.SelectMany(r => _rows[r]).ToArray(), rows.Length, 3), Tensor.From(rows.Select(r => _labels[r]).ToArray()),
            rows.Count(r => _labels[r] != Batch.NoLabel), [.. rows.Select(r => new SampleId((ulong)r))]);
        Batches.Add(batch);
        return batch;
    }
}

/// <summary>Writes down what a loop tells; does something at a step if asked to.</summary>
internal sealed class Recorder : ITrainingObserver
{
    public List<StepReport> Steps { get; } = [];

    public List<ValidationReport> Validations { get; } = [];

    public List<long> Empty { get; } = [];

    public Action<StepReport>? AtStep { get; init; }

    public Action<ValidationReport>? AtValidation { get; init; }

    public void OnStep(StepReport report)
    {
        Steps.Add(report);
        AtStep?.Invoke(report);
    }

    public void OnValidation(ValidationReport report)
    {
        Validations.Add(report);
        AtValidation?.Invoke(report);
    }

    public void OnEmptyBatch(long step) => Empty.Add(step);
}

/// <summary>An objective on nothing but the student's logits: their mean times a factor that depends on how often it was asked.</summary>
internal sealed class ScriptedObjective(Func<int, double> factor) : IObjective
{
    private int _asked;

    public string Kind => "scripted";

    public SignalKinds Needs => SignalKinds.None;

    public long Count(Batch batch) => batch.Size;

    public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch) => new(student.Logits.Sum() * factor(++_asked), batch.Size);
}

/// <summary>A teacher that counts how often it is asked.</summary>
internal sealed class CountingTeacher : ITeacher
{
    public TeacherOffer Offer { get; init; } = new(SignalKinds.DenseLogits, ["a", "b", "c"]);

    public int Asked { get; private set; }

    public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default)
    {
        Asked++;
        return new DenseLogits(batch.Values * 2);       // three inputs, three classes
    }

    public void Dispose()
    {
    }
}
