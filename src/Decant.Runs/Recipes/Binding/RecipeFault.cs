namespace Decant.Runs.Recipes.Binding;

/// <summary>One thing that is wrong with a recipe.</summary>
/// <param name="Where">The line, <c>recipes/x.yaml:14</c>, or the override, <c>--set distill.epochs=0</c>.</param>
/// <param name="Path">The key it is about, <c>distill.objectives[0].temperature</c>; empty for the recipe as a whole.</param>
/// <param name="Message">What was expected, what came, what to do.</param>
public sealed record RecipeFault(string Where, string Path, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Where}: {Message}";
}

/// <summary>Everything that is wrong with a recipe, at once.</summary>
public sealed class RecipeException : DecantException
{
    /// <summary>The faults, in the order of their lines.</summary>
    /// <param name="faults">At least one.</param>
    /// <param name="inner">The cause, where there is one.</param>
    public RecipeException(IReadOnlyList<RecipeFault> faults, Exception? inner = null)
        : base(Text(faults), ExitCodes.BadInput, inner) => Faults = faults;

    /// <summary>What is wrong, in the order of the recipe's lines, then of the overrides.</summary>
    public IReadOnlyList<RecipeFault> Faults { get; }

    private static string Text(IReadOnlyList<RecipeFault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var lines = string.Join('\n', faults);
        return faults.Count == 1 ? lines : $"{lines}\n{faults.Count} faults; nothing was started.";
    }
}

/// <summary>Gathers faults while a recipe is read.</summary>
internal sealed class FaultList
{
    // So that a file of a million wrong keys does not become a message of a million lines.
    private const int Limit = 100;
    private readonly List<(SourceLocation Spot, string Path, string Message)> _faults = [];

    public bool Any => _faults.Count > 0;

    public int Count => _faults.Count;

    public void Add(SourceLocation spot, string path, string message) => _faults.Add((spot, path, message));

    /// <summary>Whether something at, above or below <paramref name="path"/> is already known to be wrong.</summary>
    public bool Touches(string path) => _faults.Any(f => Within(f.Path, path) || (f.Path.Length > 0 && Within(path, f.Path)));

    public void ThrowIfAny(Exception? inner = null)
    {
        if (!Any) return;
        var sorted = _faults.Distinct().OrderBy(f => f.Spot.Rank).Select(f => new RecipeFault(f.Spot.Where, f.Path, f.Message)).ToList();
        if (sorted.Count > Limit)
        {
            var last = sorted[Limit - 1];
            sorted = [.. sorted.Take(Limit), new RecipeFault(last.Where, "", $"and {sorted.Count - Limit} faults more")];
        }

        throw new RecipeException(sorted, inner);
    }

    private static bool Within(string path, string root) =>
        root.Length == 0 || (path.StartsWith(root, StringComparison.Ordinal) && (path.Length == root.Length || path[root.Length] is '.' or '['));
}
