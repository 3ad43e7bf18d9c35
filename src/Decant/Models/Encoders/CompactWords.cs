using Decant.Models.Configuration;

namespace Decant.Models.Encoders;

/// <summary>What is shared or in factors in an encoder, in a few words.</summary>
internal static class CompactWords
{
    /// <summary>As it stands behind the sizes: <c>, weights of 2 layers, ranks 40 to 96, embedding of 128</c>; empty where there is nothing of the kind.</summary>
    public static string Of(EncoderConfig config)
    {
        var words = LayerGroups.Words(config.ShareLayers) + LinearRanks.Words(config.LinearRanks);
        return config.Shape.Embedding is { } embedding ? words + $", embedding of {embedding}" : words;
    }
}
