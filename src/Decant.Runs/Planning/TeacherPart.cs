using Decant.Models.FromTeacher;
using Decant.Modules;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Planning;

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
