namespace Decant.Files;

/// <summary>A folder that comes to be as a whole or not at all: it is filled beside its place, under another name.</summary>
internal sealed class NewFolder : IDisposable
{
    private readonly string _target;

    /// <summary>Begins one.</summary>
    /// <param name="target">Where it is to be: nothing, or an empty folder.</param>
    /// <exception cref="DecantException">Something is there, or nothing can be written there.</exception>
    public NewFolder(string target)
    {
        _target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        if (File.Exists(_target) || (Directory.Exists(_target) && Directory.EnumerateFileSystemEntries(_target).Any()))
            throw new DecantException($"{_target}: expected nothing or an empty folder, came {(File.Exists(_target) ? "a file" : "a folder with files")}. Nothing is overwritten: remove it, or name another folder with --out.");
        var parent = Path.GetDirectoryName(_target) ?? throw new DecantException($"{_target} is the root of the files; name a folder with --out.");
        Filled = Path.Combine(parent, $".{Path.GetFileName(_target)}.{Guid.NewGuid():N}.tmp");
        Try(() => Directory.CreateDirectory(Filled));
    }

    /// <summary>Where its files are written.</summary>
    public string Filled { get; }

    /// <summary>Puts it in its place.</summary>
    /// <exception cref="DecantException">It cannot be put there.</exception>
    public void Complete() => Try(() =>
    {
        if (Directory.Exists(_target))
            Directory.Delete(_target);
        Directory.Move(Filled, _target);
    });

    /// <summary>Removes what was not completed.</summary>
    public void Dispose()
    {
        if (Directory.Exists(Filled))
            Directory.Delete(Filled, recursive: true);
    }

    private void Try(Action work)
    {
        try
        {
            work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{_target} cannot be written: {error.Message} Free some room, or choose another folder with --out.", ExitCodes.Machine, error);
        }
    }
}
