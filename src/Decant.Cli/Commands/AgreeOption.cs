using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Runs;

namespace Decant.Cli.Commands;

/// <summary>Whether a teacher behind an API may be asked about all texts, once it is known what that will cost.</summary>
internal static class AgreeOption
{
    /// <summary>The option.</summary>
    public static Option<bool> Create() => new("--yes") { Description = "Agree beforehand to what a teacher behind an API (teacher.chat) will cost; default: asked once the first 20 answers tell. Without a terminal it is needed." };

    /// <summary>The catalog of a run, with whoever decides.</summary>
    /// <param name="services">The terminal.</param>
    /// <param name="isAgreed">Whether the option was given.</param>
    public static Catalog Agreeing(CliServices services, bool isAgreed)
    {
        var catalog = services.Catalog.Value;
        return catalog with
        {
            Asking = catalog.Asking with
            {
                Environment = services.Environment,
                Agrees = cost =>
                {
                    services.Error.WriteLine($"{cost}.");
                    if (isAgreed)
                        return true;
                    if (!services.IsInteractive)
                        return false;
                    services.Error.Write("Ask about all of them? [y/N] ");
                    services.Error.Flush();
                    return services.In.Value.ReadLine()?.Trim() is "y" or "Y" or "yes";
                },
            },
        };
    }
}
