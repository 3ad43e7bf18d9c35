using Decant.Models.FromTeacher;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Kinds;

namespace Decant.Runs.Recipes.Reading;

/// <summary>Reads which part of a model is wanted from assignments, with the keys of <c>student.from-teacher</c>.</summary>
internal static class PartReader
{
    /// <summary>The part.</summary>
    /// <param name="assignments">Such as <c>layers=4</c> or <c>layer-indices=[0, 3, 5]</c>.</param>
    /// <param name="kinds">The kinds that there are.</param>
    /// <exception cref="DecantException">A key is unknown, or a value is of another type or out of range: all faults at once.</exception>
    public static PartOfTeacher Read(IReadOnlyList<string> assignments, IKindRegistry kinds)
    {
        var faults = new FaultList();
        RecipeNode root = new MapNode(SourceLocation.Set("", 0), []);
        for (var i = 0; i < assignments.Count; i++)
            root = Override.Apply(root, assignments[i], i, faults);
        var part = (PartOfTeacher)new RecipeBinder(kinds, faults, Directory.GetCurrentDirectory()).Record(typeof(PartOfTeacher), (MapNode)root, root.Spot, "");
        faults.ThrowIfAny();
        return part;
    }
}
