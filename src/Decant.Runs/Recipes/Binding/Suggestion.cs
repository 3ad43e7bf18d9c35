namespace Decant.Runs.Recipes.Binding;

/// <summary>The known name that a misspelt one was most likely meant to be.</summary>
internal static class Suggestion
{
    /// <summary>The nearest of the known names; null when none is near: more than a third of the letters would have to change.</summary>
    /// <param name="came">What was written.</param>
    /// <param name="known">What could have been meant.</param>
    public static string? For(string came, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(came);
        var name = Normal(came);
        return known
            .Select(k => (Name: k, Distance: Distance(name, Normal(k))))
            .Where(c => c.Distance <= Math.Max(1, Math.Max(name.Length, c.Name.Length) / 3))
            .OrderBy(c => c.Distance).ThenBy(c => c.Name, StringComparer.Ordinal)
            .Select(c => c.Name).FirstOrDefault();
    }

    /// <summary>The end of a message: <c>; did you mean 'x'?</c>, or the known names, or nothing.</summary>
    /// <param name="came">What was written.</param>
    /// <param name="known">What could have been meant.</param>
    /// <param name="label">What stands before the known names: <c>there are</c>.</param>
    public static string Ending(string came, IReadOnlyCollection<string> known, string label)
    {
        ArgumentNullException.ThrowIfNull(known);
        if (For(came, known) is { } near) return $"; did you mean '{near}'?";
        return known.Count == 0 ? "" : $"; {label}: {string.Join(", ", known)}";
    }

    /// <summary>How many letters must be put in, taken out, changed or swapped with their neighbour (optimal string alignment).</summary>
    /// <param name="a">One name.</param>
    /// <param name="b">The other.</param>
    /// <returns>0 for the same name; the longer length for names that are too long or too different in length to compare.</returns>
    public static int Distance(string a, string b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        // Names are short; a megabyte-long key must not cost a square of that.
        if (Math.Abs(a.Length - b.Length) > 32 || a.Length > 256 || b.Length > 256) return Math.Max(a.Length, b.Length);
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                var change = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(change, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }

        return d[a.Length, b.Length];
    }

    // learning_rate and learningRate are the same slip: the way another tool writes it.
    private static string Normal(string name) => KebabCase.FromPascal(name.Replace(' ', '-'));
}
