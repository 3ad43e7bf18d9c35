using System.Globalization;
using Decant.Data;
using Decant.Recipes;

namespace Decant.Jobs;

/// <summary>Looks at what the most tokens cut off, before the long work starts: what is learned from may be cut and is told, what words are measured on may not.</summary>
internal static class CutChecks
{
    /// <summary>What should be told of the splits.</summary>
    /// <exception cref="DecantException">Samples that cannot become sequences, or words of a test sentence that nobody would be asked about.</exception>
    public static IEnumerable<string> Of(PreparedData data, Recipe recipe, CancellationToken cancellationToken)
    {
        if (data.Collator is not ITokenCollator collator || recipe.Task is not (RecipeTask.TokenClassification or RecipeTask.CausalLm or RecipeTask.MaskedLm) || data.Streams.Count > 0)
            yield break;
        var isTagged = recipe.Task == RecipeTask.TokenClassification;
        foreach (var (name, split) in new[] { ("training", data.Train), ("validation", data.Validation), ("test", data.Test) })
        {
            if (split is null || CutReport.Of(split, collator, cancellationToken) is not { Cut: > 0 } cut)
                continue;
            var what = string.Create(CultureInfo.InvariantCulture, $"{cut.Cut:N0} of {cut.Samples:N0} {name} samples are longer than {data.Context.MaxTokens} tokens, the first at {cut.First}; {cut.LeftOut:N0} {(isTagged ? "words" : "tokens")} are cut off");
            if (isTagged && split != data.Train)
                throw new DecantException($"{what}, and nobody would be asked about them: raise input.max-tokens.");
            yield return what + ".";
        }
    }
}
