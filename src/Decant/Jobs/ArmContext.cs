using Decant.Data;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Jobs;

/// <summary>What an arm's objectives are told when they are made.</summary>
internal sealed class ArmContext(PreparedData data, Arm arm)
{
    /// <summary>What they are told; models are tried only if an objective asks.</summary>
    /// <param name="generator">Where their weights are drawn from.</param>
    public ObjectiveContext Of(Generator generator) => new(() => Tried(batch => FeatureMap.Of("The student", arm.Model, batch)), () => Tried(OfTeacher))
    {
        ClassCounts = data.ClassCounts(arm.Samples, arm.Fit),
        Samples = arm.Samples.Count,
        Generator = generator,
    };

    private FeatureMap OfTeacher(Batch batch) => arm.Teacher is IFeatureTeacher teacher ? teacher.Features(batch) : FeatureMap.None("The teacher");

    private FeatureMap Tried(Func<Batch, FeatureMap> look)
    {
        using var batch = data.Collator.Collate([.. Enumerable.Range(0, Math.Min(2, arm.Samples.Count)).Select(i => arm.Samples[i])], seed: 0, epoch: 0);
        return look(batch);
    }
}
