using Decant.Models.Cnn;
using Decant.Models.Configuration;
using Decant.Models.ImageNetResNet;
using Decant.Models.ResNet;

namespace Decant.Models.FromTeacher;

/// <summary>Which channels of a convolutional network the dimensions of its weights run along.</summary>
internal sealed class ChannelMap
{
    private readonly Dictionary<string, ChannelGroup> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string? Output, string? Input)> _modules = new(StringComparer.Ordinal);

    /// <summary>The groups by name, each after the one that it carries.</summary>
    public IReadOnlyDictionary<string, ChannelGroup> Groups => _groups;

    /// <summary>The map of a model; null: its family has no convolutions whose channels are chosen.</summary>
    /// <param name="config">Its settings.</param>
    public static ChannelMap? Of(ModelConfig config) => config switch
    {
        CnnConfig cnn => CnnChannels.Of(cnn),
        ResNetConfig residual => ResNetChannels.Of(residual),
        ImageNetResNetConfig residual => ImageNetResNetChannels.Of(residual),
        _ => null,
    };

    /// <summary>What each dimension of a weight runs along; null: nothing that is chosen.</summary>
    /// <param name="name">The weight's name.</param>
    /// <param name="dimensions">How many it has.</param>
    public ChannelGroup?[] Of(string name, int dimensions)
    {
        var groups = new ChannelGroup?[dimensions];
        if (dimensions == 0 || !_modules.TryGetValue(name[..Math.Max(0, name.LastIndexOf('.'))], out var module))
            return groups;
        groups[0] = module.Output is { } output ? _groups[output] : null;
        if (dimensions > 1)
            groups[1] = module.Input is { } input ? _groups[input] : null;
        return groups;
    }

    /// <summary>Adds a group.</summary>
    public ChannelMap With(ChannelGroup group)
    {
        _groups.Add(group.Name, group);
        return this;
    }

    /// <summary>Adds a convolution or linear layer: the groups that it makes and reads.</summary>
    public ChannelMap With(string module, string? output, string? input)
    {
        _modules.Add(module, (output, input));
        return this;
    }

    /// <summary>Adds a convolution and its norm.</summary>
    public ChannelMap With(string convolution, string norm, string? output, string? input) => With(convolution, output, input).With(norm, output, null);
}
