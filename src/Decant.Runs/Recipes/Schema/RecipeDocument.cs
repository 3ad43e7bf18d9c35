using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Kinds;

namespace Decant.Runs.Recipes.Schema;

/// <summary>A recipe that was read, with where each of its keys was written.</summary>
public sealed record RecipeDocument
{
    private readonly IReadOnlyDictionary<string, SourceLocation> _spots;

    private readonly Recipe? _recipe;

    internal RecipeDocument(Recipe? recipe, MultiTaskRecipe? multiTask, string file, IReadOnlyDictionary<string, SourceLocation> spots, IKindRegistry kinds) =>
        (_recipe, MultiTask, File, _spots, Kinds) = (recipe, multiTask, file, spots, kinds);

    /// <summary>The recipe of one task, right as far as can be checked without opening a data file.</summary>
    /// <exception cref="DecantException">It has several tasks: <see cref="MultiTask"/> is not null.</exception>
    internal Recipe Recipe => _recipe ?? throw new DecantException(
        $"{Where("tasks")}: the recipe has several tasks, and one is expected here; 'decant distill' and 'decant check' take it. For the rest, give a recipe of one of its tasks.");

    /// <summary>The recipe of several tasks; null where there is one.</summary>
    internal MultiTaskRecipe? MultiTask { get; }

    /// <summary>The recipe, of one task or of several.</summary>
    internal RunRecipe Run => MultiTask is { } several ? several : _recipe!;

    /// <summary>The file as the user named it.</summary>
    public string File { get; }

    /// <summary>Where a key was written, for messages about faults that only the data shows: <c>recipes/x.yaml:14</c> or <c>--set a.b=c</c>.</summary>
    /// <param name="path">A key such as <c>data.train.images</c>; the nearest key around it stands in when it was left out.</param>
    public string Where(string path) => SpotOf(path).Where;

    /// <summary>The same document for <paramref name="count"/> seeds: those it has first, then the numbers that follow its largest.</summary>
    /// <param name="count">1 or more.</param>
    public RecipeDocument WithSeeds(int count) => new(_recipe?.WithSeeds(count), MultiTask?.WithSeeds(count), File, _spots, Kinds);

    /// <summary>The same document without a control run.</summary>
    public RecipeDocument WithoutControl() => new(
        _recipe is null ? null : _recipe with { Control = false },
        MultiTask is null ? null : MultiTask with { Control = false },
        File,
        _spots,
        Kinds);

    /// <summary>The kinds that it was read with.</summary>
    internal IKindRegistry Kinds { get; }

    internal SourceLocation SpotOf(string path)
    {
        for (var at = path; at.Length > 0; at = at[..Math.Max(0, at.LastIndexOfAny(['.', '[']))])
            if (_spots.TryGetValue(at, out var spot)) return spot;
        return SourceLocation.Line(File, 1);
    }
}
