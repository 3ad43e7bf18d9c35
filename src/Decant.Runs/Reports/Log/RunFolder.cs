using System.Globalization;

namespace Decant.Runs.Reports.Log;

/// <summary>The folder of a run: where everything lies.</summary>
public sealed class RunFolder
{
    private RunFolder(string path) => Root = path;

    /// <summary>The folder itself, absolute.</summary>
    public string Root { get; }

    /// <summary>The recipe as it was run.</summary>
    public string Recipe => Path.Combine(Root, "recipe.yaml");

    /// <summary>Everything that happened, as JSON lines.</summary>
    public string Record => Path.Combine(Root, "record.jsonl");

    /// <summary>The final table.</summary>
    public string Summary => Path.Combine(Root, "summary.json");

    /// <summary>The report.</summary>
    public string Report => Path.Combine(Root, "report.html");

    /// <summary>A new folder.</summary>
    /// <param name="chosen">Where; null: <c>runs/NAME</c> below the current folder, with a number when that exists.</param>
    /// <param name="name">The recipe's name.</param>
    /// <exception cref="DecantException">A chosen folder exists and is not empty, or cannot be written.</exception>
    public static RunFolder Create(string? chosen, string name)
    {
        var path = Path.GetFullPath(chosen ?? Free(Path.Combine("runs", Safe(name))));
        try
        {
            if (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))
                throw new DecantException($"The output folder {path} exists and is not empty. Nothing is overwritten: choose another with --out, or remove it.");
            Directory.CreateDirectory(path);
            var probe = Path.Combine(path, ".probe");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"The output folder {path} cannot be written: {error.Message} Choose another with --out.", ExitCodes.Machine, error);
        }

        return new RunFolder(path);
    }

    /// <summary>The folder of a finished run.</summary>
    public static RunFolder Open(string path) => new(Path.GetFullPath(path));

    /// <summary>The folder of a run that was begun.</summary>
    /// <exception cref="DecantException">There is no such folder, or it is no run's.</exception>
    public static RunFolder Existing(string path)
    {
        var folder = Open(path);
        if (!Directory.Exists(folder.Root))
            throw new DecantException($"There is no folder {path}: give the folder of a run, as in 'decant distill --resume runs/x'.");
        if (!File.Exists(folder.Recipe))
            throw new DecantException($"{path} is no run's folder: a run has a recipe.yaml and a record.jsonl. A run that was killed before it wrote them had done nothing; start it again.");
        return folder;
    }

    /// <summary>Where an arm's model lies: <c>teacher/</c>, <c>student/</c>, <c>control/</c>; of further seeds below <c>seed-N/</c>.</summary>
    public string Model(string arm, long seed, bool isFirstSeed) => isFirstSeed ? Path.Combine(Root, arm) : Path.Combine(Root, $"seed-{seed}", arm);

    /// <summary>Where TensorBoard's events lie, a folder per arm and seed.</summary>
    public string TensorBoardRoot => Path.Combine(Root, "tensorboard");

    /// <summary>What a run that is not finished needs to go on; gone once it is finished.</summary>
    public string Checkpoints => Path.Combine(Root, "checkpoints");

    /// <summary>Where an arm's unfinished state lies.</summary>
    public string Checkpoint(string arm, long seed) => Path.Combine(Checkpoints, $"{arm}-seed-{seed}");

    /// <summary>How far the run has come: which arms are done, and what the data was.</summary>
    internal string Progress => Path.Combine(Checkpoints, "progress.json");

    /// <summary>Held by the process that works on the run.</summary>
    internal string Lock => Path.Combine(Checkpoints, "lock");

    /// <summary>The command that resumes the run, such as <c>decant distill --resume runs/x</c>.</summary>
    /// <param name="job">The command that began it: <c>distill</c> or <c>train</c>.</param>
    public string CommandToResume(string job) => $"decant {job} --resume {Typed}";

    /// <summary>The folder as a user types it: relative where it lies below the current one, quoted where a shell needs it.</summary>
    private string Typed
    {
        get
        {
            var relative = Path.GetRelativePath(".", Root);
            var path = relative.StartsWith("..", StringComparison.Ordinal) ? Root : relative;
            return path.All(c => char.IsLetterOrDigit(c) || c is '/' or '-' or '_' or '.' or '+' or '@') ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
        }
    }

    private static string Free(string path)
    {
        for (var number = 1; ; number++)
        {
            var candidate = number == 1 ? path : $"{path}-{number}";
            if (!Directory.Exists(candidate) && !File.Exists(candidate))
                return candidate;
        }
    }

    private static string Safe(string name)
    {
        var forbidden = Path.GetInvalidFileNameChars().ToHashSet();
        var safe = new string([.. name.Select(c => forbidden.Contains(c) || char.IsWhiteSpace(c) || char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format ? '-' : c)]).Trim('.', '-');
        return safe.Length == 0 ? "run" : safe;
    }
}
