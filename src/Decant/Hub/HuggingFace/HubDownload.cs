using Decant.Files;

namespace Decant.Hub.HuggingFace;

/// <summary>One model's way into the cache: its listing, what of it is needed, its settings first, its weights last.</summary>
/// <param name="settings">Where the hub and the cache are.</param>
/// <param name="http">Sends requests.</param>
/// <param name="request">What is fetched.</param>
/// <param name="progress">Who is told.</param>
/// <param name="clock">The clock.</param>
internal sealed class HubDownload(HubSettings settings, HubHttp http, FetchRequest request, IProgress<FetchProgress>? progress, TimeProvider clock)
{
    /// <summary>The branch that counts where none is named.</summary>
    public const string MainBranch = "main";

    private readonly string _revision = request.Address.Version ?? MainBranch;
    private readonly HubAnswers _answers = new(settings, http, request.Address, clock);
    private readonly HubCache _cache = new(settings.Cache, request.Address.Name, settings.MayLink);
    private readonly DownloadMeter _meter = new($"{request.Address}", progress);

    /// <summary>Whether the cache has all that is needed, so that the hub need not answer.</summary>
    public bool IsHere { get; init; }

    /// <summary>Fetches what is needed and not here.</summary>
    /// <exception cref="HubUnreachableException">The hub does not answer.</exception>
    /// <exception cref="DecantException">It cannot be had, or is not what is served.</exception>
    public async Task<FetchedModel> Run(CancellationToken cancellationToken)
    {
        var repository = await Describe(cancellationToken).ConfigureAwait(false);
        var all = repository.Files.Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        var (first, weights) = Needed(all);
        var files = new List<RepositoryFile>();
        foreach (var path in first.Concat(weights is null ? [] : [weights]))
            files.Add(await Known(repository, path, cancellationToken).ConfigureAwait(false));
        Expect(repository.Commit, files);
        await FetchAll(repository.Commit, files.SkipLast(weights is null ? 0 : 1), cancellationToken).ConfigureAwait(false);
        Check(repository.Commit);
        if (weights is not null)
            files = [.. files, .. await FetchWeights(repository, files, cancellationToken).ConfigureAwait(false)];
        _cache.Note(_revision, repository.Commit);
        _meter.Finish();
        return new FetchedModel(_cache.Snapshot(repository.Commit), CachedModel.Exact(request.Address, repository.Commit), [.. files.Select(f => f.Path).Order(StringComparer.Ordinal)]) { Downloaded = _meter.Received };
    }

    private async Task<Repository> Describe(CancellationToken cancellationToken)
    {
        var address = new Uri(settings.Endpoint, $"api/models/{request.Address.Name}/revision/{Uri.EscapeDataString(_revision)}?blobs=true");
        _meter.Tell($"asking {settings.Endpoint.Host}");
        var retries = new Retries(IsHere ? settings with { Attempts = 1 } : settings, $"{request.Address}", clock, _meter.Tell);
        var json = await retries.Run(() => IsHere ? BriefText(address, cancellationToken) : Text(address, cancellationToken), cancellationToken).ConfigureAwait(false);
        try
        {
            var repository = Repository.Read(json);
            return !Repository.IsCommit(_revision) || repository.Commit == _revision ? repository : throw new DecantException($"it is of the commit {repository.Commit}");
        }
        catch (DecantException error)
        {
            throw new DecantException($"{request.Address}: expected a description of the model at {HubText.Shown(address)}, and {error.Message}. Look at HF_ENDPOINT: this is not an answer of the hub.", ExitCodes.Machine, error);
        }
    }

