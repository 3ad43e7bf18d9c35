using Decant.Data;
using Decant.Data.Batching;
using Decant.Models.Configuration;
using Decant.Models.Mlp;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Objectives.Relations;

/// <summary>What a small perceptron shows.</summary>
internal static class RelationModels
{
    public static FeatureMap Map(string who)
    {
        using var generator = new Generator(1);
        using var model = MlpClassifier.Create(new() { Hidden = [4, 4] }, new ModelContext { Classes = 3, SampleShape = [2] }, generator);
        using var batch = new Batch(Tensor.Zeros([1, 2]), Tensor.From(new long[] { 0 }), 1, [new SampleId(1)]);
        return FeatureMap.Of(who, model, batch);
    }
}
