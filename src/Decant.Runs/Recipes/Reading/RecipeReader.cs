using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Checks;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Reading;

/// <summary>Reads a recipe, checked as a whole: it comes back right, or one exception reports every fault of it.</summary>
/// <param name="kinds">The kinds that there are.</param>
public sealed class RecipeReader(IKindRegistry kinds)
{
    /// <summary>What an environment variable says; the process's own unless given.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>What is checked across sections once each is right by itself; <see cref="RecipeChecks.All"/> unless given.</summary>
    internal IReadOnlyList<RecipeCheck> Checks { get; init; } = RecipeChecks.All;

    internal IKindRegistry Kinds => kinds;

    /// <summary>Reads a file; paths in it are relative to its folder.</summary>
    /// <param name="path">The file, as the user named it: messages cite it so.</param>
    /// <param name="overrides">Assignments such as <c>distill.epochs=3</c>, applied in order before anything is checked.</param>
    /// <exception cref="RecipeException">The recipe is wrong: all faults, by line.</exception>
    /// <exception cref="DecantException">The file is missing, unreadable, too large or not UTF-8.</exception>
    public RecipeDocument Read(string path, IReadOnlyList<string>? overrides = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var text = RecipeText.Read(path);
        return Parse(text, path, Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".", overrides);
    }

    /// <summary>Reads a recipe from its text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="directory">What paths in it are relative to.</param>
    /// <param name="overrides">Assignments such as <c>distill.epochs=3</c>, applied in order before anything is checked.</param>
    /// <exception cref="RecipeException">The recipe is wrong: all faults, by line.</exception>
    public RecipeDocument Parse(string text, string name, string directory, IReadOnlyList<string>? overrides = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var faults = new FaultList();
        directory = Path.GetFullPath(directory);
        var references = new VariableReferences(directory);
        var root = Tree(text, name, overrides ?? [], faults, references);
        var binder = new RecipeBinder(kinds, faults, directory);
        var document = root.Find(MultiTaskReading.Key) is null
            ? new RecipeDocument((Recipe)binder.Record(typeof(Recipe), root, root.Spot, "") with { References = references }, null, name, binder.Spots, kinds)
            : new RecipeDocument(null, (MultiTaskRecipe)binder.Record(typeof(MultiTaskRecipe), MultiTaskReading.Own(root, faults), root.Spot, "") with { References = references }, name, binder.Spots, kinds);
        if (binder.Whole) CrossCheck(document, faults);
        faults.ThrowIfAny();
        return document;
    }

    private MapNode Tree(string text, string name, IReadOnlyList<string> overrides, FaultList faults, VariableReferences references)
    {
        var tree = YamlTree.Parse(text, mark => SourceLocation.Line(name, mark.Line), faults);
        if (tree is null) faults.ThrowIfAny();
        if (tree is null or ScalarNode { IsNull: true })
        {
            faults.Add(SourceLocation.Line(name, 1), "", "the recipe is empty; 'decant new' writes one to begin with");
            faults.ThrowIfAny();
        }

        if (tree is not MapNode)
        {
            faults.Add(tree!.Spot, "", $"a recipe is a mapping that begins with 'name:', came {tree.Describe()}");
            faults.ThrowIfAny();
        }

        for (var i = 0; i < overrides.Count; i++) tree = Override.Apply(tree, overrides[i], i, faults);
        return (MapNode)new Variables(Environment, faults, references).Expand(tree);
    }

    private void CrossCheck(RecipeDocument document, FaultList faults)
    {
        // A finding about what is known to be wrong already would only repeat it, or be its consequence.
        var all = document.MultiTask is { } several ? MultiTaskChecks.All(several, kinds, Checks) : Checks.SelectMany(check => check(document.Recipe, kinds));
        var findings = all.Where(f => !faults.Touches(f.Path)).ToList();
        foreach (var finding in findings) faults.Add(document.SpotOf(finding.Path), finding.Path, finding.Message);
    }
}
