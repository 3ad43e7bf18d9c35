using Decant.Cli.Hosting;

namespace Decant.Cli;

/// <summary>The program.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        try
        {
            return Entry.Run(args, CliServices.OfProcess);
        }
        catch (Exception fault) when (ProcessLimits.Explain(fault) is not null)
        {
            // Before there are services nothing else can go wrong than that their assemblies cannot be opened.
            Console.Error.WriteLine(ProcessLimits.Explain(fault));
            return ExitCodes.Machine;
        }
    }
}
