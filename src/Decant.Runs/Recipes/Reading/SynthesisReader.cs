using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Checks;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Reading;

/// <summary>Reads a file for <c>decant synthesize</c>, strictly as a recipe is read.</summary>
/// <param name="kinds">The kinds that there are.</param>
internal sealed class SynthesisReader(IKindRegistry kinds)
{
    /// <summary>What an environment variable says; the process's own unless given.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Reads a file; paths in it are relative to its folder.</summary>
    /// <param name="path">The file, as the user named it: messages cite it so.</param>
    /// <exception cref="RecipeException">It is wrong: all faults, by line.</exception>
    /// <exception cref="DecantException">The file is missing, unreadable, too large or not UTF-8.</exception>
    public SynthesisRecipe Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var faults = new FaultList();
        if (YamlTree.Parse(RecipeText.Read(path), mark => SourceLocation.Line(path, mark.Line), faults) is not MapNode root)
        {
            faults.Add(SourceLocation.Line(path, 1), "", "expected a mapping that begins with 'name:', with the keys chat and write; 'decant new synthesize' writes one");
            faults.ThrowIfAny();
            throw new InvalidOperationException("unreachable");
        }

        var binder = new RecipeBinder(kinds, faults, Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".");
        var recipe = (SynthesisRecipe)binder.Record(typeof(SynthesisRecipe), (MapNode)new Variables(Environment, faults, new VariableReferences("")).Expand(root), root.Spot, "");
        if (binder.Whole)
        {
            foreach (var finding in SynthesisChecks.All(recipe).Where(f => !faults.Touches(f.Path)).ToList())
                faults.Add(SpotOf(finding.Path), finding.Path, finding.Message);
        }

        faults.ThrowIfAny();
        return recipe;

        SourceLocation SpotOf(string key)
        {
            while (!binder.Spots.ContainsKey(key) && key.LastIndexOf('.') is var dot and > 0)
                key = key[..dot];
            return binder.Spots.GetValueOrDefault(key, root.Spot);
        }
    }
}
