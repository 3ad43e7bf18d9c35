using Decant.Models;
using Decant.Modules;
using Decant.Recipes;

namespace Decant.Jobs;

/// <summary>Which part of a teacher a recipe means.</summary>
internal static class TeacherPart
{
    public static PartOfTeacher Of(FromTeacherSection section, Model teacher) => new()
    {
        Layers = section.LayerIndices ?? (section.Layers is { } count
            ? StudentFromTeacher.Choose(KebabCase.FromPascal(section.Choose.ToString()), count, StudentFromTeacher.LayersOf(teacher))
            : null),
        Hidden = section.Hidden,
        Heads = section.Heads,
        KvHeads = section.KeyValueHeads,
        Intermediate = section.Intermediate,
    };
}
