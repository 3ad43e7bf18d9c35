namespace Decant.Runs.Recipes.Binding;

/// <summary>Where something was written: a line of the recipe or an override of the command line.</summary>
/// <param name="Where">As messages cite it: <c>recipes/x.yaml:14</c> or <c>--set distill.epochs=3</c>.</param>
/// <param name="Rank">Sorts messages: the line, or past all lines for overrides in their order.</param>
internal readonly record struct SourceLocation(string Where, int Rank)
{
    // A recipe has at most a megabyte, hence fewer lines than this.
    private const int PastAllLines = 1 << 24;

    /// <summary>The file; null of an override of the command line.</summary>
    public string? File => Rank < PastAllLines && Where.LastIndexOf(':') is > 0 and var colon ? Where[..colon] : null;

    public static SourceLocation Line(string file, long line) => new($"{file}:{line}", (int)line);

    /// <summary>A place in a file, ranked by its position in characters, not by its line.</summary>
    public static SourceLocation At(string file, long line, long position) => new($"{file}:{line}", (int)position);

    public static SourceLocation Set(string assignment, int index) => new($"--set {assignment}", PastAllLines + index);
}
