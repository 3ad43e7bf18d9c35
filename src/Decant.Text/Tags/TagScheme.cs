namespace Decant.Text.Tags;

/// <summary>How tags say where an entity begins and ends.</summary>
internal enum TagScheme
{
    /// <summary>Decided by all tags together, as <see cref="TagSet.Read"/> says.</summary>
    Auto,

    /// <summary>B begins, I is inside (IOB1 and IOB2).</summary>
    Bio,

    /// <summary>B begins, I is inside, E ends, S is a single word.</summary>
    Bioes,

    /// <summary>B begins, I is inside, L is the last, U is a unit of one word.</summary>
    Bilou,

    /// <summary>B begins, M is in the middle, E ends, S is a single word; the usual one for Chinese.</summary>
    Bmes,

    /// <summary>The tag is the type: neighbouring words of one type are one entity.</summary>
    Io,
}
