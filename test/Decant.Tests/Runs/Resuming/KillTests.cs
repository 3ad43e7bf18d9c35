using System.Globalization;
using System.Text;

namespace Decant.Tests.Runs.Resuming;

/// <summary>
/// Runs that are killed (SIGKILL) at moments drawn at random and resumed until they are done. A moment is a number of lines of the run's record.
/// <c>DECANT_TEST_RECIPE=kill-written</c> takes one recipe alone;
/// <c>DECANT_TEST_SEED=2 ./decant test --filter Kill --repeat 100</c> does it a hundred times, at other moments than by default.
/// </summary>
public sealed class KillTests : IDisposable
{
    private const int Few = 6;
    private const int MostKills = 4;
    private const int Seed = 1;

    private readonly Workplace _work = new();

    public KillTests()
    {
        _work.Write("kill-text.yaml", KillRecipes.Text);
        _work.Write("kill-image.yaml", KillRecipes.Image);
        _work.Write("kill-remembered.yaml", KillRecipes.Remembered);
        _work.Write("kill-stages.yaml", KillRecipes.Stages);
        _work.Write("kill-tasks.yaml", KillRecipes.Tasks);
        _work.Write("kill-written.yaml", KillRecipes.Written);
        _work.Write("words.jsonl", Workplace.Words(60, seed: 8));
        _work.Write("more-words.jsonl", Workplace.Words(30, seed: 9));
        _work.Write("more.csv", Workplace.Texts(40, seed: 7));
    }

    public void Dispose() => _work.Dispose();

    [Fact]
    public void A_run_that_is_killed_at_random_moments_and_resumed_gives_the_models_of_the_uninterrupted_one()
    {
        var (count, seed) = (Setting("DECANT_TEST_REPEAT", Few), Setting("DECANT_TEST_SEED", Seed));
        var random = new Random(seed);
        string[] recipes = Environment.GetEnvironmentVariable("DECANT_TEST_RECIPE") is { Length: > 0 } one ? [one] : ["kill-text", "kill-image", "kill-remembered", "kill-stages", "kill-tasks", "kill-written"];
        var whole = recipes.Select(Whole).ToArray();
        var (kills, trained) = (0, 0);
        for (var trial = 0; trial < count; trial++)
        {
            var which = trial % recipes.Length;
            var story = new StringBuilder($"seed {seed}, trial {trial}, {recipes[which]}: ");
            try
            {
                var (run, killed, inTraining) = KillAndResume(recipes[which], whole[which], random, story);
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
        Assert.True(kills > 0, "no run was killed before it came to its end");
        Assert.True(trained > 0, "no kill hit the training");
    }

    private static int Setting(string name, int standard) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } set ? int.Parse(set, CultureInfo.InvariantCulture) : standard;

    private WholeRecord Whole(string recipe)
    {
        var run = _work.At($"whole-{recipe}");
        using var process = CommandProcess.Start(_work.Root, "distill", _work.At(recipe + ".yaml"), "--out", run);
        Assert.True(process.Wait() == 0, process.Said);
        var record = File.ReadAllLines(RecordOf(run));
        bool IsStep(string line) => line.StartsWith("{\"event\":\"step\"", StringComparison.Ordinal);
        return new WholeRecord(run, record.Length, Array.FindIndex(record, IsStep) + 1, Array.FindLastIndex(record, IsStep) + 1);
    }

    /// <summary>Begins a run, kills it some times, lets it come to its end.</summary>
    private (string Run, int Kills, int InTraining) KillAndResume(string recipe, WholeRecord whole, Random random, StringBuilder story)
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

            KillSoon(process, run, whole, random, story);
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
    private static void KillSoon(CommandProcess process, string run, WholeRecord whole, Random random, StringBuilder story)
    {
        var anywhere = random.Next(2) == 0;
        var lines = anywhere ? random.Next(whole.Lines) : random.Next(whole.FirstStep, whole.LastStep + 1);
        process.Until(() => LinesOf(run) >= lines);
        process.Kill();
        story.Append(CultureInfo.InvariantCulture, $"killed from line {lines} of its record on, ");
    }

    private static string RecordOf(string run) => Path.Combine(run, "record.jsonl");

    private static int LinesOf(string run)
    {
        try
        {
            using var record = new FileStream(RecordOf(run), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[record.Length];
            return bytes.AsSpan(0, record.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)).Count((byte)'\n');
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return 0; // not yet
        }
    }

    /// <summary>A run that nobody killed, and where the steps of the training stand in its record.</summary>
    private sealed record WholeRecord(string Run, int Lines, int FirstStep, int LastStep);
}
