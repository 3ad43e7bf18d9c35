using System.CommandLine;
using System.Globalization;
using Decant.Cli.Hosting;
using Decant.Runs.Jobs.Prediction;

namespace Decant.Cli.Commands;

/// <summary>Answers lines of text with a model of any task.</summary>
internal static class PredictCommand
{
    public static Command Create(CliServices services)
    {
        var arguments = new PredictArguments();
        var command = new Command("predict", "Run a model on lines of text, or on pictures: class, tags, regression values, embedding, masked tokens or perplexity.");
        arguments.AddTo(command);
        command.SetAction(parse =>
        {
            var request = arguments.Request(parse);
            if (arguments.Images(parse) is { } images)
            {
                services.Interruption.Listen();
                return Finish(services, new PicturePredictJob().Run(ModelArgument.Folder(services, arguments.Model(parse)), request, images, services.Out.WriteLine, services.Interruption.Token));
            }

            var lines = arguments.Lines(services, parse);
            services.Interruption.Listen();
            return Finish(services, PredictJob.Run(ModelArgument.Folder(services, arguments.Model(parse)), request, lines, services.Out.WriteLine, services.Interruption.Token));
        });
        return command;
    }

    private static int Finish(CliServices services, PredictSummary summary)
    {
        foreach (var remark in summary.Remarks)
            services.Error.WriteLine(remark);
        if (summary.Faulty == 0)
            return ExitCodes.Success;
        services.Out.Flush();
        throw new DecantException(string.Create(
            CultureInfo.InvariantCulture, $"{summary.Faulty:N0} of {summary.Lines:N0} lines could not be answered and say 'error' instead; the first is {summary.FirstFault}."));
    }
}
