using System.Globalization;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Models.Configuration;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Preparing;

/// <summary>Counts what the most tokens cut off, before the long work starts: what is learned from or measured may be cut and is noted, words of a test sentence may not.</summary>
internal static class TruncationReport
{
    /// <summary>A sentence for every split with samples that are cut. Packed text is not: it continues in the next sequence.</summary>
    /// <exception cref="DecantException">Samples that cannot become sequences, or words of a test sentence that would be truncated.</exception>
    public static IEnumerable<string> Of(PreparedData data, Recipe recipe, CancellationToken cancellationToken)
    {
        (string Name, Dataset? Samples)[] splits =
        [
            ("training", data.Train), ("validation", data.Validation), ("test", data.Test),
            .. data.TransferSets.Sets.Values.Select(s => ("transfer", (Dataset?)s)),
        ];
        return splits.Where(s => s.Samples is not null).SelectMany(s => Of(s.Name, s.Samples!, data, recipe, cancellationToken));
    }

    /// <summary>The same of the test split alone.</summary>
    public static IEnumerable<string> OfTest(PreparedData data, Recipe recipe, CancellationToken cancellationToken) => Of("test", data.Test, data, recipe, cancellationToken);

    private static IEnumerable<string> Of(string name, Dataset split, PreparedData data, Recipe recipe, CancellationToken cancellationToken)
    {
        if (data.Collator is not ITokenCollator collator || data.Streams.Count > 0 || TruncationCount.Of(split, collator, cancellationToken) is not { Cut: > 0 } cut)
            yield break;
        var isTagged = recipe.Task == ModelTask.TokenClassification;
        var what = string.Create(CultureInfo.InvariantCulture,
            $"{cut.Cut:N0} of {cut.Samples:N0} {name} samples ({100.0 * cut.Cut / cut.Samples:0.#} %) are longer than {data.Context.MaxTokens} tokens, the first at {cut.First}; {cut.LeftOut:N0} {(isTagged ? "words" : "tokens")} are cut off");
        var lengths = string.Create(CultureInfo.InvariantCulture, $"95 % of the samples have at most {cut.Whole95:N0} tokens, the longest has {cut.WholeLongest:N0}");
        if (isTagged && (name is "validation" or "test"))
            throw new DecantException($"{what}, and no token of theirs would be evaluated: raise input.max-tokens. {lengths}.");
        yield return $"{what}{(isTagged ? ", and their tags are not learned from" : "")}. {lengths}: input.max-tokens says how many are read.";
    }
}
