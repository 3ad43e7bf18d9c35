using Decant.Cli.Hosting;
using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Jobs.Generation;
using Decant.Runs.Jobs.Inspecting;
using Decant.Runs.Jobs.Prediction;
using Decant.Runs.Jobs.Tokenizing;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;

namespace Decant.Cli.Seam;

/// <summary>The jobs of a catalog, as the commands ask for them.</summary>
internal sealed class CatalogJobs(Catalog catalog) : IJobs
{
    public IKindRegistry Kinds => catalog.Kinds;

    public RunOutcome Distill(Recipe recipe, RunRequest request, IProgress<RunEvent> progress, CancellationToken cancellationToken) =>
        Outcome(new DistillJob(catalog).Run(recipe, Options(request, "distill"), progress, cancellationToken));

    public RunOutcome Distill(MultiTaskRecipe recipe, RunRequest request, IProgress<RunEvent> progress, CancellationToken cancellationToken) =>
        Outcome(new MultiTaskJob(catalog).Run(recipe, Options(request, "distill"), progress, cancellationToken));

    public RunOutcome Train(Recipe recipe, RunRequest request, IProgress<RunEvent> progress, CancellationToken cancellationToken) =>
        Outcome(new TrainJob(catalog).Run(recipe, Options(request, "train"), progress, cancellationToken));

    public RunOutcome Resume(ResumeRequest request, IProgress<RunEvent> progress, CancellationToken cancellationToken)
    {
        var options = Options(request.Command, request.Interruption, request.IsTraining ? "train" : "distill");
        if (!request.IsTraining && new MultiTaskJob(catalog).IsRun(request.Run))
            return Outcome(new MultiTaskJob(catalog).Resume(request.Run, options, OfOneForm(request.GivenTasks, request.Given, request.Run), progress, cancellationToken));
        _ = OfOneForm(request.Given, request.GivenTasks, request.Run);
        return Outcome(request.IsTraining
            ? new TrainJob(catalog).Resume(request.Run, options, request.Given, progress, cancellationToken)
            : new DistillJob(catalog).Resume(request.Run, options, request.Given, progress, cancellationToken));
    }

    public StudyResult? Study(Study study, StudyOptions options, IProgress<RunEvent> progress, CancellationToken cancellationToken) =>
        new StudyJob(catalog).Run(study, options, progress, cancellationToken);

    public Measured Measure(MeasureRequest request, IProgress<RunEvent> progress, CancellationToken cancellationToken)
    {
        var result = new EvaluateJob(catalog).Run(request.Models, request.Recipe, progress, cancellationToken);
        return new Measured(result.Models, result.Comparisons);
    }

    public PredictSummary Predict(string model, PredictRequest options, IEnumerable<PredictLine> lines, Action<string> write, CancellationToken cancellationToken) =>
        PredictJob.Run(model, options, lines, write, cancellationToken);

    public IReadOnlyList<Continuation> Generate(string model, GenerateRequest options, Action<string>? show, CancellationToken cancellationToken) =>
        GenerateJob.Run(model, options, show, cancellationToken);

    public IEnumerable<TokenizedLine> Tokenize(string path, TokenizeRequest options, IEnumerable<PredictLine> lines, CancellationToken cancellationToken) =>
        TokenizeJob.Run(path, options, lines, cancellationToken);

    public IReadOnlyList<PlanLine> Plan(Recipe recipe, CancellationToken cancellationToken) =>
        [.. new PlanJob(catalog).Run(recipe, cancellationToken).Select(line => new PlanLine(line.Title, line.Text))];

    public IReadOnlyList<PlanLine> Plan(MultiTaskRecipe recipe, CancellationToken cancellationToken) =>
        [.. new PlanJob(catalog).Run(recipe, cancellationToken).Select(line => new PlanLine(line.Title, line.Text))];

    public IReadOnlyList<PlanLine> Plan(Study study, CancellationToken cancellationToken) =>
        [.. new PlanJob(catalog).Run(study, cancellationToken).Select(line => new PlanLine(line.Title, line.Text))];

    public Inspection Inspect(string path) => InspectJob.Run(path);

    public ModelInspection InspectModel(string folder, ModelInspectionRequest request) => InspectModelJob.Run(folder, request);

    public ModelInspection InspectModel(Recipe recipe, bool ofTeacher, ModelInspectionRequest request, CancellationToken cancellationToken) =>
        InspectModelJob.Run(catalog, recipe, ofTeacher, request, cancellationToken);

    public IReadOnlyList<Finding> Examine(CancellationToken cancellationToken) => [.. DoctorJob.Run().Select(Finding)];

    private static Finding Finding(DoctorFact fact) => new(
        fact.Title,
        fact.Problem is null ? fact.Value : $"{fact.Value}: {fact.Problem}",
        fact.Problem is null ? FindingState.Good : fact.Fatal ? FindingState.Broken : FindingState.Slow,
        fact.Remedy,
        fact.Figures);

    private static T? OfOneForm<T>(T? own, object? other, string run) where T : class => other is null
        ? own
        : throw new DecantException($"The recipe is not the one that the run {run} was begun with: one of the two has 'tasks', and the other has not. Leave the recipe out.");

    private static Decant.Runs.Running.RunOptions Options(RunRequest request, string job) => Options(request.Command, request.Interruption, job) with { Out = request.Out };

    private static Decant.Runs.Running.RunOptions Options(string command, Interruption? interruption, string job) => interruption is null ? new() { Command = command } : new()
    {
        Command = command,
        Begun = folder => interruption.GoOn = folder.CommandToResume(job),
        ExitWhenStopped = () => interruption.ExitCode,
    };

    private static RunOutcome Outcome(RunResult result) => new(result.Folder.Root, result.Record, result.Folder.Report, result.WasFinished);
}
