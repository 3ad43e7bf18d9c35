namespace Decant.Runs.Recipes.Schema;

/// <summary>The large models of a recipe, whether it has one or several.</summary>
internal static class RecipeTeachers
{
    /// <summary>Whether there is a teacher.</summary>
    public static bool HasTeacher(this Recipe recipe) => recipe.Teacher is not null || recipe.Teachers is { Count: > 0 };

    /// <summary>Whether teachers teach the samples of some tags alone.</summary>
    public static bool HasTags(this Recipe recipe) => recipe.Teachers?.Any(t => t.Tags is not null) is true;

    /// <summary>Each with its key.</summary>
    public static IEnumerable<(string Path, LargeModelSection Section)> LargeModels(this Recipe recipe)
    {
        if (recipe.Teacher is { } teacher) yield return ("teacher", teacher);
        for (var i = 0; i < (recipe.Teachers?.Count ?? 0); i++) yield return ($"teachers[{i}]", recipe.Teachers![i]);
    }

    /// <summary>The names of the members that an entry expands to.</summary>
    public static IEnumerable<string> Names(this MemberSection member) =>
        member.Members is { } count ? Enumerable.Range(1, count).Select(i => $"{member.Name}-{i}") : [member.Name];
}
