using Decant.Cli.Hosting;
using Decant.Runs.Reports.Record;

namespace Decant.Cli.Rendering;

/// <summary>Shows a run while it goes: drawn anew on a terminal, in lines anywhere else, not at all when quiet.</summary>
internal static class ProgressView
{
    /// <summary>Does the work with something to report to, under Ctrl+C.</summary>
    public static T Run<T>(CliServices services, bool isQuiet, Func<IProgress<RunEvent>, T> work)
    {
        services.Interruption.Listen();
        if (isQuiet) return work(new NoProgress());
        if (!services.IsTerminal) return work(new PlainProgress(services.Out, services.Clock));

        var live = new LiveProgress(services.Console.Value, services.Clock);
        var note = services.Interruption.Tell;
        services.Interruption.Tell = live.Note;
        try
        {
            return live.Run(work);
        }
        finally
        {
            services.Interruption.Tell = note;
        }
    }

    /// <summary>Fetches a model with something to report to, under Ctrl+C; lines go to the error output, for the output is the command's answer.</summary>
    public static T Fetch<T>(CliServices services, bool isQuiet, Func<IProgress<RunEvent>, T> work)
    {
        services.Interruption.Listen();
        return isQuiet ? work(new NoProgress())
            : services.IsTerminal ? new LiveProgress(services.Console.Value, services.Clock, isFetch: true).Run(work)
            : work(new PlainProgress(services.Error, services.Clock));
    }

    private sealed class NoProgress : IProgress<RunEvent>
    {
        public void Report(RunEvent value)
        {
        }
    }
}
