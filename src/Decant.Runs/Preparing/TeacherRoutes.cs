using System.Globalization;
using Decant.Data;
using Decant.Runs.Recipes.Schema;
using Decant.Signals;
using Decant.Teachers.Ensembles;

namespace Decant.Runs.Preparing;

/// <summary>Which teachers teach which samples, by their tags.</summary>
internal static class TeacherRoutes
{
    /// <summary>Several teachers that teach the samples of their tags alone; several of one tag are mixed as the ensemble says.</summary>
    /// <param name="several">The teachers.</param>
    /// <param name="labelsOnly">Tags that no teacher teaches.</param>
    /// <param name="alone">A member as a teacher.</param>
    /// <param name="places">Where the samples are.</param>
    public static RoutedTeacher Of(Ensemble several, IReadOnlyList<string> labelsOnly, Func<EnsembleMember, ITeacher> alone, SamplePlaces places)
    {
        var routes = new Dictionary<string, ITeacher>(StringComparer.Ordinal);
        foreach (var tag in several.Members.SelectMany(m => m.Tags).Distinct())
        {
            EnsembleMember[] its = [.. several.Members.Where(m => m.Tags.Contains(tag))];
            routes[tag] = its.Length == 1 ? alone(its[0]) : new EnsembleTeacher([.. its.Select(alone)], several.Mixture.OfMembers([.. its.Select(m => several.Members.ToList().IndexOf(m))]), [.. its.Select(m => m.Name)]);
        }

        return new RoutedTeacher(routes, labelsOnly.ToHashSet(StringComparer.Ordinal), id => places.ContentOf(id).Tag);
    }

    /// <summary>Refuses samples that no teacher teaches, before any work; says how many each tag has.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="samples">What is learned from.</param>
    /// <returns>The remarks; none where teachers have no tags.</returns>
    /// <exception cref="DecantException">A tag has no teacher.</exception>
    public static IReadOnlyList<string> Check(Recipe recipe, Dataset samples)
    {
        if (!recipe.HasTags())
            return [];
        var taught = recipe.Teachers!.SelectMany(t => t.Tags ?? []).ToHashSet(StringComparer.Ordinal);
        var alone = recipe.Ensemble?.LabelsOnly ?? [];
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < samples.Count; i++)
        {
            var tag = samples[i].Content.Tag;
            if (tag is null || (!taught.Contains(tag) && !alone.Contains(tag)))
                throw RoutedTeacher.NoTeacher(tag, samples.Where(i), taught);
            counts[tag] = counts.GetValueOrDefault(tag) + 1;
        }

        if (taught.Concat(alone).FirstOrDefault(tag => !counts.ContainsKey(tag)) is { } unused)
            throw new DecantException($"teachers: no sample of {samples.Name} has the tag '{unused}'; it has {string.Join(", ", counts.Keys.Select(k => $"'{k}'"))}.");
        return [string.Create(CultureInfo.InvariantCulture, $"Teachers by tag: {string.Join("; ", counts.Select(c => $"'{c.Key}' ({c.Value:N0} samples) {(taught.Contains(c.Key) ? $"from {string.Join(", ", recipe.Teachers!.Where(t => t.Tags?.Contains(c.Key) is true).Select(t => t.Name))}" : "from the labels")}"))}.")];
    }
}
