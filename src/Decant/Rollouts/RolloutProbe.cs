using Decant.Data;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Objectives;
using Decant.Objectives.Logits;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Rollouts;

/// <summary>Has the student write on held-out prompts, and looks at what it wrote with the teacher's eyes. The prompts and the draws are the same each time.</summary>
/// <param name="options">How texts are written.</param>
/// <param name="models">Who writes.</param>
/// <param name="teacher">Who judges.</param>
/// <param name="heldOut">Batches with the prompts; they stay the caller's.</param>
internal sealed class RolloutProbe(RolloutOptions options, RolloutModels models, ITeacher teacher, IReadOnlyList<Batch> heldOut)
{
    /// <summary>How many of the most probable tokens of both are compared.</summary>
    public const int MostProbable = 16;

    private readonly TextWriting _writing = new(options with { TeacherMix = 0, Replay = null }, models.MaxTokens, models.Stops, models.Device);

    /// <summary>Measures texts of the student.</summary>
    public RolloutReading OfStudent(CancellationToken cancellationToken = default) => Of((ICausalModel)models.Student, TextAuthor.Student, cancellationToken);

    /// <summary>Measures texts of the teacher on the same prompts; null: it cannot write.</summary>
    public RolloutReading? OfTeacher(CancellationToken cancellationToken = default) => models.Teacher is { } writer ? Of(writer, TextAuthor.Teacher, cancellationToken) : null;

    private RolloutReading Of(ICausalModel writer, TextAuthor by, CancellationToken cancellationToken)
    {
        models.Student.Eval();
        using var noGrad = Autograd.NoGrad();
        var reading = new RolloutReading();
        var key = 0UL;
        foreach (var data in heldOut)
        {
            using var scope = TensorScope.Open();
            var texts = _writing.Write(writer, by, data.Ids, Prompts.Of(data, options.PromptTokens), Rng.Mix(models.Seed + key++), cancellationToken);
            reading.Count(texts, models.Stops, options.MaxNewTokens);
            using var batch = texts.ToBatch(models.Pad, models.Vocabulary).MoveTo(models.Device);
            Compare(batch, reading, cancellationToken);
        }

        return reading;
    }

    private void Compare(Batch batch, RolloutReading reading, CancellationToken cancellationToken)
    {
        var answer = teacher.Answer(batch, cancellationToken);
        if (models.Student is not ChunkedHeadModel chunked)
        {
            Add(batch.Written!.Tokens, models.Student.Forward(batch.ToInput()), answer.Whole(), reading);
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
