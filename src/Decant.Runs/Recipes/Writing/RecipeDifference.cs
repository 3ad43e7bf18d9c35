using System.Globalization;

namespace Decant.Runs.Recipes.Writing;

/// <summary>What two recipes say differently, key by key.</summary>
internal static class RecipeDifference
{
    private const int Indent = 2;

    /// <summary>Lines such as <c>distill.epochs: 3, and 5 is given</c>; none when the recipes are equal.</summary>
    /// <param name="own">The one that counts.</param>
    /// <param name="given">The one that is held to it, as <see cref="RecipeWriter"/> writes it too.</param>
    public static IReadOnlyList<string> Of(string own, string given)
    {
        var (then, now) = (Flatten(own), Flatten(given));
        return [.. then.Keys.Union(now.Keys).Where(k => then.GetValueOrDefault(k) != now.GetValueOrDefault(k))
            .Select(k => $"{k}: {then.GetValueOrDefault(k, "nothing")}, and {now.GetValueOrDefault(k, "nothing")} is given")];
    }

    /// <summary>The writer's own form, which is regular: two spaces a level, a dash before the first key of an entry.</summary>
    private static Dictionary<string, string> Flatten(string yaml)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var path = new List<string>();
        var entries = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in yaml.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var text = line.TrimStart(' ');
            var depth = (line.Length - text.Length) / Indent;
            if (text.StartsWith("- ", StringComparison.Ordinal))
            {
                path.RemoveRange(depth, path.Count - depth);
                var list = string.Join('.', path);
                var index = entries[list] = entries.GetValueOrDefault(list, -1) + 1;
                path.Add(index.ToString(CultureInfo.InvariantCulture));
                (text, depth) = (text[2..], depth + 1);
            }

            path.RemoveRange(depth, path.Count - depth);
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            path.Add(colon < 0 ? text : text[..colon]);
            if (colon >= 0 && text[(colon + 1)..].Trim() is { Length: > 0 } value)
                values[string.Join('.', path)] = value;
        }

        return values;
    }
}
