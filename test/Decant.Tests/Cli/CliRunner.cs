using Decant.Cli;
using Decant.Cli.Hosting;
using Decant.Cli.Seam;
using Decant.Runs.Jobs;
using Decant.Runs.Jobs.Generation;
using Decant.Runs.Jobs.Inspecting;
using Decant.Runs.Jobs.Prediction;
using Decant.Runs.Jobs.Tokenizing;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;
using Decant.Tests.Runs.Recipes;
using Spectre.Console;
using PlanLine = Decant.Cli.Seam.PlanLine;

namespace Decant.Tests.Cli;

/// <summary>The command line in this process: arguments in, exit code and texts out.</summary>
internal sealed class CliRunner : IDisposable
{
    private readonly StringWriter _out = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public string Folder { get; } = Directory.CreateTempSubdirectory("decant-cli").FullName;

    public FakeJobs Jobs { get; } = new();

    public List<int> Ended { get; } = [];

    public Interruption Interruption { get; private set; } = null!;

    public string Out => _out.ToString().Replace(Folder, "DIR");

    public string Error => _error.ToString().Replace(Folder, "DIR");

    public string In { get; init; } = "";

    public CliServices Services(string[] args) => new()
    {
        In = new Lazy<TextReader>(() => new StringReader(In)),
        Out = _out,
        Error = _error,
        IsTerminal = false,
        Console = new Lazy<IAnsiConsole>(() => ConsoleFactory.Create(_out, isTerminal: false)),
        Jobs = new Lazy<IJobs>(() => Jobs),
        Interruption = Interruption = new Interruption(_error.WriteLine, Ended.Add),
        Environment = _ => null,
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

/// <summary>Jobs that remember what they were asked, and answer what a test wants.</summary>
internal sealed class FakeJobs : IJobs
{
    public IKindRegistry Kinds => Fakes.Kinds;

    public Recipe? Recipe { get; private set; }

    public RunRequest? Request { get; private set; }

    public MeasureRequest? Measured { get; private set; }

    public Exception? Fault { get; set; }

    public Action<IProgress<RunEvent>, CancellationToken> Work { get; set; } = (_, _) => { };

    public IReadOnlyList<Finding> Findings { get; set; } = [];

    public RunOutcome Distill(Recipe recipe, RunRequest request, IProgress<RunEvent> progress, CancellationToken cancellationToken)
    {
        (Recipe, Request) = (recipe, request);
        if (Fault is not null) throw Fault;
        foreach (var happened in Samples.Run) progress.Report(happened);
        Work(progress, cancellationToken);
        return new RunOutcome("runs/small", RunRecord.From(Samples.Run), "runs/small/report.html");
    }

    public MultiTaskRecipe? Tasks { get; private set; }

    public RunOutcome Distill(MultiTaskRecipe recipe, RunRequest request, IProgress<RunEvent> progress, CancellationToken cancellationToken)
    {
        (Tasks, Request) = (recipe, request);
        return new RunOutcome("runs/small", RunRecord.From(Samples.Run), "runs/small/report.html");
    }

    public RunOutcome Train(Recipe recipe, RunRequest request, IProgress<RunEvent> progress, CancellationToken cancellationToken)
    {
        (Recipe, Request) = (recipe, request);
        return new RunOutcome("runs/small", RunRecord.From(Samples.Run.Where(e => e is Evaluated { Arm: Arms.Teacher })), null);
    }

    public ResumeRequest? Resumed { get; private set; }

    public RunOutcome Resume(ResumeRequest request, IProgress<RunEvent> progress, CancellationToken cancellationToken)
    {
        Resumed = request;
        return new RunOutcome("runs/small", RunRecord.From(Samples.Run), "runs/small/report.html", WasFinished: request.Run.EndsWith("done", StringComparison.Ordinal));
    }

    public StudyResult? Study(Study study, StudyOptions options, IProgress<RunEvent> progress, CancellationToken cancellationToken) => null;

    public Measured Measure(MeasureRequest request, IProgress<RunEvent> progress, CancellationToken cancellationToken)
    {
        Measured = request;
        return Samples.Measured;
    }

    public (string Model, GenerateRequest Options)? Generated { get; private set; }

    public IReadOnlyList<Continuation> Generate(string model, GenerateRequest options, Action<string>? show, CancellationToken cancellationToken)
    {
        Generated = (model, options);
        foreach (var piece in new[] { " 有", "一只", " cat." }) show?.Invoke(piece);
        return [.. options.Prompts.SelectMany(p => Enumerable.Range(1, options.Count).Select(i => new Continuation(p, $" cat {i}.", [3, i], "max-tokens")))];
    }

    public (string Model, PredictRequest Options, IReadOnlyList<PredictLine> Lines)? Predicted { get; private set; }

    public PredictSummary Predict(string model, PredictRequest options, IEnumerable<PredictLine> lines, Action<string> write, CancellationToken cancellationToken)
    {
        Predicted = (model, options, [.. lines]);
        foreach (var line in Predicted.Value.Lines) write($"{{\"prediction\":{line.Number}}}");
        var faulty = Predicted.Value.Lines.Count(l => l.Text.Length == 0);
        return new PredictSummary(Predicted.Value.Lines.Count, faulty, 0, faulty > 0 ? "line 2: the line is empty" : null);
    }

    public IEnumerable<TokenizedLine> Tokenize(string path, TokenizeRequest options, IEnumerable<PredictLine> lines, CancellationToken cancellationToken) =>
        lines.Select(line => new TokenizedLine(line.Text, null,
        [
            new(101, "[CLS]", 0, 0, 0, true, ""),
            new(7, line.Text[..1], 0, 1, 0, false, line.Text[..1]),
            new(2100, "##" + line.Text[1..], 1, line.Text.Length, 0, false, line.Text[1..]),
            new(102, "[SEP]", 0, 0, 0, true, ""),
        ]));

    public IReadOnlyList<PlanLine> Plan(Recipe recipe, CancellationToken cancellationToken) =>
        [new("teacher", "mlp, 12,345 parameters, 1,350 steps, about 3 min"), new("student", "mlp 学生, 1,234 parameters, 900 steps, about 40 s")];

    public IReadOnlyList<PlanLine> Plan(Study study, CancellationToken cancellationToken) =>
        [.. study.Variants.Select(v => new PlanLine(v.Name, "mlp, 12,345 parameters, 1,350 steps, about 3 min"))];

    public IReadOnlyList<PlanLine> Plan(MultiTaskRecipe recipe, CancellationToken cancellationToken) =>
        [.. recipe.Tasks.Select(t => new PlanLine(t.Name, "mlp, 12,345 parameters, 1,350 steps, about 3 min"))];

    public Inspection Inspect(string path) => new(path, "safetensors", [new("a.weight", "float32", [2, 3], 24, "model.safetensors"), new("数", "int64", [], 8, "other.safetensors")], ["a remark"]);

    public (string Model, ModelInspectionRequest Request)? Inspected { get; private set; }

    public ModelInspection InspectModel(string folder, ModelInspectionRequest request)
    {
        Inspected = (folder, request);
        return MadeUpModel.Inspection with { Name = folder };
    }

    public ModelInspection InspectModel(Recipe recipe, bool ofTeacher, ModelInspectionRequest request, CancellationToken cancellationToken)
    {
        Inspected = (ofTeacher ? "teacher" : "student", request);
        return MadeUpModel.Inspection with { Name = $"{recipe.Name}, {Inspected.Value.Model}" };
    }

    public IReadOnlyList<Finding> Examine(CancellationToken cancellationToken) => Findings;

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

    public static Measured Measured { get; } = new(
        [
            new ModelFigures { Name = "runs/a", Parameters = 5_310_000, Bytes = 21_240_000, Metrics = new Dictionary<string, Figure> { ["accuracy"] = Figure.Of([0.933]), ["nll"] = Figure.Of([double.NaN]) } },
            new ModelFigures { Name = "模型乙", Parameters = 531_000, Bytes = 2_124_000, Metrics = new Dictionary<string, Figure> { ["accuracy"] = Figure.Of([0.91, 0.914]) }, Latency = new LatencyFigures(100, 0.62, 0.7, 0.8, 0.9, 0.6), SamplesPerSecond = 9800 },
        ],
        [new Comparison { A = "runs/a", B = "模型乙", Difference = 0.021, Low = 0.01, High = 0.03, Verdict = "helped", Sentence = "runs/a is better than 模型乙." }]);
}
