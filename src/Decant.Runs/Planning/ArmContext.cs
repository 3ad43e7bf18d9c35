using Decant.Data;
using Decant.Data.Batching;
using Decant.Data.Labels;
using Decant.Runs.Preparing;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Runs.Planning;

/// <summary>The context that an arm's objectives are made with.</summary>
internal sealed class ArmContext(PreparedData data, Arm arm)
{
    private const int AnswersAtOnce = 64;

    /// <summary>The context; models are tried only if an objective asks.</summary>
    /// <param name="generator">Where their weights are drawn from.</param>
    public ObjectiveContext Of(Generator generator) => new(() => Tried(batch => FeatureMap.Of("The student", arm.Model, batch)), () => Tried(OfTeacher))
    {
        ClassCounts = data.ClassCounts(arm.Samples, arm.Fit),
        Samples = arm.Samples.Count,
        Outputs = arm.Teacher is { Offer.Outputs: var outputs } ? (arm.Model.Classes, outputs) : null,
        TeacherAnswers = arm.Teacher is { } teacher ? count => Answers(teacher, count) : null,
        Numbers = Range(arm.Samples),
        Generator = generator,
    };

    private static (double Least, double Most)? Range(Dataset samples)
    {
        if (samples.LabelKind != LabelKind.Numbers || samples.LabelledCount == 0)
            return null;
        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var i = 0; i < samples.Count; i++)
        {
            if (samples.AnnotationOf(i) is NumberAnnotation { Numbers: var numbers })
                (least, most) = (Math.Min(least, numbers.Min()), Math.Max(most, numbers.Max()));
        }

        return (least, most);
    }

    private Tensor Answers(ITeacher teacher, int count)
    {
        using var scope = TensorScope.Open();
        var rows = new List<Tensor>();
        for (var at = 0; at < Math.Min(count, arm.Samples.Count); at += AnswersAtOnce)
        {
            using var batch = data.Collator.Collate([.. Enumerable.Range(at, Math.Min(AnswersAtOnce, arm.Samples.Count - at)).Select(i => arm.Samples[i])], seed: 0, epoch: 0);
            rows.Add(((DenseLogits)teacher.Answer(batch.MoveTo(teacher.Device ?? batch.Device)).Whole()).Logits.To(Device.Cpu).To(DType.Float32));
        }

        return scope.Keep(Tensor.Cat([.. rows], 0));
    }

    private FeatureMap OfTeacher(Batch batch) => arm.Teacher is IFeatureTeacher teacher ? teacher.Features(batch) : FeatureMap.None("The teacher");

    private FeatureMap Tried(Func<Batch, FeatureMap> look)
    {
        using var batch = data.Collator.Collate([.. Enumerable.Range(0, Math.Min(2, arm.Samples.Count)).Select(i => arm.Samples[i])], seed: 0, epoch: 0);
        return look(batch);
    }
}
