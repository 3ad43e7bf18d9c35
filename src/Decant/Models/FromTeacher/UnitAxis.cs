namespace Decant.Models.FromTeacher;

/// <summary>What the rows or columns of a weight are numbered by.</summary>
internal enum UnitAxis
{
    /// <summary>Nothing that is chosen: tokens, positions, classes.</summary>
    None,

    /// <summary>The dimensions of the hidden states, the same in all layers.</summary>
    Hidden,

    /// <summary>The heads of a layer's queries, each several rows or columns wide.</summary>
    Heads,

    /// <summary>The heads of a layer's keys and values, where they are fewer than those of the queries.</summary>
    KeyValueHeads,

    /// <summary>The units of a layer's feed-forward part.</summary>
    Intermediate,
}
