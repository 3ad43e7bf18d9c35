namespace Decant.Runs.Recipes.Binding;

/// <summary>How messages and overrides name a place: <c>distill.objectives[0].temperature</c>.</summary>
internal static class RecipePath
{
    public static string Key(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    public static string Item(string path, int index) => $"{path}[{index}]";
}
