namespace Decant.Models.Encoders;

/// <summary>Which linear layers of an encoder's blocks are in two factors of a low rank.</summary>
public enum FactorizedLayers
{
    /// <summary>Those of attention and of the feed-forward part.</summary>
    All,

    /// <summary>Queries, keys, values and attention's last layer.</summary>
    Attention,

    /// <summary>The two of the feed-forward part.</summary>
    FeedForward,
}
