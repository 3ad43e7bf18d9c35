namespace Decant.Evaluation;

/// <summary>A tag taken apart: where in an entity the word stands, and of what type the entity is.</summary>
/// <param name="Position"><c>O</c> outside, <c>B</c> begins, <c>I</c> inside, <c>E</c> ends, <c>S</c> alone.</param>
/// <param name="Type">The type; empty outside.</param>
internal readonly record struct EntityTag(char Position, string Type)
{
    public static EntityTag Outside { get; } = new('O', "");

    /// <summary>Reads <c>O</c>, <c>B-person</c>, <c>I</c>, <c>L-person</c> (as E) and <c>U-person</c> (as S); a type without a position is inside.</summary>
    public static EntityTag Read(string tag) => tag switch
    {
        "O" or "" => Outside,
        [var position and ('B' or 'I' or 'E' or 'S' or 'L' or 'U')] => new(Same(position), ""),
        [var position and ('B' or 'I' or 'E' or 'S' or 'L' or 'U'), '-', .. var type] => new(Same(position), type),
        _ => new('I', tag),
    };

    /// <summary>Whether an entity ends between two neighbouring words.</summary>
    public static bool Ends(EntityTag before, EntityTag after) =>
        before.Position != 'O' && (before.Position is 'E' or 'S' || after.Position is 'B' or 'S' or 'O' || before.Type != after.Type);

    /// <summary>Whether an entity begins with the second of two neighbouring words.</summary>
    public static bool Begins(EntityTag before, EntityTag after) =>
        after.Position != 'O' && (after.Position is 'B' or 'S' || before.Position is 'E' or 'S' or 'O' || before.Type != after.Type);

    private static char Same(char position) => position switch { 'L' => 'E', 'U' => 'S', _ => position };
}
