namespace Decant.Export;

/// <summary>Writes a file so that it is either there as a whole or not there at all.</summary>
internal static class NewFile
{
    /// <summary>Writes under a temporary name in the same folder, flushes to the disk, renames.</summary>
    /// <param name="path">Where to; a file that is there is replaced.</param>
    /// <param name="write">Writes the contents.</param>
    /// <exception cref="DecantException">The disk is full, or the folder cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException(
                $"{path} cannot be written: {error.Message} Free some room, or choose another folder.", ExitCodes.Machine, error);
        }
        finally
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
        }
    }
}
