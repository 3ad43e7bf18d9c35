using Decant.Data;
using Decant.Data.Batching;
using Decant.Models.Cnn;
using Decant.Models.Configuration;
using Decant.Models.FromTeacher;
using Decant.Models.ResNet;
using Decant.Modules;
using Decant.Tests.Models;
using Decant.Torch;

namespace Decant.Tests.Compression.Pruning;

/// <summary>Small convolutional networks with weights and statistics that all differ, and the same with channels that give nothing.</summary>
internal static class PrunedConvolutions
{
    public static TheoryData<string> Names => ["cnn", "resnet", "resnet-conv", "resnet-wide", "imagenet-resnet", "imagenet-resnet-50"];

    /// <summary>A network of the zoo; the ImageNet kind wider than there.</summary>
    public static Model Make(string name)
    {
        using var made = Zoo.Create(name);
        var config = ((IConfigured)made).Config;
        var model = (name.StartsWith("imagenet", StringComparison.Ordinal) ? ((Decant.Models.ImageNetResNet.ImageNetResNetConfig)config) with { EmbeddingSize = 6 } : config).Build();
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var generator = new Generator(11);
        foreach (var (weight, value) in model.StateDict().Where(w => w.Value.DType == DType.Float32))
        {
            var drawn = Tensor.Randn(value.Shape, generator).Mul(0.3);
            value.CopyInPlace(value.Dimensions != 1 ? drawn : weight.EndsWith("running_var", StringComparison.Ordinal) || weight.EndsWith("weight", StringComparison.Ordinal) ? drawn.Square().Add(0.5) : drawn);
        }

        model.Eval();
        return model;
    }

    /// <summary>Lets some channels of every group give 0 wherever they are made.</summary>
    /// <returns>How many of each group.</returns>
    public static Dictionary<string, int[]> Silence(Model model)
    {
        var map = ChannelMap.Of(((IConfigured)model).Config)!;
        var dead = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach (var (group, at) in map.Groups.Values.Select((g, i) => (g, i)))
        {
            // What goes on from a stage before is 0 only where it was 0 there.
            var first = group.Carried is { } before ? ChannelGroup.FirstCarried(map.Groups[before].Count, group.Count) : 0;
            int[] carried = group.Carried is { } from ? [.. dead[from].Select(c => first + c)] : [];
            dead[group.Name] = group.Carried is null && group.Name == "conv1" && !model.Kind.Equals("cnn", StringComparison.Ordinal) ? [] : [at % 2, .. carried, .. group.Count > 3 ? new[] { group.Count - 1 } : []];
        }

        using var noGrad = Autograd.NoGrad();
        foreach (var (name, weight) in model.NamedParameters())
        {
            if (map.Of(name, weight.Dimensions)[0] is { } group)
                foreach (var channel in dead[group.Name])
                    weight.Narrow(0, channel, 1).ZeroInPlace();
        }

        return dead;
    }

    /// <summary>The part without some channels of every group.</summary>
    public static PartOfTeacher Without(Model model, Dictionary<string, int[]> dead, UnitImportance importance)
    {
        var config = ((IConfigured)model).Config;
        var left = ChannelMap.Of(config)!.Groups.Values.ToDictionary(g => g.Name, g => g.Count - dead[g.Name].Length, StringComparer.Ordinal);
        if (config is CnnConfig cnn)
            return new() { Importance = importance, Channels = [.. cnn.Channels.Select((_, i) => left[$"conv{i + 1}"])], Hidden = left["fc1"] };
        var isWide = config is ResNetConfig { Variant: ResNetVariant.Wide };
        var stages = config is ResNetConfig ? 3 : 4;
        return new()
        {
            Importance = importance,
            Channels = [.. Enumerable.Range(1, stages).Select(s => left[isWide ? $"block{s}" : $"layer{s}"])],
            InnerChannels = [.. Enumerable.Range(1, stages).Select(s => left[isWide ? $"block{s}.layer.0.conv1" : $"layer{s}.0.conv1"])],
        };
    }

    /// <summary>The answers to the images of <see cref="Batches"/>: what is never active on these gives nothing to them.</summary>
    public static float[] Logits(Model model)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        return [.. Batches().SelectMany(batch =>
        {
            using (batch)
                return model.InEvaluation(() => model.Forward(new ModelInput(batch.Values))).ToArray<float>();
        })];
    }

    /// <summary>Eight images with classes.</summary>
    public static IEnumerable<Batch> Batches(int size = 4)
    {
        for (var first = 0; first < 8; first += size)
        {
            using var scope = TensorScope.Suspend();
            using var generator = new Generator((ulong)first + 9);
            var labels = Enumerable.Range(first, size).Select(i => (long)(i % 3)).ToArray();
            yield return new Batch(Tensor.Randn([size, 3, 12, 12], generator), Tensor.From(labels), size, [.. Enumerable.Range(first, size).Select(i => new SampleId((ulong)i + 1))]);
        }
    }
}
