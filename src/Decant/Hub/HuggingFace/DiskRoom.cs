namespace Decant.Hub.HuggingFace;

/// <summary>The free room of a disk.</summary>
internal static class DiskRoom
{
    /// <summary>The bytes that a user may still write to the disk of a folder, which need not be there yet; null: unknown.</summary>
    public static long? Free(string folder)
    {
        try
        {
            var there = folder;
            while (!Directory.Exists(there))
                there = Path.GetDirectoryName(there) ?? Path.GetPathRoot(folder)!;
            var disk = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(there)! : there);
            return disk.TotalSize > 0 ? disk.AvailableFreeSpace : null; // no disk at all, such as /proc: writing will tell
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null; // a network folder of a kind that cannot be asked: writing will tell
        }
    }

    /// <summary>Refuses a download that the disk has no room for.</summary>
    /// <param name="settings">The cache, and who knows its disk.</param>
    /// <param name="source">The model's address.</param>
    /// <param name="bytes">The bytes that are still to come.</param>
    /// <exception cref="DecantException">It has fewer.</exception>
    public static void Require(HubSettings settings, string source, long bytes)
    {
        if (settings.FreeBytes(settings.Cache) is { } free && free < bytes)
            throw new DecantException(
                $"{source}: {HubText.Bytes(bytes)} are to be downloaded, and the disk of {settings.Cache} has {HubText.Bytes(free)} free. Nothing was downloaded. Free some room, or put the cache elsewhere with HF_HUB_CACHE.",
                ExitCodes.Machine);
    }
}
