namespace Decant.Inference.Cascades;

/// <summary>The files of kept requests.</summary>
internal static class ShadowFiles
{
    public const string Prefix = "shadow-";

    /// <summary>Deletes those last written before a time, and then the oldest until the others have so many bytes at most. Other files in the folder are left alone.</summary>
    public static void Clear(string folder, DateTimeOffset before, long most)
    {
        var files = new DirectoryInfo(folder).GetFiles($"{Prefix}*.jsonl").OrderByDescending(f => f.LastWriteTimeUtc).ThenByDescending(f => f.Name, StringComparer.Ordinal);
        var bytes = 0L;
        foreach (var file in files)
        {
            bytes += file.Length;
            if (bytes > most || file.LastWriteTimeUtc < before.UtcDateTime)
                file.Delete();
        }
    }
}
