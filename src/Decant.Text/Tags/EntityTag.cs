namespace Decant.Text.Tags;

/// <summary>A tag taken apart: where in an entity the word stands, and of what type the entity is.</summary>
/// <param name="Position"><c>O</c> outside, <c>B</c> begins, <c>I</c> inside, <c>E</c> ends, <c>S</c> alone.</param>
/// <param name="Type">The type; empty outside, and where tags name no type.</param>
internal readonly record struct EntityTag(char Position, string Type)
{
    public static EntityTag Outside { get; } = new('O', "");

    /// <summary>
    /// Reads one tag by itself: <c>O</c>, <c>B-person</c>, <c>I</c>, <c>M-person</c> (as I), <c>L-person</c> (as E) and <c>U-person</c> (as S); a tag without such a prefix is a
    /// type, inside.
    /// </summary>
    public static EntityTag Read(string tag) => IsOutside(tag) ? Outside : PrefixOf(tag) is { } prefix ? Prefixed(prefix, tag) : new('I', tag);

    /// <summary>Whether a tag says that the word is part of no entity.</summary>
    public static bool IsOutside(string tag) => tag is "O" or "";

    /// <summary>The letter before the type, or alone, where it is one of those that schemes have; null: the tag has no such prefix.</summary>
    public static char? PrefixOf(string tag) =>
        tag is [var letter and ('B' or 'I' or 'M' or 'E' or 'S' or 'L' or 'U'), ..] && (tag.Length == 1 || (tag.Length > 2 && tag[1] == '-')) ? letter : null;

    /// <summary>The tag that a prefix and the rest of a name make.</summary>
    public static EntityTag Prefixed(char prefix, string tag) =>
        new(prefix switch { 'M' => 'I', 'L' => 'E', 'U' => 'S', _ => prefix }, tag.Length > 2 ? tag[2..] : "");

    /// <summary>Whether an entity ends between two neighbouring words.</summary>
    public static bool Ends(EntityTag before, EntityTag after) =>
        before.Position != 'O' && (before.Position is 'E' or 'S' || after.Position is 'B' or 'S' or 'O' || before.Type != after.Type);

    /// <summary>Whether an entity begins with the second of two neighbouring words.</summary>
    public static bool Begins(EntityTag before, EntityTag after) =>
        after.Position != 'O' && (after.Position is 'B' or 'S' || before.Position is 'E' or 'S' or 'O' || before.Type != after.Type);
}
