using System.Globalization;
using Decant.Data;
using Decant.Data.Labels;
using Decant.Data.Splitting;
using Decant.Models.Configuration;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Preparing;

/// <summary>Samples as an embedding takes them: texts, pairs of texts that may have a score, or queries with documents. They are learned from by their teacher's vectors; a score is a label.</summary>
internal static class EmbeddingSamples
{
    /// <summary>The samples with the labels that an embedding has: scores of pairs, or none, where each is its own.</summary>
    /// <exception cref="DecantException">There are scores, and no pairs; or several numbers for a pair.</exception>
    public static Dataset Of(Dataset samples)
    {
        if (samples.LabelKind == LabelKind.Grades)
            return samples;
        if (samples.LabelKind != LabelKind.Numbers || samples.LabelledCount == 0)
            return samples.WithOwnLabels();
        if (samples.Classes.Count > 1)
            throw new DecantException($"{samples.Name}: an embedding is measured by one score of how alike two texts are, and 'target' names {samples.Classes.Count} columns ({string.Join(", ", samples.Classes)}); name one.");
        return samples[0].Content is TextContent { Pair: not null } ? samples : throw new DecantException(
            $"{samples.Name}: 'target' names the scores of pairs of texts, and the samples are no pairs; name the column of the second text with 'pair', or leave 'target' out.");
    }

    /// <summary>Remarks on them.</summary>
    public static IEnumerable<string> Remarks(Recipe recipe, DataSplits splits)
    {
        if (recipe.Task != ModelTask.Embedding || splits.Train.LabelKind != LabelKind.Numbers)
            yield break;
        if (splits.Train.Count - splits.Train.LabelledCount is > 0 and var without)
            yield return string.Create(CultureInfo.InvariantCulture, $"{without:N0} of {splits.Train.Count:N0} training pairs have no score; the teacher's vectors are learned from all of them.");
    }
}
