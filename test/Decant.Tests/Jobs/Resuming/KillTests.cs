using System.Globalization;
using System.Text;

namespace Decant.Tests.Jobs;

/// <summary>Runs that are killed (SIGKILL) at random moments and resumed until they are done. <c>./decant test --filter Kill --repeat 100</c> does it a hundred times.</summary>
public sealed class KillTests : IDisposable
{
    private const int Few = 5;
    private const int MostKills = 4;

    private readonly Workplace _work = new();

    public KillTests()
    {
        _work.Write("kill-text.yaml", KillRecipes.Text);
        _work.Write("kill-image.yaml", KillRecipes.Image);
        _work.Write("kill-remembered.yaml", KillRecipes.Remembered);
        _work.Write("kill-stages.yaml", KillRecipes.Stages);
        _work.Write("kill-tasks.yaml", KillRecipes.Tasks);
        _work.Write("more.csv", Workplace.Texts(40, seed: 7));
    }

    public void Dispose() => _work.Dispose();

    [Fact]
    public void A_run_that_is_killed_at_random_moments_and_resumed_gives_the_models_of_the_uninterrupted_one()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("DECANT_TEST_REPEAT") ?? Few.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        string[] recipes = ["kill-text", "kill-image", "kill-remembered", "kill-stages", "kill-tasks"];
        var whole = recipes.Select(Whole).ToArray();
        var (kills, trained) = (0, 0);
        for (var trial = 0; trial < count; trial++)
        {
            var which = trial % recipes.Length;
            var story = new StringBuilder($"seed {seed}, trial {trial}, {recipes[which]}: ");
            try
            {
                var (run, killed, inTraining) = KillAndResume(recipes[which], whole[which].Seconds, random, story);
                (kills, trained) = (kills + killed, trained + inTraining);
                WholeRun.AreSame(whole[which].Run, run);
                Directory.Delete(run, recursive: true);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"{story}\n{error.Message}", error);
            }
        }

        Console.WriteLine($"{count} runs were killed {kills} times, {trained} of them after training had begun; every one gave the models of the uninterrupted run.");
        // A run that is faster than the whole one was, on a machine whose load changes, ends before its moment comes.
        Assert.True(2 * kills >= count, $"{count} runs were killed {kills} times only");
        Assert.True(trained > 0, "no kill hit the training");
    }

    private (string Run, double Seconds) Whole(string recipe)
    {
        var run = _work.At($"whole-{recipe}");
        using var process = CommandProcess.Start(_work.Root, "distill", _work.At(recipe + ".yaml"), "--out", run);
        Assert.True(process.Wait() == 0, process.Said);
        return (run, process.Elapsed.TotalSeconds);
    }

    /// <summary>Begins a run, kills it some times, lets it come to its end.</summary>
    private (string Run, int Kills, int InTraining) KillAndResume(string recipe, double seconds, Random random, StringBuilder story)
    {
        var run = _work.At("killed");
        var (kills, inTraining) = (0, 0);
        for (var left = 1 + random.Next(MostKills); ; left--)
        {
            using var process = Begin(recipe, run);
            if (left <= 0)
            {
                Assert.True(process.Wait() == 0, process.Said);
                story.Append("to the end");
                return (run, kills, inTraining);
            }

            KillSoon(process, run, seconds, random, story);
            var exit = process.Wait();
            Assert.True(exit is 0 or 137, $"{exit}: {process.Said}");
            kills += exit == 0 ? 0 : 1;
            inTraining += exit != 0 && Directory.Exists(Path.Combine(run, "checkpoints")) && Directory.GetDirectories(Path.Combine(run, "checkpoints")).Length > 0 ? 1 : 0;
        }
    }

    private CommandProcess Begin(string recipe, string run)
    {
        // A run that was killed before it wrote its recipe had done nothing: --resume says so, and it is started again.
        if (File.Exists(Path.Combine(run, "recipe.yaml")))
            return CommandProcess.Start("/", "distill", "--resume", run); // from another folder than it was begun in
        if (Directory.Exists(run)) Directory.Delete(run, recursive: true);
        return CommandProcess.Start(_work.Root, "distill", recipe + ".yaml", "--out", run);
    }

    // Half of the kills come at any moment, start of the process and reports included; the others in the training, which is a smaller part of so short a run.
    private static void KillSoon(CommandProcess process, string run, double seconds, Random random, StringBuilder story)
    {
        var anywhere = random.Next(2) == 0;
        if (!anywhere)
            process.Until(() => Directory.Exists(Path.Combine(run, "tensorboard")));
        var delay = TimeSpan.FromSeconds(random.NextDouble() * (anywhere ? seconds : seconds / 2));
        Thread.Sleep(delay);
        process.Kill();
        story.Append(CultureInfo.InvariantCulture, $"killed after {delay.TotalMilliseconds:0} ms{(anywhere ? "" : " of training")}, ");
    }
}
