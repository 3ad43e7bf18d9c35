namespace Decant.Cli;

/// <summary>The program.</summary>
internal static class Program
{
    private static int Main(string[] args) => Entry.Run(args, CliServices.OfProcess);
}
