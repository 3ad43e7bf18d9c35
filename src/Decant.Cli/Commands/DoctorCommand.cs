using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Cli.Seam;

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
            var findings = services.Jobs.Value.Examine(services.Interruption.Token);
            if (parse.GetValue(json)) DoctorView.WriteJson(services.Out, findings);
            else DoctorView.Write(services.Console.Value, findings);
            return findings.Any(f => f.State is FindingState.Broken) ? ExitCodes.Machine : ExitCodes.Success;
        });
        return command;
    }
}
