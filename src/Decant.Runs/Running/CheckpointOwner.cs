using System.Globalization;
using Decant.Runs.Planning;

namespace Decant.Runs.Running;

/// <summary>The owner of a checkpoint: a run, and in it the arm of a seed. It is attached to every checkpoint that a run writes, and one of another owner is refused.</summary>
/// <param name="Run">The run.</param>
/// <param name="Arm">What the arm's checkpoints are kept under; see <see cref="TrainedArm.Key"/>.</param>
/// <param name="Seed">The arm's seed.</param>
internal sealed record CheckpointOwner(RunIdentity Run, string Arm, long Seed)
{
    private const string RunKey = "run", NameKey = "run_name", FolderKey = "run_folder", BegunKey = "run_begun", RecipeKey = "run_recipe", DataKey = "run_data", ArmKey = "arm", SeedKey = "seed";

    /// <summary>Writes the owner among what is attached to a checkpoint.</summary>
    public void AddTo(IDictionary<string, string> attached)
    {
        attached[RunKey] = Run.Id;
        attached[NameKey] = Run.Name;
        attached[FolderKey] = Run.Folder;
        attached[BegunKey] = Run.Begun.ToString("O", CultureInfo.InvariantCulture);
        attached[RecipeKey] = Run.Recipe;
        attached[DataKey] = Run.Data;
        attached[ArmKey] = Arm;
        attached[SeedKey] = Seed.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The owner of a checkpoint; null where none is attached, or not the whole of it.</summary>
    public static CheckpointOwner? Of(IReadOnlyDictionary<string, string> attached)
    {
        string Text(string key) => attached.GetValueOrDefault(key, "");
        return DateTimeOffset.TryParseExact(Text(BegunKey), "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var begun)
            && long.TryParse(Text(SeedKey), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed)
            && Text(RunKey) is { Length: > 0 } id && Text(ArmKey) is { Length: > 0 } arm
                ? new(new RunIdentity(id, Text(NameKey), Text(FolderKey), begun, Text(RecipeKey), Text(DataKey)), arm, seed)
                : null;
    }

    /// <summary>What is wrong with a checkpoint that should be this owner's, as a sentence about it; null when nothing is.</summary>
    /// <param name="came">The owner that the checkpoint names; null: none.</param>
    public string? FaultOf(CheckpointOwner? came)
    {
        if (came == this)
            return null;
        var expected = $"expected one of {Words} of {Run}";
        if (came is null)
            return $"{expected}, came one that does not say which run it is of: an earlier version of Decant wrote it, which did not distinguish the checkpoints of two runs.";
        return came.Run == Run
            ? $"{expected}, came one of {came.Words} of that run."
            : $"{expected}, came one of {came.Words} of {came.Run}, {Run.DifferenceOf(came.Run)}.";
    }

    private string Words => TrainedArm.Parse(Arm) is ({ } task, var name) ? $"the {name} of {task} of seed {Seed}" : $"the {Arm} of seed {Seed}";
}
