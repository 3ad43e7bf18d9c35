namespace Decant.Hub.HuggingFace;

/// <summary>What of a model is in the cache, without a question to the hub.</summary>
/// <param name="settings">Where the cache is.</param>
/// <param name="request">What is wanted.</param>
internal sealed class CachedModel(HubSettings settings, FetchRequest request)
{
    private readonly HubCache _cache = new(settings.Cache, request.Address.Name, settings.MayLink);
    private readonly string _revision = request.Address.Version ?? HubDownload.MainBranch;

    /// <summary>The model, if all that its purpose needs is here; null: it is not.</summary>
    /// <param name="isSure">Whether nothing may be missing that only the hub's listing would tell: a tokenizer.</param>
    public FetchedModel? Find(bool isSure)
    {
        if (_cache.CommitOf(_revision) is not { } commit)
            return null;
        var files = _cache.FilesOf(commit);
        var wanted = request.Include.Count > 0 ? [.. NeededFiles.Matching(files, request.Include)] : files;
        if (wanted.Count == 0 || (isSure && request.Include.Count > 0) || (request.Include.Count == 0 && (Lacking(commit, files) is not null || (isSure && request.Purpose != FetchPurpose.Settings && !NeededFiles.HasTokenizer(files)))))
            return null;
        if (request.CheckSettings is { } check && request.Purpose == FetchPurpose.Model && request.Include.Count == 0)
            check(_cache.Pointer(commit, NeededFiles.Settings));
        return new FetchedModel(_cache.Snapshot(commit), Exact(request.Address, commit), wanted);
    }

    /// <summary>The same, where there is no other way.</summary>
    /// <exception cref="DecantException">It is not here in full: what is missing, and how to get it.</exception>
    public FetchedModel Require() => Find(isSure: false) ?? throw new DecantException(
        $"{request.Address}: the hub is not asked ({settings.Offline}), and {Missing()}. Run 'decant get {request.Address}' where the hub can be reached, or copy that machine's folder to {settings.Cache}.");

    /// <summary>The address of a model at one commit.</summary>
    public static string Exact(ModelAddress address, string commit) => (address with { Version = commit }).ToString();

    private string Missing()
    {
        if (_cache.CommitOf(_revision) is not { } commit)
            return $"{settings.Cache} has nothing of '{_revision}' of {request.Address.Name}";
        var files = _cache.FilesOf(commit);
        return files.Count == 0
            ? $"{settings.Cache} has no file of its commit {commit}"
            : $"of its commit {commit} the cache {settings.Cache} lacks {(request.Include.Count > 0 ? string.Join(", ", request.Include) : Lacking(commit, files))}";
    }

    /// <summary>A file that is needed and not here; null: none.</summary>
    private string? Lacking(string commit, IReadOnlyList<string> files)
    {
        if (request.Purpose == FetchPurpose.Tokenizer)
            return NeededFiles.HasTokenizer(files) ? null : "a tokenizer";
        if (request.Purpose is FetchPurpose.Model or FetchPurpose.Settings && !files.Contains(NeededFiles.Settings))
            return NeededFiles.Settings;
        if (request.Purpose == FetchPurpose.Settings)
            return null;
        if (NeededFiles.Weights(files) is not { } weights)
            return "weights";
        return NeededFiles.IsIndex(weights) ? ShardNames.Of(_cache.Pointer(commit, weights)).FirstOrDefault(shard => !files.Contains(shard)) : null;
    }
}
