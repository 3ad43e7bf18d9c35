using Decant.Objectives;
using Decant.Runs;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Reading;

namespace Decant.Bench;

/// <summary>Objectives that are read as a recipe's are, with all checks of a recipe of classes.</summary>
/// <param name="catalog">The kinds.</param>
internal sealed class ObjectiveChoices(Catalog catalog)
{
    /// <summary>What everything is compared with.</summary>
    public const string Base = "soft-targets";

    // Files are not opened and models not made: only the objectives are taken.
    private const string Recipe = """
        name: bench
        data: { train: { kind: csv, file: none.csv }, test: { kind: csv, file: none.csv } }
        input: { kind: vector }
        teacher: { model: { kind: mlp, hidden: [1] }, load: none }
        student: { model: { kind: mlp, hidden: [1] } }
        distill:
          epochs: 1
          batch: 2
          optimizer: { kind: sgd, learning-rate: 1 }
          objectives: [{ kind: soft-targets }]
        """;

    /// <summary>What is measured: all kinds but the one that all are compared with, or those that were requested.</summary>
    public IReadOnlyList<string> All(IReadOnlyList<string> asked)
    {
        var kinds = catalog.Kinds.Kinds(Sections.Objective).Select(k => k.Kind).ToArray();
        if (asked.FirstOrDefault(a => !IsWritten(a) && !kinds.Contains(a)) is { } unknown)
            throw new DecantException($"bench objectives: there is no objective '{unknown}'{Suggestion.Ending(unknown, kinds, "there are")}");
        return asked.Count > 0 ? [.. asked.Distinct()] : [.. kinds.Where(k => k != Base)];
    }

    /// <summary>The objective.</summary>
    /// <param name="asked">A kind, or <c>{ kind: …, … }</c>.</param>
    /// <exception cref="DecantException">A recipe of classes may not have it: without an option that it must have, or at all.</exception>
    public ObjectiveOptions Read(string asked)
    {
        var written = IsWritten(asked) ? asked : $"{{ kind: {asked} }}";
        try
        {
            // The base besides: one that learns from labels alone would leave the teacher without use.
            return new RecipeReader(catalog.Kinds).Parse(Recipe, "bench", ".", [$"distill.objectives=[{{ kind: {Base} }}, {written}]"]).Recipe.Distill.Objectives[1];
        }
        catch (RecipeException wrong)
        {
            throw new DecantException(string.Join(" ", wrong.Faults.Select(f => f.Message)), wrong.ExitCode, wrong);
        }
    }

    private static bool IsWritten(string asked) => asked.StartsWith('{');
}
