using System.CommandLine;
using System.CommandLine.Help;
using Decant.Cli.Commands;
using Decant.Cli.Hosting;

namespace Decant.Cli;

/// <summary>The way in: arguments → command → exit code.</summary>
internal static class Entry
{
    private const string Offline = "--offline";

    public static int Run(string[] args, Func<string[], CliServices> makeServices)
    {
        CliServices services;
        try
        {
            services = makeServices(args);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Failure.Tell(fault, Console.Error, isVerbose: false);
        }

        using var interruption = services.Interruption;
        var isVerbose = args.TakeWhile(a => a != "--").Any(a => a is "--verbose");
        try
        {
            services = services.WithFetching(isOffline: args.TakeWhile(a => a != "--").Contains(Offline));
            var parse = Root(services).Parse(args);
            if (parse.Errors.Count > 0) return Failure.Tell(parse, services.Error);
            return parse.Invoke(new InvocationConfiguration
            {
                Output = services.Out,
                Error = services.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // Interruption takes the signals
            });
        }
        catch (OperationCanceledException stopped)
        {
            Failure.Tell(stopped, services.Error, isVerbose);
            return interruption.ExitCode;
        }
        catch (Exception fault)
        {
            return Failure.Tell(fault, services.Error, isVerbose);
        }
    }

    internal static RootCommand Root(CliServices services)
    {
        var root = new RootCommand("Decant trains a small model to imitate a large one (knowledge distillation), and measures whether that helped.")
        {
            QuickstartCommand.Create(services),
            DistillCommand.Create(services),
            TrainCommand.Create(services),
            EvaluateCommand.Create(services),
            CompareCommand.Create(services),
            CascadeCommand.Create(services),
            FitCommand.Create(services),
            StudyCommand.Create(services),
            ExportCommand.Create(services),
            ImportCommand.Create(services),
            CompressCommand.Create(services),
            PredictCommand.Create(services),
            GenerateCommand.Create(services),
            ServeCommand.Create(services),
            TokenizeCommand.Create(services),
            CheckCommand.Create(services),
            InspectCommand.Create(services),
            AnswersCommand.Create(services),
            SynthesizeCommand.Create(services),
            OverlapCommand.Create(services),
            MineCommand.Create(services),
            GetCommand.Create(services),
            NewCommand.Create(services),
            SchemaCommand.Create(services),
            RecipesCommand.Create(services),
            DoctorCommand.Create(services),
            BenchCommand.Create(services),
            MeasureOnnxCommand.Create(services),
            new Option<bool>(Offline) { Description = "Fetch no model: take those that are on this machine.", Recursive = true },
            new Option<bool>("--verbose") { Description = "Show the stack trace of an error.", Recursive = true },
        };
        root.SetAction(parse => new HelpAction().Invoke(parse));
        OptionValues.Check(root);
        return root;
    }
}
