namespace Decant.Hub.HuggingFace;

/// <summary>Fetches models from Hugging Face's hub into the cache that its own tools use, so that each finds what the other fetched.</summary>
/// <param name="settings">Where the hub and the cache are.</param>
/// <param name="clock">The clock; null: the system's.</param>
internal sealed class HuggingFaceHub(HubSettings settings, TimeProvider? clock = null) : IModelFetcher
{
    /// <inheritdoc/>
    public string Scheme => ModelAddress.HuggingFace;

    /// <inheritdoc/>
    public FetchedModel Fetch(FetchRequest request, IProgress<FetchProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var cached = new CachedModel(settings, request);
        if (settings.Offline is not null)
            return cached.Require();
        // A commit never changes: what is here in full needs no question.
        if (request.Address.Version is { } version && Repository.IsCommit(version) && cached.Find(isSure: true) is { } here)
            return here;
        // What is here needs no patience: the hub is asked once, and briefly, whether there is something newer.
        var isHere = new CachedModel(settings, request with { CheckSettings = null }).Find(isSure: false) is not null;
        try
        {
            using var http = new HubHttp(settings);
            // On the pool, so that no caller's context is waited for.
            return Task.Run(() => new HubDownload(settings, http, request, progress, clock ?? TimeProvider.System) { IsHere = isHere }.Run(cancellationToken), cancellationToken).GetAwaiter().GetResult();
        }
        catch (HubUnreachableException error) when (!error.HasBegun && cached.Find(isSure: false) is not null)
        {
            var found = cached.Find(isSure: false)!;
            return found with { Remark = $"{request.Address}: {error.What}; the files of the cache are used, {found.Exact}" };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{request.Address}: the cache {settings.Cache} cannot be written: {error.Message} Free some room, or put the cache elsewhere with HF_HUB_CACHE.", ExitCodes.Machine, error);
        }
    }
}
