using Decant.Data;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Objectives;
using Decant.Objectives.Logits;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Rollouts;

/// <summary>Has the student write on held-out prompts, and looks at what it wrote with the teacher's eyes. The prompts and the draws are the same each time.</summary>
internal sealed class RolloutProbe : IDisposable
{
    /// <summary>How many of the most probable tokens of both are compared.</summary>
    public const int MostProbable = 16;

    private const int MostDriftRows = 256;

    private readonly RolloutOptions _options;
    private readonly RolloutModels _models;
    private readonly ITeacher _teacher;
    private readonly IReadOnlyList<Batch> _heldOut;
    private readonly TextWriting _writing;
    private readonly Tensor _before; // [rows, V], log q before the training

    /// <summary>Looks at the student as it is before the training.</summary>
    /// <param name="options">How texts are written.</param>
    /// <param name="models">Who writes.</param>
    /// <param name="teacher">Who judges.</param>
    /// <param name="heldOut">Batches with the prompts, one at least; they stay the caller's.</param>
    public RolloutProbe(RolloutOptions options, RolloutModels models, ITeacher teacher, IReadOnlyList<Batch> heldOut)
    {
        (_options, _models, _teacher, _heldOut) = (options, models, teacher, heldOut);
        _writing = new(options with { TeacherMix = 0, Replay = null }, models.MaxTokens, models.Stops, models.Vocabulary, models.Device);
        using var scope = TensorScope.Open();
        _before = TensorScope.Own(OfData());
    }

    /// <summary>Measures texts of the student.</summary>
    public RolloutReading OfStudent(CancellationToken cancellationToken = default) => Of((ICausalModel)_models.Student, TextAuthor.Student, cancellationToken);

    /// <summary>Measures texts of the teacher on the same prompts; null: it cannot write.</summary>
    public RolloutReading? OfTeacher(CancellationToken cancellationToken = default) => _models.Teacher is { } writer ? Of(writer, TextAuthor.Teacher, cancellationToken) : null;

    private RolloutReading Of(ICausalModel writer, TextAuthor by, CancellationToken cancellationToken)
    {
        using var noGrad = Autograd.NoGrad();
        var reading = new RolloutReading { Drift = Drift() };
        var key = 0UL;
        foreach (var data in _heldOut)
        {
            using var scope = TensorScope.Open();
            var texts = _writing.Write(writer, by, data.Ids, Prompts.Of(data, _options.PromptTokens), Rng.Mix(_models.Seed + key++), cancellationToken);
            reading.Count(texts, _models.Stops, _options.MaxNewTokens);
            using var batch = texts.ToBatch(_models.Pad, _models.Vocabulary).MoveTo(_models.Device);
            Compare(batch, reading, cancellationToken);
        }

        return reading;
    }

    /// <summary>Releases what is remembered of the student; models and batches stay the caller's.</summary>
    public void Dispose() => _before.Dispose();

    private double Drift()
    {
        using var scope = TensorScope.Open();
        return LogProbabilities.KullbackLeibler(OfData(), LogProbabilities.Floored(_before)).Mean().Item();
    }

    private Tensor OfData()
    {
        using var noGrad = Autograd.NoGrad();
        _models.Student.Eval();
        var data = _heldOut[0];
        var some = data.RowsFrom(0, Math.Min(data.Rows, MostDriftRows)); // the batch itself, or a view of it
        return _models.Student.Forward(some.ToInput(_models.Device)).To(DType.Float32).LogSoftmax(-1);
    }

    private void Compare(Batch batch, RolloutReading reading, CancellationToken cancellationToken)
    {
        var answer = _teacher.Answer(batch, cancellationToken);
        if (_models.Student is not ChunkedHeadModel chunked)
        {
            Add(batch.Written!.Tokens, _models.Student.Forward(batch.ToInput()), answer.Whole(), reading);
            return;
        }

        var states = chunked.States(batch.ToInput());
        foreach (var (first, count) in LogitChunks.Of(batch.Rows, chunked.Head.Weight.Size(0)))
        {
            using var scope = TensorScope.Open();
            Add(batch.RowsFrom(first, count).Written!.Tokens, chunked.ComputingHead.Logits(states.Narrow(0, first, count)), answer.Rows(first, count), reading);
        }
    }

    private static void Add(Tensor written, Tensor student, TeacherSignal teacher, RolloutReading reading)
    {
        var ids = written.Unsqueeze(-1);
        var logQ = student.To(DType.Float32).LogSoftmax(-1);
        reading.Rows += (int)logQ.Size(0);
        reading.StudentNll -= logQ.Gather(-1, ids).Sum().Item();
        reading.Entropy -= (logQ.Exp() * logQ).Sum().Item();
        if (teacher is TokenScores scores)
            reading.TeacherNll -= scores.LogProbabilities.Sum().Item();
        if (teacher is not DenseLogits { Logits: var logits })
            return;
        var logP = logits.To(DType.Float32).LogSoftmax(-1);
        reading.TeacherNll -= logP.Gather(-1, ids).Sum().Item();
        reading.Reverse += ReverseKlObjective.Between(logP, logQ).Sum().Item();
        reading.Forward += LogProbabilities.KullbackLeibler(logP, LogProbabilities.Floored(logQ)).Sum().Item();
        reading.Compared += (int)logQ.Size(0);
        var k = Math.Min(MostProbable, logQ.Size(-1));
        var (ofTeacher, own) = (logP.TopK(k).Indices, logQ.TopK(k).Indices);
        reading.Overlap += ofTeacher.Unsqueeze(-1).EqualTo(own.Unsqueeze(1)).To(DType.Float32).Sum().Item() / k;
    }
}
