using System.Reflection;
using Decant.Data.Splitting;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Running;

/// <summary>The first events of a run: what it is, on what data.</summary>
internal static class RunDescription
{
    public static string Version { get; } =
        typeof(RunDescription).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static RunStarted Of(RunRecipe recipe, string text, string command, Machine machine) => new()
    {
        Name = recipe.Name,
        About = recipe.About,
        Task = recipe is Recipe one ? EnumWords.Of(one.Task) : "multi-task",
        Recipe = text,
        Models = recipe.References.Models.Count > 0 ? recipe.References.Models : null,
        Command = command,
        DecantVersion = Version,
        Machine = machine,
        Seeds = recipe.RunSeeds(),
    };

    public static DataDescribed Of(PreparedTask part)
    {
        var data = part.Data;
        var splits = new Dictionary<string, long> { ["train"] = data.Train.Count };
        if (data.Validation is not null)
            splits["validation"] = data.Validation.Count;
        splits["test"] = data.Test.Count;
        return new DataDescribed
        {
            Source = data.Train.Name,
            Task = part.Name is null ? null : EnumWords.Of(part.Recipe.Task),
            Classes = data.Classes,
            Splits = splits,
            StudentLabels = data.LabelledTransferSet.Count == data.Train.LabelledCount ? null : data.LabelledTransferSet.Count,
        };
    }

    /// <summary>What a run notes of how the cores are shared, where that was measured: another run of the same recipe may find otherwise.</summary>
    public static string OfMeasured(ThreadAllocationSection cores)
    {
        var shares = new[] { ("teacher", cores.Teacher), ("student", cores.Student), ("control", cores.Control) };
        return $"How the cores are shared was measured at the start ({string.Join(", ", shares.Where(s => s.Item2 is not null).Select(s => $"{s.Item1} {s.Item2}"))}) and is written into this run's recipe.yaml, which "
            + "gives the same weights again, bit for bit. A new run of a recipe without 'thread-allocation' measures anew, may choose otherwise, and then differs in the last bits.";
    }

    public static string Of(SplitOverlap overlap) =>
        $"{overlap.Count} samples of the {overlap.Later} split stand in the {overlap.Earlier} split too, the first at {overlap.Example}" +
        (overlap.Dropped > 0 ? $"; {overlap.Dropped} were dropped from the {overlap.Earlier} split." : "; they were left where they are.");
}
