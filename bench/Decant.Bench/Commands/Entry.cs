using System.CommandLine;
using Decant.Bench.Hosting;

namespace Decant.Bench.Commands;

/// <summary>The way in: arguments → command → exit code.</summary>
internal static class Entry
{
    public static int Run(string[] args, BenchServices services)
    {
        try
        {
            return BenchCommand.Create(services).Parse(args).Invoke(new InvocationConfiguration
            {
                Output = services.Out,
                Error = services.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // the program takes Ctrl+C itself
            });
        }
        catch (DecantException fault)
        {
            services.Error.WriteLine(fault.Message);
            return fault.ExitCode;
        }
        catch (OperationCanceledException)
        {
            services.Error.WriteLine("Stopped; nothing of this is kept.");
            return ExitCodes.Interrupted;
        }
    }
}
