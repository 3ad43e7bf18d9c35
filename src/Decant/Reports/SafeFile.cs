namespace Decant.Reports;

/// <summary>Files that are there whole or not at all.</summary>
internal static class SafeFile
{
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var fresh = path + ".new";
        try
        {
            using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(fresh, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"Cannot write {path}: {e.Message} Make room, or choose another folder.", ExitCodes.Machine, e);
        }
    }
}
