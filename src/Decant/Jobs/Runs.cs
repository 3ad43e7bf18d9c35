using System.Diagnostics;
using System.Text;
using Decant.Recipes;
using Decant.Reports;

namespace Decant.Jobs;

/// <summary>How a recipe is run, beside what it says.</summary>
public sealed record RunOptions
{
    /// <summary>The run's folder; null: a new one under <c>runs/</c>.</summary>
    public string? Out { get; init; }

    /// <summary>The command as the user typed it, for the report.</summary>
    public string Command { get; init; } = "";
}

/// <summary>What a run leaves.</summary>
/// <param name="Folder">Where everything lies.</param>
/// <param name="Record">All that happened.</param>
public sealed record RunResult(RunFolder Folder, RunRecord Record);

/// <summary>What every run of a recipe has around its work: data and rehearsal first, then the folder, the record from the first event to the last, the summary, the report.</summary>
internal sealed class Runs(Catalog catalog, Recipe recipe, RunOptions options, IProgress<RunEvent>? progress)
{
    /// <summary>Runs.</summary>
    /// <param name="rehearse">Finds what does not fit, before anything is written.</param>
    /// <param name="work">The long work.</param>
    /// <param name="cancellationToken">Stops.</param>
    public RunResult Record(Action<PreparedData> rehearse, Action<PreparedData, RunFolder, RunLog> work, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var machine = MachineFacts.Prepare(recipe.Threads);
        using var data = DataPreparation.Prepare(catalog, recipe, cancellationToken);
        rehearse(data);
        var folder = RunFolder.Create(options.Out, recipe.Name);
        var text = RecipeWriter.Write(recipe);
        AtomicFile.Write(folder.Recipe, Encoding.UTF8.GetBytes(text));
        using (var log = new RunLog(folder, progress))
        {
            log.Write(RunDescription.Of(recipe, text, options.Command, machine));
            log.Write(RunDescription.Of(recipe, data));
            foreach (var overlap in data.Overlaps)
                log.Note(RunDescription.Of(overlap));
            try
            {
                work(data, folder, log);
                log.Write(new RunFinished { Seconds = clock.Elapsed.TotalSeconds });
            }
            catch (Exception error)
            {
                Close(log, clock.Elapsed, error);
                throw;
            }
        }

        var record = RunRecord.Read(folder.Record);
        RunSummary.Write(record, folder.Summary);
        ReportPage.Write(record, folder.Report);
        return new RunResult(folder, record);
    }

    private static void Close(RunLog log, TimeSpan elapsed, Exception error)
    {
        try
        {
            log.Write(new RunFinished { Seconds = elapsed.TotalSeconds, Exit = ExitOf(error) });
        }
        catch (Exception second) when (second is DecantException or IOException)
        {
            // The disk that is full now was full before: the first error says more.
        }
    }

    private static int ExitOf(Exception error) => error switch
    {
        DecantException known => known.ExitCode,
        OperationCanceledException => ExitCodes.Interrupted,
        IOException => ExitCodes.Machine,
        _ => ExitCodes.Fault,
    };
}
