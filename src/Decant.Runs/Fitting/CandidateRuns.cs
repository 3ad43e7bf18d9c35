using System.Globalization;
using Decant.Evaluation;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Teachers.Answers;
using Decant.Training;

namespace Decant.Runs.Fitting;

/// <summary>Trains candidates for a share of the recipe's updates, each in a run of its own that is kept, and resumed where it was stopped.</summary>
/// <param name="catalog">The kinds that recipes name.</param>
/// <param name="recipe">The recipe, with a teacher that is trained.</param>
/// <param name="data">Its data.</param>
/// <param name="folder">The folder of the runs.</param>
/// <param name="command">What was typed, for the runs' reports.</param>
/// <param name="progress">Gets every event.</param>
internal sealed class CandidateRuns(Catalog catalog, Recipe recipe, PreparedData data, string folder, string command, IProgress<RunEvent>? progress) : IDisposable
{
    private readonly TeacherOutputCache _answers = new(TeacherProvider.MostFeatureBytes);
    private readonly Metric _metric = ArmPlan.MetricOf(recipe.Distill, data);

    /// <summary>The metric on validation samples that candidates are compared by.</summary>
    public Metric Metric => _metric;

    /// <summary>Optimizer updates that were made for candidates, over those of one whole training.</summary>
    public double Cost { get; private set; }

    /// <summary>Trains a candidate for a share of the updates, or finds that it was.</summary>
    /// <returns>The metric on validation samples at its best.</returns>
    public double Validated(Candidate candidate, double share, CancellationToken cancellationToken)
    {
        Cost += share;
        var options = new RunOptions { Out = FolderOf(candidate, share), Command = command, TeacherCache = _answers };
        return StudentRun.Run(catalog, "fit", RecipeOf(candidate, share), options, progress, cancellationToken)
            ?? throw new DecantException("Nothing was validated while a candidate was trained, so that none can be chosen: give the recipe a validation split, and objectives on the student's answers.");
    }

    /// <summary>The folder of the run of a candidate.</summary>
    public string FolderOf(Candidate candidate, double share) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{NameOf(candidate)}-{share:0.###}"));

    /// <summary>The recipe with a candidate as its student.</summary>
    public static Recipe With(Recipe recipe, Candidate candidate) => recipe with { Student = recipe.Student with { FromTeacher = candidate.Part, Quantization = candidate.Form, Budget = null } };

    public void Dispose() => _answers.Dispose();

    private Recipe RecipeOf(Candidate candidate, double share)
    {
        var whole = Budget.Of(recipe.Distill, data.BatchesPerEpoch(data.TransferSetOf(recipe.Distill.TransferSet), recipe.Distill)).Steps;
        var some = Math.Max(1, (int)(whole * share));
        return With(recipe, candidate) with
        {
            Name = candidate.Name,
            Distill = share < 1 ? recipe.Distill with { Epochs = null, Steps = some, ValidateEvery = ValidationInterval.OfSteps(some), EarlyStopping = null } : recipe.Distill,
        };
    }

    private static string NameOf(Candidate candidate) => candidate.Name.Replace(", ", "_", StringComparison.Ordinal).Replace(' ', '-');
}
