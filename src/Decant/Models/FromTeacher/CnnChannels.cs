using System.Globalization;
using Decant.Models.Cnn;

namespace Decant.Models.FromTeacher;

/// <summary>The channels of a <c>cnn</c>: those of every convolution, and the units of its linear layer.</summary>
internal static class CnnChannels
{
    /// <summary>The path of the linear layer before the output.</summary>
    public const string Hidden = "fc1";

    /// <summary>The map.</summary>
    public static ChannelMap Of(CnnConfig config)
    {
        var map = new ChannelMap();
        string? before = null;
        for (var i = 0; i < config.Channels.Count; i++)
        {
            var name = Name(i);
            map.With(new ChannelGroup(name, config.Channels[i], [name])).With(name, name, before);
            before = name;
        }

        return map.With(new ChannelGroup(Hidden, config.HiddenSize, [Hidden])).With(Hidden, Hidden, before).With("fc2", null, Hidden);
    }

    /// <summary>The path of a convolution.</summary>
    public static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"conv{index + 1}");
}
