using Decant.Cli.Hosting;
using Decant.Runs.Jobs;
using Decant.Runs.Jobs.Generation;
using Decant.Runs.Jobs.Inspecting;
using Decant.Runs.Jobs.Prediction;
using Decant.Runs.Jobs.Tokenizing;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Cli.Seam;

/// <summary>All that the commands ask of the jobs: commands say what is wanted and show what came, nothing else.</summary>
internal interface IJobs
{
    /// <summary>The kinds that recipes may name.</summary>
    IKindRegistry Kinds { get; }

    /// <summary>Runs a recipe to its report.</summary>
    RunOutcome Distill(Recipe recipe, RunRequest request, IProgress<RunEvent> progress, CancellationToken cancellationToken);

    /// <summary>Runs a recipe of several tasks to its report.</summary>
    RunOutcome Distill(MultiTaskRecipe recipe, RunRequest request, IProgress<RunEvent> progress, CancellationToken cancellationToken);

    /// <summary>Trains the recipe's teacher alone and keeps it.</summary>
    RunOutcome Train(Recipe recipe, RunRequest request, IProgress<RunEvent> progress, CancellationToken cancellationToken);

    /// <summary>Goes on with a run that was stopped or killed.</summary>
    RunOutcome Resume(ResumeRequest request, IProgress<RunEvent> progress, CancellationToken cancellationToken);

    /// <summary>Runs a recipe in several variants; null where runs of other seeds are still to be done.</summary>
    StudyResult? Study(Study study, StudyOptions options, IProgress<RunEvent> progress, CancellationToken cancellationToken);

    /// <summary>Measures trained models on one test split.</summary>
    Measured Measure(MeasureRequest request, IProgress<RunEvent> progress, CancellationToken cancellationToken);

    /// <summary>Answers lines with the model in a folder, one JSON object for each, in their order.</summary>
    PredictSummary Predict(string model, PredictRequest options, IEnumerable<PredictLine> lines, Action<string> write, CancellationToken cancellationToken);

    /// <summary>Continues texts with the language model in a folder; the first continuation is shown as it grows.</summary>
    IReadOnlyList<Continuation> Generate(string model, GenerateRequest options, Action<string>? show, CancellationToken cancellationToken);

    /// <summary>Tokenizes lines with the tokenizer of a folder or file.</summary>
    IEnumerable<TokenizedLine> Tokenize(string path, TokenizeRequest options, IEnumerable<PredictLine> lines, CancellationToken cancellationToken);

    /// <summary>What a recipe would do: sizes, steps, memory and time, told without training anything.</summary>
    IReadOnlyList<PlanLine> Plan(Recipe recipe, CancellationToken cancellationToken);

    /// <summary>What a recipe of several tasks would do.</summary>
    IReadOnlyList<PlanLine> Plan(MultiTaskRecipe recipe, CancellationToken cancellationToken);

    /// <summary>What a study would do.</summary>
    IReadOnlyList<PlanLine> Plan(Study study, CancellationToken cancellationToken);

    /// <summary>Lists the tensors of a checkpoint.</summary>
    Inspection Inspect(string path);

    /// <summary>Says what the model of a folder is made of.</summary>
    ModelInspection InspectModel(string folder, ModelInspectionRequest request);

    /// <summary>Says what the teacher or the student of a recipe is made of.</summary>
    ModelInspection InspectModel(Recipe recipe, bool ofTeacher, ModelInspectionRequest request, CancellationToken cancellationToken);

    /// <summary>Looks at the machine.</summary>
    IReadOnlyList<Finding> Examine(CancellationToken cancellationToken);

}

/// <summary>How a run is started, beside its recipe.</summary>
internal sealed record RunRequest
{
    /// <summary>The run's folder; null: a new one under <c>runs/</c>.</summary>
    public string? Out { get; init; }

    /// <summary>The command as typed, for the report.</summary>
    public string Command { get; init; } = "";

    /// <summary>Who stops it: is told the run's folder, and knows the exit code.</summary>
    public Interruption? Interruption { get; init; }
}

/// <summary>Which run goes on.</summary>
internal sealed record ResumeRequest
{
    /// <summary>Its folder.</summary>
    public required string Run { get; init; }

    /// <summary>Whether only a teacher is trained, as by <c>decant train</c>.</summary>
    public bool IsTraining { get; init; }

    /// <summary>A recipe that must be the run's own; null: none was given.</summary>
    public Recipe? Given { get; init; }

    /// <summary>The same of several tasks; null: none was given.</summary>
    public MultiTaskRecipe? GivenTasks { get; init; }

    /// <summary>The command as typed, for the report.</summary>
    public string Command { get; init; } = "";

    /// <summary>Who stops it.</summary>
    public Interruption? Interruption { get; init; }
}

/// <summary>What a run leaves.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Record">All that happened.</param>
/// <param name="Report">The report for people; null when there is none.</param>
/// <param name="WasFinished">Whether it was to be resumed and nothing was left to do.</param>
internal sealed record RunOutcome(string Folder, RunRecord Record, string? Report, bool WasFinished = false);

/// <summary>Which models are measured on what.</summary>
internal sealed record MeasureRequest
{
    /// <summary>Folders of models or of runs, in the order of the columns.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>The recipe whose test split they are measured on; null: the one that the first model was made with.</summary>
    public Recipe? Recipe { get; init; }
}

/// <summary>Models that were measured on the same samples.</summary>
/// <param name="Models">Their figures.</param>
/// <param name="Comparisons">Each against the first, with interval and sentence.</param>
internal sealed record Measured(IReadOnlyList<ModelFigures> Models, IReadOnlyList<Comparison> Comparisons);

/// <summary>One line of what a recipe would do.</summary>
/// <param name="Title">What it is about, such as <c>teacher</c>.</param>
/// <param name="Text">Such as <c>encoder, 5.3 M parameters, 1,350 steps, about 3 min</c>.</param>
internal sealed record PlanLine(string Title, string Text);

/// <summary>One thing about the machine.</summary>
/// <param name="Title">What was looked at, such as <c>BLAS</c>.</param>
/// <param name="Text">What was found.</param>
/// <param name="State">How it is.</param>
/// <param name="Remedy">What to do about it; null when all is well.</param>
/// <param name="Gflops">Rates by name, 10⁹ operations a second; null where it is not about rates.</param>
internal sealed record Finding(string Title, string Text, FindingState State, string? Remedy = null, IReadOnlyDictionary<string, double>? Gflops = null);

/// <summary>How something is.</summary>
internal enum FindingState
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>It works, and could be better.</summary>
    Slow,

    /// <summary>It does not work.</summary>
    Broken,
}
