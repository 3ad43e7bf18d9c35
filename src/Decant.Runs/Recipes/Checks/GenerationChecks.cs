using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

/// <summary>The judge of generated texts is asked at the end of a run, when nobody may be there to agree to its cost.</summary>
internal static class GenerationChecks
{
    /// <summary>Where the judge stands.</summary>
    public const string Judge = "evaluate.generation.judge";

    public static IEnumerable<RecipeFinding> Of(Recipe recipe, IKindRegistry kinds)
    {
        if (recipe.Evaluate.Generation?.Judge is not { } judge)
            yield break;
        foreach (var finding in ChatAccessChecks.Of(judge, Judge))
            yield return finding;
        if (judge.Budget is null or { Money: null, Tokens: null, Requests: null })
            yield return new($"{Judge}.budget", "expected what the judge may cost, came nothing; give budget.requests, budget.tokens or budget.money: it is asked at the end of the run, without a question");
        if (string.IsNullOrWhiteSpace(judge.Ask.Instruction))
            yield return new($"{Judge}.ask.instruction", "expected by what the better of two texts is chosen, came nothing; leave it out for the standard one");
    }
}
