using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Runs.Jobs;

namespace Decant.Cli.Commands;

internal static class DoctorCommand
{
    public static Command Create(CliServices services)
    {
        var json = CommonOptions.Json();
        var command = new Command("doctor", "Check the installation and the machine, and suggest fixes.") { json };
        command.SetAction(parse =>
        {
            services.Interruption.Listen();
            return Show(services, DoctorJob.Run(), parse.GetValue(json));
        });
        return command;
    }

    internal static int Show(CliServices services, IReadOnlyList<DoctorFact> facts, bool asJson)
    {
        if (asJson) DoctorView.WriteJson(services.Out, facts);
        else DoctorView.Write(services.Console.Value, facts);
        return facts.Any(f => f is { Problem: not null, Fatal: true }) ? ExitCodes.Machine : ExitCodes.Success;
    }
}