    private async Task<byte[]> BriefText(Uri address, CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(settings.CachedTimeout);
        try
        {
            return await Text(address, time.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransientFault($"{address.Host} did not answer in {HubText.Duration(settings.CachedTimeout)}", null, error);
        }
    }

    private async Task<byte[]> Text(Uri address, CancellationToken cancellationToken)
    {
        using var response = await http.Send(HttpMethod.Get, address, 0, cancellationToken).ConfigureAwait(false);
        _answers.Check(response.Last, null);
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(settings.StallTimeout);
        try
        {
            using var body = await response.Last.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
            using var bytes = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (int read; (read = await body.ReadAsync(buffer, stall.Token).ConfigureAwait(false)) > 0;)
            {
                bytes.Write(buffer, 0, read);
                if (bytes.Length > RegularFile.MostSettings)
                    throw new DecantException($"{request.Address}: the description of the model has more than {RegularFile.MostSettings:N0} bytes. Look at HF_ENDPOINT: this is not an answer of the hub.", ExitCodes.Machine);
            }

            return bytes.ToArray();
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new TransientFault("the connection was cut", null, error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransientFault($"the description of the model did not come in {HubText.Duration(settings.StallTimeout)}", null, error);
        }
    }

    /// <summary>The small files, the settings first, and the file that the weights begin with.</summary>
    private (IReadOnlyList<string> Small, string? Weights) Needed(HashSet<string> all)
    {
        if (request.Include.Count > 0)
        {
            var matching = NeededFiles.Matching(all, request.Include).Order(StringComparer.Ordinal).ToList();
            return matching.Count > 0 ? (matching, null) : throw new DecantException($"{request.Address}: no file matches {string.Join(", ", request.Include)}; it has {string.Join(", ", all.Order(StringComparer.Ordinal).Take(20))}{(all.Count > 20 ? $" and {all.Count - 20} more" : "")}.");
        }

        if (request.Purpose == FetchPurpose.Settings)
            return ([.. all.Where(f => f == NeededFiles.Settings)], null);
        List<string> small = [.. NeededFiles.Small(all).OrderBy(f => f != NeededFiles.Settings).ThenBy(f => f, StringComparer.Ordinal)];
        if (request.Purpose == FetchPurpose.Tokenizer)
            return NeededFiles.HasTokenizer(small) ? (small, null) : throw new DecantException($"{request.Address}: expected a tokenizer (tokenizer.json, vocab.txt, a SentencePiece model, …), came none; take the tokenizer of the model that it was made from.");
        if (request.Purpose == FetchPurpose.Model && !all.Contains(NeededFiles.Settings))
            throw new DecantException($"{request.Address}: expected {NeededFiles.Settings}, the settings of the model, came none; {NeededFiles.Instead(all)}");
        return (small, NeededFiles.Weights(all) ?? throw new DecantException($"{request.Address}: {NeededFiles.Instead(all)}"));
    }

    /// <summary>A file with its size and hash: the listing's, or what the file's own headers say.</summary>
    private async Task<RepositoryFile> Known(Repository repository, string path, CancellationToken cancellationToken)
    {
        var file = repository.Files.First(f => f.Path == path);
        if (file is { Size: not null, Hash: not null })
            return file;
        var retries = new Retries(settings, Subject(path), clock, _meter.Tell) { HasBegun = true };
        return await retries.Run(async () =>
        {
            using var response = await http.Send(HttpMethod.Head, Address(repository.Commit, path), 0, cancellationToken).ConfigureAwait(false);
            if (response.Hash is null)
                _answers.Check(response.Last, path);
            return new RepositoryFile(path, file.Size ?? response.Size ?? response.Last.Content.Headers.ContentLength, file.Hash ?? response.Hash) is { Size: not null, Hash: not null } known
                ? known
                : throw new DecantException($"{Subject(path)}: neither the listing nor the file's headers (ETag, X-Linked-Etag, Content-Length) say its size and hash, so nobody could tell whether it came whole. Look at HF_ENDPOINT: a mirror must pass these on.", ExitCodes.Machine);
        }, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<RepositoryFile>> FetchWeights(Repository repository, IReadOnlyList<RepositoryFile> files, CancellationToken cancellationToken)
    {
        await FetchAll(repository.Commit, [files[^1]], cancellationToken).ConfigureAwait(false);
        if (!NeededFiles.IsIndex(files[^1].Path))
            return [];
        var shards = new List<RepositoryFile>();
        foreach (var shard in ShardNames.Of(_cache.Pointer(repository.Commit, files[^1].Path)))
        {
            if (repository.Files.All(f => f.Path != shard))
                throw new DecantException($"{Subject(files[^1].Path)}: it names the file '{HubText.Foreign(shard)}', and the repository has none. The model is damaged where it is published.");
            shards.Add(await Known(repository, shard, cancellationToken).ConfigureAwait(false));
        }

        Expect(repository.Commit, shards);
        await FetchAll(repository.Commit, shards, cancellationToken).ConfigureAwait(false);
        return shards;
    }

    /// <summary>Adds what is to be fetched to the total, if the disk has room for it.</summary>
    private void Expect(string commit, IReadOnlyList<RepositoryFile> files)
    {
        _meter.Total += files.Sum(f => f.Size!.Value);
        DiskRoom.Require(settings, $"{request.Address}", files.Where(f => !_cache.HasPointer(commit, f.Path, f.Size) && !_cache.Has(f.Hash!, f.Size!.Value)).Sum(f => f.Size!.Value - Math.Min(f.Size.Value, _cache.IncompleteBytes(f.Hash!))));
    }

    private async Task FetchAll(string commit, IEnumerable<RepositoryFile> files, CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _meter.Begin(file.Path);
            if (!_cache.HasPointer(commit, file.Path, file.Size))
            {
                var isNew = !_cache.Has(file.Hash!, file.Size!.Value) && await new FileDownload(settings, http, _answers, _cache, _meter, clock)
                    .Fetch(Subject(file.Path), Address(commit, file.Path), file.Path, file.Hash!, file.Size.Value, cancellationToken).ConfigureAwait(false);
                _cache.Publish(file.Hash!, commit, file.Path, isNew);
            }

            _meter.End(file.Size!.Value);
            if (file.Path == NeededFiles.Settings)
                Check(commit); // first of all files, and again when what stands beside it is here too
        }
    }

    private void Check(string commit)
    {
        if (request is not { Purpose: FetchPurpose.Model, Include.Count: 0 })
            return;
        var config = _cache.Pointer(commit, NeededFiles.Settings);
        try
        {
            request.CheckSettings?.Invoke(config);
        }
        catch (DecantException error)
        {
            throw new DecantException($"{request.Address}: {error.Message.Replace(config + ": ", "", StringComparison.Ordinal)} Its weights were not downloaded.", error.ExitCode, error);
        }
    }

    private string Subject(string path) => $"{request.Address}, {path}";

    private Uri Address(string commit, string path) => new(settings.Endpoint, $"{request.Address.Name}/resolve/{commit}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}");
}
