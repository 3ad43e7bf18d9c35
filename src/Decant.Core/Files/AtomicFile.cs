using System.Text.RegularExpressions;

namespace Decant.Files;

/// <summary>Writes files that are there as a whole or not at all, even if writing is interrupted.</summary>
internal static partial class AtomicFile
{
    /// <summary>Writes these bytes; see <see cref="Write(string, Action{Stream}, bool)"/>.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="content">All of the file.</param>
    /// <param name="replace">Whether a file that is there is replaced.</param>
    public static void Write(string path, byte[] content, bool replace = true) => Write(path, stream => stream.Write(content), replace);

    /// <summary>Writes under a temporary name in the same folder, flushes to the disk, renames, flushes the folder.</summary>
    /// <param name="path">Where to; its folder must exist.</param>
    /// <param name="write">Writes the contents. What it throws leaves the old file as it was, and no temporary one.</param>
    /// <param name="replace">Whether a file that is there is replaced.</param>
    /// <exception cref="DecantException">The disk is full, the folder cannot be written, or a file is there that is not to be replaced.</exception>
    public static void Write(string path, Action<Stream> write, bool replace = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            if (!replace)
                RefuseExisting(path);
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, replace);
            FolderSync.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It may have come while this was written.
            if (!replace)
                RefuseExisting(path);
            throw new DecantException($"{path} cannot be written: {error.Message} Free some room, or choose another folder.", ExitCodes.Machine, error);
        }
        finally
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
        }
    }

    /// <summary>Removes the temporary files that killed processes left in a folder and below it. What cannot be removed does no harm.</summary>
    internal static void RemoveLeftovers(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.tmp", SearchOption.AllDirectories).Where(f => Temporary().IsMatch(f)).ToArray())
        {
            try
            {
                File.Delete(file);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
            }
        }
    }

    [GeneratedRegex(@"\.[0-9a-f]{32}\.tmp\z")]
    private static partial Regex Temporary();

    private static void RefuseExisting(string path)
    {
        if (File.Exists(path))
            throw new DecantException($"{path} cannot be written: it is there already, and nothing is overwritten. Choose another name.");
    }
}
