using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;

namespace Decant.Cli.Commands;

/// <summary>What all commands do that run a recipe, or resume the run of one.</summary>
internal static class RecipeRun
{
    /// <summary>The options of a run that Ctrl+C stops.</summary>
    /// <param name="services">The services.</param>
    /// <param name="job">The command that resumes the run: <c>distill</c> or <c>train</c>.</param>
    /// <param name="folder">The run's folder; null: a new one under <c>runs/</c>, or that of the run that is resumed.</param>
    public static RunOptions Options(CliServices services, string job, string? folder = null) => new()
    {
        Out = folder,
        Command = services.CommandLine,
        Begun = begun => services.Interruption.GoOn = begun.CommandToResume(job),
        ExitWhenStopped = () => services.Interruption.ExitCode,
    };

    /// <summary>Does the work, showing how it goes, and then what it came to.</summary>
    public static int Show(CliServices services, bool isQuiet, Func<IProgress<RunEvent>, RunResult> work)
    {
        OutcomeView.Write(services.Console.Value, ProgressView.Run(services, isQuiet, work));
        return ExitCodes.Success;
    }
}
