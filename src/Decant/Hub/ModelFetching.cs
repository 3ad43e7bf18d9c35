namespace Decant.Hub;

/// <summary>Where models come from: a path stays a path, and an address such as <c>hf:ORG/NAME</c> becomes the folder that its files were fetched to.</summary>
/// <param name="fetchers">Makes the places, one for each scheme, when the first model is fetched: until then nobody needs to know how they are set up.</param>
internal sealed class ModelFetching(Func<IReadOnlyList<IModelFetcher>> fetchers)
{
    private readonly Lazy<IReadOnlyList<IModelFetcher>> _fetchers = new(fetchers);

    /// <summary>Fetches a model.</summary>
    /// <param name="request">What.</param>
    /// <param name="progress">Told while it goes on; null: nobody.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="DecantException">It could not be fetched, or nothing fetches from there.</exception>
    public FetchedModel Fetch(FetchRequest request, IProgress<FetchProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var fetcher = _fetchers.Value.FirstOrDefault(f => f.Scheme == request.Address.Scheme)
            ?? throw new DecantException($"{request.Address}: expected {string.Join(" or ", _fetchers.Value.Select(f => f.Scheme + ":"))} in front of a model that is fetched, came {request.Address.Scheme}:, from which nothing is fetched here.");
        return fetcher.Fetch(request, progress, cancellationToken);
    }
}
