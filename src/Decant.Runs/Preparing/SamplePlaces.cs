using Decant.Data;

namespace Decant.Runs.Preparing;

/// <summary>Finds samples by their ids.</summary>
/// <param name="sources">Where they may be.</param>
internal sealed class SamplePlaces(IReadOnlyList<Dataset> sources)
{
    private readonly Lazy<Dictionary<SampleId, (Dataset Of, int Index)>> _places = new(() =>
    {
        var places = new Dictionary<SampleId, (Dataset Of, int Index)>();
        foreach (var source in sources)
            for (var i = 0; i < source.Count; i++)
                places.TryAdd(source.IdOf(i), (source, i));
        return places;
    });

    /// <summary>The content of a sample.</summary>
    /// <exception cref="DecantException">It is in none of the sources.</exception>
    public SampleContent ContentOf(SampleId id) => _places.Value.TryGetValue(id, out var place) ? place.Of[place.Index].Content
        : throw new DecantException($"The teacher was asked about sample {id}, which is in none of {string.Join(", ", sources.Select(s => s.Name).Distinct())}.");
}
