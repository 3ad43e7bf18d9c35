using System.Globalization;
using Decant.Models.ImageNetResNet;

namespace Decant.Models.FromTeacher;

/// <summary>The channels of an <c>imagenet-resnet</c>: of each stage one choice, since its blocks are added up, and of each block those between its convolutions.</summary>
internal static class ImageNetResNetChannels
{
    private const string Stem = "conv1";

    /// <summary>The map.</summary>
    public static ChannelMap Of(ImageNetResNetConfig config)
    {
        var map = new ChannelMap();
        var before = IsStemInStage(config) ? Stage(0) : Stem;
        if (before == Stem)
            map.With(new ChannelGroup(Stem, config.EmbeddingSize, ["bn1"]));
        map.With(Stem, "bn1", before, null);
        for (var stage = 0; stage < config.Depths.Count; stage++)
        {
            var name = Stage(stage);
            string[] blocks = [.. Enumerable.Range(0, config.Depths[stage]).Select(i => string.Create(CultureInfo.InvariantCulture, $"{name}.{i}"))];
            map.With(new ChannelGroup(name, checked((int)config.OutputsOf(stage)), before == name ? ["bn1", .. blocks] : blocks));
            for (var i = 0; i < blocks.Length; i++)
            {
                Add(map, config, blocks[i], checked((int)config.InnerOf(stage)), name, before);
                if (before != name || (stage > 0 && i == 0))
                    map.With($"{blocks[i]}.downsample.0", $"{blocks[i]}.downsample.1", name, before);
                before = name;
            }
        }

        return map.With("fc", null, before);
    }

    /// <summary>Whether the first convolution's channels are added to those of the first stage as they are.</summary>
    public static bool IsStemInStage(ImageNetResNetConfig config) => config.EmbeddingSize == config.OutputsOf(0);

    private static void Add(ChannelMap map, ImageNetResNetConfig config, string block, int inner, string output, string input)
    {
        var convolutions = config.HasBottlenecks ? 3 : 2;
        for (var c = 1; c <= convolutions; c++)
        {
            var (name, norm) = (string.Create(CultureInfo.InvariantCulture, $"{block}.conv{c}"), string.Create(CultureInfo.InvariantCulture, $"{block}.bn{c}"));
            if (c < convolutions)
                map.With(new ChannelGroup(name, inner, [norm]));
            map.With(name, norm, c < convolutions ? name : output, input);
            input = name;
        }
    }

    private static string Stage(int stage) => string.Create(CultureInfo.InvariantCulture, $"layer{stage + 1}");
}
