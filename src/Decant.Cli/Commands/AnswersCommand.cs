using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Runs.Jobs.StoredAnswers;

namespace Decant.Cli.Commands;

/// <summary><c>decant answers</c>: looks after stores of teachers' answers.</summary>
internal static class AnswersCommand
{
    public static Command Create(CliServices services) => new("answers", "List, verify, merge and trim stores of teachers' answers.")
    {
        List(services), Verify(services), Merge(services), Trim(services),
    };

    private static Command List(CliServices services)
    {
        var folder = Folder();
        var command = new Command("list", "Show what stores hold: teacher, kind, number of answers, size.") { folder };
        command.SetAction(parse =>
        {
            foreach (var line in AnswersJob.List(parse.GetRequiredValue(folder)))
                services.Out.WriteLine(line);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Verify(CliServices services)
    {
        var folder = Folder();
        var command = new Command("verify", "Read stores from one end to the other and compare all checksums; exit code 2 if an answer is damaged.") { folder };
        command.SetAction(parse =>
        {
            services.Interruption.Listen();
            var (lines, areSound) = AnswersJob.Verify(parse.GetRequiredValue(folder), services.Interruption.Token);
            foreach (var line in lines)
                services.Out.WriteLine(line);
            return areSound ? ExitCodes.Success : ExitCodes.BadInput;
        });
        return command;
    }

    private static Command Merge(CliServices services)
    {
        var sources = new Argument<string[]>("folders") { Description = "Stores of one teacher and the same settings; they stay as they are.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--out") { Description = "Store that gets the answers it does not have; made where there is none.", HelpName = "folder", Required = true };
        var command = new Command("merge", "Put the answers of several stores into one.") { sources, output };
        command.SetAction(parse =>
        {
            services.Interruption.Listen();
            services.Out.WriteLine(AnswersJob.Merge(parse.GetRequiredValue(sources), parse.GetRequiredValue(output), services.Interruption.Token));
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Trim(CliServices services)
    {
        var folder = new Argument<string>("folder") { Description = "Store; no run may be writing into it." };
        var most = new Option<int?>("--most-mib") { Description = "Drop the oldest answers until the others take no more than this.", HelpName = "MiB" };
        var command = new Command("trim", "Write a store anew without answers that are damaged, cut off or there twice.") { folder, most };
        command.SetAction(parse =>
        {
            services.Interruption.Listen();
            services.Out.WriteLine(AnswersJob.Trim(parse.GetRequiredValue(folder), parse.GetValue(most), services.Interruption.Token));
            return ExitCodes.Success;
        });
        return command;
    }

    private static Argument<string> Folder() => new("folder") { Description = "Store of answers, or a folder of stores." };
}
