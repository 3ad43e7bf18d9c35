using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Tests.Runs.Resuming;
using Decant.Torch;

namespace Decant.Tests.Runs;

/// <summary>How the cores are shared: measured where the recipe leaves it open, and then part of the recipe.</summary>
public sealed class ThreadAllocationsTests : IDisposable
{
    private readonly Workplace _work = new();
    private readonly int _threads = Runtime.Threads;

    public ThreadAllocationsTests()
    {
        _work.Write("kill.yaml", KillRecipes.Text); // plateau schedules, early stopping, augmentation: a live teacher
        _work.Write("kill-image.yaml", KillRecipes.Image);
    }

    public void Dispose()
    {
        Runtime.Threads = _threads;
        _work.Dispose();
    }

    [Theory]
    [InlineData("kill.yaml")]
    [InlineData("kill-image.yaml")]
    public void What_is_open_is_measured_for_every_arm_and_leaves_nothing(string recipe)
    {
        var before = Tensor.LiveCount;
        var cores = Measured(_work.Recipe(recipe), threads: 2);
        Assert.All([cores.Teacher, cores.Control], share => Assert.Contains(share, new[] { "2", "1", "1/2" }));
        Assert.Contains(cores.Student, new[] { "2", "1", "1/2", "1+1" });
        Assert.Equal(before, Tensor.LiveCount);
        Assert.Equal(2, Runtime.Threads);
    }

    [Fact]
    public void One_thread_a_short_training_and_what_the_recipe_says_are_not_measured()
    {
        var recipe = _work.Recipe("kill.yaml");
        Assert.Equal(new ThreadAllocationSection(), Measured(recipe, threads: 1));
        Assert.Equal(new ThreadAllocationSection(), Measured(recipe, threads: 2, fewest: 1000));
        var said = new ThreadAllocationSection { Teacher = "1", Student = "1+1", Control = "2" };
        Assert.Equal(said, Measured(recipe with { ThreadAllocation = said }, threads: 2));
    }

    [Fact]
    public void A_run_with_shares_gives_the_same_models_again_and_goes_on_with_them()
    {
        string[] shares = ["--set", "threads=2", "--set", "thread-allocation={ teacher: 1/2, student: 1+1, control: 1 }"];
        var run = _work.Distill("kill.yaml", "first", shares);
        File.Copy(Path.Combine(run, "recipe.yaml"), _work.At("again.yaml"));
        var again = _work.Distill("again.yaml", "second");
        WholeRun.AreSame(run, again);

        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(
            _work.Recipe("again.yaml"), new RunOptions { Out = _work.At("stopped") },
            new Watcher(e => { if (e is StepTaken { Arm: Arms.Student, Step: 3 }) stop.Cancel(); }), stop.Token));
        // The recipe as it was typed, which leaves the shares open.
        var answer = _work.Decant("distill", _work.At("kill.yaml"), "--set", "threads=2", "--resume", _work.At("stopped"), "--quiet");
        Assert.True(answer.Exit == 0, answer.Error);
        Assert.Equal(File.ReadAllText(Path.Combine(run, "recipe.yaml")), File.ReadAllText(_work.At("stopped", "recipe.yaml")));
        WholeRun.AreSame(run, _work.At("stopped"));
    }

    private ThreadAllocationSection Measured(Recipe recipe, int threads, long fewest = 1)
    {
        Runtime.Threads = threads;
        using var run = PreparedRun.Of(recipe, DataPreparation.Prepare(Catalog.Standard, recipe, default));
        using var teachers = new MadeTeachers();
        return new ThreadAllocations(Catalog.Standard, run, RunPlans.ToDistil(Catalog.Standard, run), teachers) { FewestSteps = fewest }.OfAll(default).ThreadAllocation;
    }
}
