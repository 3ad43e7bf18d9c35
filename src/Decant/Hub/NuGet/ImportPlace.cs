using Decant.Files;

namespace Decant.Hub.NuGet;

/// <summary>Where a model is imported before it goes to its place in the cache: a hidden folder beside it, locked while its process lives, so that what a killed process left is known and removed.</summary>
internal sealed class ImportPlace : IDisposable
{
    private const string LockName = "lock";
    private static readonly TimeSpan s_unlocked = TimeSpan.FromHours(1); // what has no lock may be another version's, at work

    private readonly string _folder;
    private readonly FileLock _lock;

    /// <summary>Makes one.</summary>
    /// <param name="cache">The folder of imported models; it is made if it is not there.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public ImportPlace(string cache)
    {
        _folder = Path.Combine(cache, $".{Guid.NewGuid():N}.tmp");
        Directory.CreateDirectory(Unpacked);
        _lock = FileLock.TryTake(Path.Combine(_folder, LockName)) ?? throw new IOException($"{_folder} is locked by another process. Try again.");
    }

    /// <summary>What was taken out of the package; an existing folder.</summary>
    public string Unpacked => Path.Combine(_folder, "unpacked");

    /// <summary>The folder of the model that is made of it.</summary>
    public string Made => Path.Combine(_folder, "made");

    /// <summary>Removes what processes left that do not live any more.</summary>
    public static void RemoveLeft(string cache)
    {
        if (!Directory.Exists(cache))
            return;
        foreach (var folder in Directory.EnumerateDirectories(cache, ".*.tmp").ToArray())
        {
            try
            {
                if (IsLeft(folder))
                    Directory.Delete(folder, recursive: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Another process removes it, or it is another user's.
            }
        }
    }

    /// <summary>Puts the model in its place; what stands there is taken away, unless it is whole because another process was first.</summary>
    public void Put(string folder)
    {
        if (Directory.Exists(folder) && ImportedFiles.Fault(folder) is not null)
            Directory.Move(folder, Path.Combine(_folder, "damaged"));
        try
        {
            if (!Directory.Exists(folder))
                Directory.Move(Made, folder);
        }
        catch (IOException) when (ImportedFiles.Fault(folder) is null)
        {
            // Another process was first.
        }
    }

    /// <summary>Removes it.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static bool IsLeft(string folder)
    {
        var file = Path.Combine(folder, LockName);
        if (!File.Exists(file))
            return DateTime.UtcNow - Directory.GetLastWriteTimeUtc(folder) > s_unlocked;
        using var taken = FileLock.TryTake(file);
        return taken is not null;
    }
}
