using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Running;

namespace Decant.Export.Onnx;

/// <summary>An ONNX file that is kept once it was run: until then it has a name of its own, in a folder of its own beside the place where it will lie.</summary>
internal static class VerifiedFile
{
    /// <summary>Writes a file, opens it in ONNX Runtime, and keeps it if nothing is thrown.</summary>
    /// <param name="path">Where it is kept; its folder is made if it is not there.</param>
    /// <param name="model">What is written.</param>
    /// <param name="check">Runs it.</param>
    /// <returns>What the check gave.</returns>
    public static T Write<T>(string path, ModelProto model, Func<OnnxSession, T> check)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var isNew = !Directory.Exists(folder);
        var place = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(place);
            var file = Path.Combine(place, Path.GetFileName(path));
            OnnxFile.Write(file, model);
            using var session = OnnxSession.Open(file);
            var result = check(session);
            foreach (var part in Directory.GetFiles(place).OrderBy(p => p == file)) // the graph last: it names the other
                File.Move(part, Path.Combine(folder, Path.GetFileName(part)), overwrite: true);
            return result;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{path} cannot be written: {error.Message} Free some room, or choose another folder.", ExitCodes.Machine, error);
        }
        finally
        {
            if (Directory.Exists(place))
                Directory.Delete(place, recursive: true);
            if (isNew && Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
                Directory.Delete(folder);
        }
    }
}
