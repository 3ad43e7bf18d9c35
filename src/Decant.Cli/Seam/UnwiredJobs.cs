using Decant.Recipes;
using Decant.Reports;

namespace Decant.Cli;

/// <summary>Stands where the jobs will be.</summary>
internal sealed class UnwiredJobs : IJobs
{
    public IKindRegistry Kinds => throw Missing();

    public RunOutcome Distill(Recipe recipe, RunRequest request, IProgress<RunEvent> progress, CancellationToken cancellationToken) => throw Missing();

    public RunOutcome Train(Recipe recipe, RunRequest request, IProgress<RunEvent> progress, CancellationToken cancellationToken) => throw Missing();

    public Measured Measure(MeasureRequest request, IProgress<RunEvent> progress, CancellationToken cancellationToken) => throw Missing();

    public IReadOnlyList<PlanLine> Plan(Recipe recipe, CancellationToken cancellationToken) => throw Missing();

    public IReadOnlyList<Finding> Examine(CancellationToken cancellationToken) => throw Missing();

    private static DecantException Missing() => new("This build of the command line has no jobs in it.", ExitCodes.Fault);
}
