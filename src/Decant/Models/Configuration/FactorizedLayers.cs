namespace Decant.Models.Configuration;

/// <summary>Which linear layers of a transformer's blocks are in two factors of a low rank.</summary>
public enum FactorizedLayers
{
    /// <summary>Those of attention and of the feed-forward part.</summary>
    All,

    /// <summary>Queries, keys, values and attention's last layer.</summary>
    Attention,

    /// <summary>Those of the feed-forward part: two, or three with a gate.</summary>
    FeedForward,
}
