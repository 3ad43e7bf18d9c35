using System.Globalization;
using Decant.Models.ResNet;

namespace Decant.Models.FromTeacher;

/// <summary>The channels of a <c>resnet</c>: of each stage one choice, since its blocks are added up, and of each block those between its convolutions.</summary>
internal static class ResNetChannels
{
    private const string Stem = "conv1";

    /// <summary>The map.</summary>
    public static ChannelMap Of(ResNetConfig config) => config.Variant == ResNetVariant.Wide ? Wide(config) : Basic(config);

    /// <summary>Whether the first convolution's channels are added to those of the first stage as they are.</summary>
    public static bool IsStemInStage(ResNetConfig config) => config.EmbeddingSize == config.HiddenSizes[0];

    private static ChannelMap Basic(ResNetConfig config)
    {
        var map = new ChannelMap();
        var before = IsStemInStage(config) ? Stage(0) : Stem;
        if (before == Stem)
            map.With(new ChannelGroup(Stem, config.EmbeddingSize, ["bn1"]));
        map.With(Stem, "bn1", before, null);
        for (var stage = 0; stage < config.HiddenSizes.Count; stage++)
        {
            var name = Stage(stage);
            string[] blocks = [.. Enumerable.Range(0, config.BlocksPerStage).Select(i => Block(name, i))];
            map.With(new ChannelGroup(name, config.HiddenSizes[stage], before == name ? ["bn1", .. blocks] : blocks, config.Shortcut == ResNetShortcut.Pad && before != name ? before : null));
            foreach (var block in blocks)
            {
                var inner = $"{block}.conv1";
                map.With(new ChannelGroup(inner, config.InnerOf(stage), [$"{block}.bn1"])).With(inner, $"{block}.bn1", inner, before).With($"{block}.conv2", $"{block}.bn2", name, inner);
                if (config.Shortcut == ResNetShortcut.Conv && before != name)
                    map.With($"{block}.shortcut.0", $"{block}.shortcut.1", name, before);
                before = name;
            }
        }

        return map.With("linear", null, before);
    }

    // Norms come before the convolutions here, and see what was added up before.
    private static ChannelMap Wide(ResNetConfig config)
    {
        var map = new ChannelMap();
        var seen = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var before = IsStemInStage(config) ? "block1" : Stem;
        seen[before] = [];
        map.With(Stem, before, null);
        for (var stage = 0; stage < config.HiddenSizes.Count; stage++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"block{stage + 1}");
            seen.TryAdd(name, []);
            for (var i = 0; i < config.BlocksPerStage; i++)
            {
                var block = Block($"{name}.layer", i);
                var inner = $"{block}.conv1";
                seen[before].Add($"{block}.bn1");
                map.With($"{block}.bn1", before, null).With(new ChannelGroup(inner, config.InnerOf(stage), [$"{block}.bn2"])).With(inner, $"{block}.bn2", inner, before).With($"{block}.conv2", name, inner);
                if (before != name)
                    map.With($"{block}.convShortcut", name, before);
                before = name;
            }
        }

        seen[before].Add("bn1");
        foreach (var (name, paths) in seen)
            map.With(new ChannelGroup(name, name == Stem ? config.EmbeddingSize : config.HiddenSizes[name[^1] - '1'], paths));
        return map.With("bn1", before, null).With("fc", null, before);
    }

    private static string Stage(int stage) => string.Create(CultureInfo.InvariantCulture, $"layer{stage + 1}");

    private static string Block(string stage, int index) => string.Create(CultureInfo.InvariantCulture, $"{stage}.{index}");
}
