using Decant.Cli;
using Decant.Cli.Hosting;
using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Reports.Log;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;
using Decant.Runs.Running;
using Spectre.Console;

namespace Decant.Tests.Cli;

/// <summary>The command line in this process: arguments in, exit code and texts out.</summary>
internal sealed class CliRunner : IDisposable
{
    private readonly StringWriter _out = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public string Folder { get; } = Directory.CreateTempSubdirectory("decant-cli").FullName;

    /// <summary>Makes the catalog when a command asks for it; a test may let that fail, or see that nobody asks.</summary>
    public Func<Catalog> Catalog { get; set; } = () => Decant.Runs.Catalog.Standard;

    /// <summary>What environment variables say.</summary>
    public Func<string, string?> Environment { get; set; } = _ => null;

    public List<int> Ended { get; } = [];

    public Interruption Interruption { get; private set; } = null!;

    public string Out => _out.ToString().Replace(Folder, "DIR").Replace(RunFolder.Open("runs").Root, "runs");

    public string Error => _error.ToString().Replace(Folder, "DIR");

    public string In { get; init; } = "";

    /// <summary>Is called when the input is opened.</summary>
    public Action Opening { get; set; } = () => { };

    public CliServices Services(string[] args) => new()
    {
        In = new Lazy<TextReader>(() =>
        {
            Opening();
            return new StringReader(In);
        }),
        Out = _out,
        Error = _error,
        IsTerminal = false,
        Console = new Lazy<IAnsiConsole>(() => ConsoleFactory.Create(_out, isTerminal: false)),
        Catalog = new Lazy<Catalog>(() => Catalog()),
        Interruption = Interruption = new Interruption(_error.WriteLine, Ended.Add),
        Environment = Environment,
        RecipeFolders = [Path.Combine(Folder, "recipes")],
        CommandLine = ShellText.Command(args),
    };

    public int Run(params string[] args) => Entry.Run(args, Services);

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>A run as it might have gone.</summary>
internal static class Samples
{
    public static IReadOnlyList<RunEvent> Run { get; } =
    [
        new RunStarted { Name = "情感分类", Seeds = [1, 2], Machine = new Machine { Threads = 2 } },
        new DataDescribed { Source = "csv", Classes = ["好评", "差评"], Splits = new Dictionary<string, long> { ["train"] = 9600, ["validation"] = 600, ["test"] = 600 }, StudentLabels = 1000 },
        new ModelDescribed { Role = Arms.Teacher, Kind = "encoder", Summary = "encoder, 4 layers of 256", Parameters = 5_310_000, Bytes = 21_240_000, Flops = 400_000_000 },
        new ModelDescribed { Role = Arms.Student, Kind = "textcnn", Parameters = 531_000, Bytes = 2_124_000, Flops = 4_000_000 },
        new ArmStarted { Arm = Arms.Teacher, Seed = 1, Epochs = 3, Steps = 900, Objectives = "labels" },
        new StepTaken { Arm = Arms.Teacher, Seed = 1, Step = 450, Epoch = 1.5, Loss = 0.8123, Parts = new Dictionary<string, double> { ["labels"] = 0.8123 }, LearningRate = 5e-4, SamplesPerSecond = 312.4 },
        new Validated { Arm = Arms.Teacher, Seed = 1, Step = 900, Epoch = 3, Metrics = new Dictionary<string, double> { ["accuracy"] = 0.933, ["macro-f1"] = 0.9301, ["nll"] = 0.2 } },
        new ArmFinished { Arm = Arms.Teacher, Seed = 1, Seconds = 242, BestStep = 900, BestMetric = 0.933, MetricName = "accuracy", Stopped = "all epochs were done" },
        new ArmStarted { Arm = Arms.Student, Seed = 1, Epochs = 6, Steps = 1800, Objectives = "0.9 soft-targets (τ = 2) + 0.1 labels" },
        new StepTaken { Arm = Arms.Student, Seed = 1, Step = 600, Epoch = 2, Loss = 0.5, Parts = new Dictionary<string, double> { ["soft-targets"] = 0.41, ["labels"] = 1.31 }, LearningRate = 2e-3, SamplesPerSecond = 4012 },
        new RunNote { Text = "3 samples [都一样] stand in two parts." },
        new Evaluated { Arm = Arms.Teacher, Seed = 1, Metrics = new Dictionary<string, double> { ["accuracy"] = 0.933, ["macro-f1"] = 0.93 } },
        new Evaluated { Arm = Arms.Student, Seed = 1, Metrics = new Dictionary<string, double> { ["accuracy"] = 0.912, ["macro-f1"] = 0.91 } },
        new Evaluated { Arm = Arms.Control, Seed = 1, Metrics = new Dictionary<string, double> { ["accuracy"] = 0.887, ["macro-f1"] = 0.88 } },
        new LatencyMeasured { Arm = Arms.Teacher, One = new LatencyFigures(100, 8.1, 9, 9.5, 10, 8), SamplesPerSecond = 312 },
        new LatencyMeasured { Arm = Arms.Student, One = new LatencyFigures(100, 0.62, 0.7, 0.8, 0.9, 0.6), SamplesPerSecond = 9800 },
        new Comparison { A = Arms.Student, B = Arms.Control, Difference = 0.025, Low = 0.011, High = 0.039, Verdict = "helped", Sentence = "Distillation helped: student 91.2 %, control 88.7 %, difference +2.5 points (95 % interval +1.1 to +3.9)" },
        new RunFinished { Seconds = 400 },
    ];

    public static RunResult Result { get; } = new(RunFolder.Open("runs/small"), RunRecord.From(Run));

    public static EvaluationResult Measured { get; } = new(
        [
            new ModelFigures { Name = "runs/a", Parameters = 5_310_000, Bytes = 21_240_000, Metrics = new Dictionary<string, Figure> { ["accuracy"] = Figure.Of([0.933]), ["nll"] = Figure.Of([double.NaN]) } },
            new ModelFigures { Name = "模型乙", Parameters = 531_000, Bytes = 2_124_000, Metrics = new Dictionary<string, Figure> { ["accuracy"] = Figure.Of([0.91, 0.914]) }, Latency = new LatencyFigures(100, 0.62, 0.7, 0.8, 0.9, 0.6), SamplesPerSecond = 9800 },
        ],
        [new Comparison { A = "runs/a", B = "模型乙", Difference = 0.021, Low = 0.01, High = 0.03, Verdict = "helped", Sentence = "runs/a is better than 模型乙." }]);
}
