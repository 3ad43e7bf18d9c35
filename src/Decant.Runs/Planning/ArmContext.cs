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
    /// <summary>The context; models are tried only if an objective asks.</summary>
    /// <param name="generator">Where their weights are drawn from.</param>
    public ObjectiveContext Of(Generator generator) => new(() => Tried(batch => FeatureMap.Of("The student", arm.Model, batch)), () => Tried(OfTeacher))
    {
        ClassCounts = data.ClassCounts(arm.Samples, arm.Fit),
        Samples = arm.Samples.Count,
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

    private FeatureMap OfTeacher(Batch batch) => arm.Teacher is IFeatureTeacher teacher ? teacher.Features(batch) : FeatureMap.None("The teacher");

    private FeatureMap Tried(Func<Batch, FeatureMap> look)
    {
        using var batch = data.Collator.Collate([.. Enumerable.Range(0, Math.Min(2, arm.Samples.Count)).Select(i => arm.Samples[i])], seed: 0, epoch: 0);
        return look(batch);
    }
}
