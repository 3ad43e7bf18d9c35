using System.Globalization;
using Decant.Data;
using Decant.Data.Sources;
using Decant.Data.Splitting;
using Decant.Runs.Recipes.Checks;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Preparing;

/// <summary>The samples of other sources that a recipe's students are taught on, beside the training split.</summary>
/// <param name="Sets">By what the recipe says of them; documents of a language model are not yet packed.</param>
/// <param name="Overlaps">What they share with the splits that measure.</param>
internal sealed record TransferSets(IReadOnlyDictionary<TransferSection, Dataset> Sets, IReadOnlyList<SplitOverlap> Overlaps) : IDisposable
{
    /// <summary>The n-grams of the training split that a part of the recipe adds to it, by what the recipe says there.</summary>
    public IReadOnlyDictionary<TransferSection, IReadOnlyList<SampleContent>> NGrams { get; init; } = new Dictionary<TransferSection, IReadOnlyList<SampleContent>>();

    /// <summary>What was added.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>What a chat model wrote for the student to learn, instead of the training split; null: it wrote nothing.</summary>
    public Dataset? Written { get; init; }

    public static TransferSets None { get; } = new(new Dictionary<TransferSection, Dataset>(), []);

    /// <summary>Opens them. Their labels are not looked at: student and control have the same ones.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="splits">Its splits.</param>
    /// <param name="open">Opens a source as the task reads it.</param>
    public static TransferSets Open(Recipe recipe, DataSplits splits, Func<SourceOptions, Dataset> open)
    {
        var sets = new Dictionary<TransferSection, Dataset>();
        var overlaps = new List<SplitOverlap>();
        try
        {
            foreach (var (path, section) in RecipeChecks.DistillSections(recipe).Select(l => (l.Path, l.Section.TransferSet)).Where(l => l.TransferSet?.Data is not null))
            {
                if (sets.ContainsKey(section!))
                    continue;
                var samples = open(section!.Data!);
                sets[section] = samples;
                RefuseOtherContents(samples, splits.Train, path);
                var (apart, shared) = Splits.Apart(samples, "transfer", splits, recipe.Data.Split?.Overlap);
                sets[section] = apart;
                overlaps.AddRange(shared);
            }

            var (ngrams, remarks) = NGramsOf(recipe, splits, sets);
            return new TransferSets(sets, overlaps) { NGrams = ngrams, Remarks = remarks };
        }
        catch
        {
            new TransferSets(sets, overlaps).Dispose();
            throw;
        }
    }

    /// <summary>A dataset with n-grams.</summary>
    public static Dataset With(Dataset samples, IReadOnlyList<SampleContent> ngrams) => ngrams.Count == 0 ? samples : samples.WithUnlabelled(ngrams, $"{samples.Name}, n-grams");

    public void Dispose()
    {
        foreach (var set in Sets.Values)
            set.Dispose();
        Written?.Dispose();
    }

    private static (Dictionary<TransferSection, IReadOnlyList<SampleContent>> NGrams, List<string> Remarks) NGramsOf(Recipe recipe, DataSplits splits, Dictionary<TransferSection, Dataset> sets)
    {
        var (ngrams, remarks) = (new Dictionary<TransferSection, IReadOnlyList<SampleContent>>(), new List<string>());
        HashSet<ulong> measured = [.. new[] { splits.Validation, splits.Test }.OfType<Dataset>().SelectMany(split => Enumerable.Range(0, split.Count).Select(split.HashOf))];
        foreach (var (path, section) in RecipeChecks.DistillSections(recipe).Select(l => (l.Path, l.Section.TransferSet)).Where(l => l.TransferSet?.NGrams is not null))
        {
            if (ngrams.ContainsKey(section!))
                continue;
            var samples = sets.GetValueOrDefault(section!) ?? (section!.WithoutClasses is { Count: > 0 } left ? StudentData.WithoutClasses(splits.Train, left) : splits.Train);
            ngrams[section!] = NgramSampler.Of(samples, section!.NGrams!, measured.Contains);
            if (section.Data is not null)
                sets[section] = With(samples, ngrams[section]);
            remarks.Add(string.Create(CultureInfo.InvariantCulture, $"{path}.transfer-set: {samples.Count:N0} texts, and {ngrams[section].Count:N0} n-grams of them without a label."));
        }

        return (ngrams, remarks);
    }

    private static void RefuseOtherContents(Dataset samples, Dataset train, string path)
    {
        var (own, wanted) = (samples[0].Content.GetType(), train[0].Content.GetType());
        if (own != wanted)
            throw new DecantException($"{path}.transfer-set.data: {samples.Where(0)} has {Words(own)}, and the models are given {Words(wanted)}, as {train.Name} has them; give a source of the same sort.");
    }

    private static string Words(Type content) => content.Name.Replace("Content", "s", StringComparison.Ordinal).ToLowerInvariant();
}
