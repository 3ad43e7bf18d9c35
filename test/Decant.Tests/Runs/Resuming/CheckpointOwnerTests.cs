using System.Text.Json.Nodes;
using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Training.Checkpoints;

namespace Decant.Tests.Runs.Resuming;

/// <summary>Checkpoints that lie where those of another run, arm or seed belong. Models have the same shapes throughout, so nothing but their owner tells them apart.</summary>
public sealed class CheckpointOwnerTests : IDisposable
{
    // Teacher, student and control of one shape.
    private static readonly string s_recipe = KillRecipes.Text.Replace("{ kind: encoder, layers: 1, hidden: 16, heads: 2, dropout: 0.1 }", "{ kind: textcnn, embedding: 8, filters: 4, dropout: 0.2 }", StringComparison.Ordinal);

    private readonly Workplace _work = new();

    public CheckpointOwnerTests() => _work.Write("kill.yaml", s_recipe);

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("nothing", "another run of the same recipe on the same data.")]
    [InlineData("seed", "of another recipe on other data.")] // another split
    [InlineData("objective", "of another recipe on the same data.")]
    [InlineData("teacher", "of another recipe on the same data.")]
    [InlineData("labels", "of the same recipe on other data.")]
    public void One_of_another_run_is_refused_by_name(string changed, string said)
    {
        var own = Stopped(Arms.Student, 2, "own");
        var train = File.ReadAllText(_work.At("train.csv"));
        _work.Write("kill.yaml", changed switch
        {
            "seed" => s_recipe.Replace("seed: 3", "seed: 4", StringComparison.Ordinal),
            "objective" => s_recipe.Replace("temperature: 2", "temperature: 3", StringComparison.Ordinal),
            "teacher" => s_recipe.Replace("patience: 0, warm-up: 0.1", "patience: 0, warm-up: 0.2", StringComparison.Ordinal),
            _ => s_recipe,
        });
        if (changed == "labels")
            _work.Write("train.csv", train[(train.IndexOf('\n', StringComparison.Ordinal) + 1)..].Insert(0, train[..(train.IndexOf('\n', StringComparison.Ordinal) + 1)]).Replace("kala", "kalo", StringComparison.Ordinal));
        var other = Stopped(Arms.Student, 3, "other");
        _work.Write("train.csv", train);
        var seed = changed == "seed" ? 4 : 3;
        var (from, to) = (Newest(other, $"student-seed-{seed}"), Path.Combine(own, "checkpoints", "student-seed-3", "000099-step-3"));
        Copy(from, to);

        var error = Refused(own);
        Assert.Contains($"The run {own} cannot be resumed from checkpoints of another run:\n  {to}: expected one of the student of seed 3 of the run 'killed' that was begun at ", error);
        Assert.Matches($@"in {own}, came one of the student of seed {seed} of the run 'killed' that was begun at [-0-9]+ [:0-9]+Z in {other}, {said}", error);
        Assert.Contains("Move them away: the run is then resumed from its own checkpoints", error);
        Assert.True(Directory.Exists(to));

        Directory.Delete(to, recursive: true);
        Assert.Equal(0, _work.Decant("distill", "--resume", own, "--quiet").Exit);
    }

    [Theory]
    [InlineData(Arms.Teacher, Arms.Student)]
    [InlineData(Arms.Student, Arms.Control)]
    public void One_of_another_arm_of_the_run_is_refused_by_name(string first, string second)
    {
        var run = Stopped(first, 3, "run");
        Copy(Newest(run, $"{first}-seed-3"), _work.At("kept"));
        Resume(run, second, 2);
        var to = Path.Combine(run, "checkpoints", $"{second}-seed-3", "000099-step-3");
        Copy(_work.At("kept"), to);
        Assert.Contains($"{to}: expected one of the {second} of seed 3 of the run 'killed' that was begun at ", Refused(run));
        Assert.Contains($", came one of the {first} of seed 3 of that run.", Refused(run));
    }

    [Fact]
    public void One_of_another_seed_of_the_run_is_refused_by_name_though_that_arm_has_not_begun()
    {
        _work.Write("kill.yaml", s_recipe.Replace("seed: 3", "seeds: [3, 4]", StringComparison.Ordinal));
        var run = Stopped(Arms.Teacher, 3, "run");
        var to = Path.Combine(run, "checkpoints", "teacher-seed-4", "000001-step-3");
        Copy(Newest(run, "teacher-seed-3"), to);
        Assert.Contains(", came one of the teacher of seed 3 of that run.", Refused(run));
        Assert.Contains($"{to}: expected one of the teacher of seed 4 of ", Refused(run));
    }

    [Fact]
    public void One_without_an_owner_is_refused_with_the_reason()
    {
        var run = Stopped(Arms.Student, 3, "run");
        var store = new CheckpointStore(Path.Combine(run, "checkpoints", "student-seed-3"), keep: 3);
        using (var found = store.Newest().Found!)
            store.Write(found.Snapshot, new Dictionary<string, string> { ["record_bytes"] = found.Attached["record_bytes"], ["run_seconds"] = "1", ["blas_kernels"] = found.Attached["blas_kernels"] });
        Assert.Contains("came one that does not say which run it is of: an earlier version of Decant wrote it", Refused(run));
    }

    [Fact]
    public void The_state_of_another_run_is_refused_by_name()
    {
        var (run, other) = (Stopped(Arms.Student, 2, "run"), Stopped(Arms.Student, 2, "other"));
        File.Copy(Path.Combine(other, "checkpoints", "progress.json"), Path.Combine(run, "checkpoints", "progress.json"), overwrite: true);
        Assert.Matches($@"are of two runs: expected the record of the run 'killed' that was begun at .*Z in {other} \({Id(other)}\), came that of a run 'killed' that was begun at .* \({Id(run)}\)\.", Refused(run));
    }

    [Fact]
    public void The_owner_stays_the_runs_when_its_folder_is_moved()
    {
        var run = Stopped(Arms.Student, 2, "run");
        var id = Id(run);
        Directory.Move(run, _work.At("moved"));
        Resume(_work.At("moved"), Arms.Control, 2);
        Assert.Equal((id, id), (Id(_work.At("moved")), (string?)State(_work.At("moved"))["run"]!["id"]));
        Assert.Equal(0, _work.Decant("distill", "--resume", _work.At("moved"), "--quiet").Exit);
    }

    private static JsonObject State(string run) => JsonNode.Parse(File.ReadAllText(Path.Combine(run, "checkpoints", "progress.json")))!.AsObject();

    private static string? Id(string run) => Assert.Single(Workplace.Record(run).Events.OfType<RunStarted>()).RunId;

    private static string Newest(string run, string arm) => Directory.GetDirectories(Path.Combine(run, "checkpoints", arm)).Order(StringComparer.Ordinal).Last();

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private string Refused(string run)
    {
        var answer = _work.Decant("distill", "--resume", run);
        Assert.Equal(2, answer.Exit);
        return answer.Error;
    }

    private string Stopped(string arm, long step, string name)
    {
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(_work.Recipe("kill.yaml"), new RunOptions { Out = _work.At(name) }, At(arm, step, stop), stop.Token));
        return _work.At(name);
    }

    private static void Resume(string run, string arm, long step)
    {
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Resume(run, new RunOptions(), null, At(arm, step, stop), stop.Token));
    }

    private static Watcher At(string arm, long step, CancellationTokenSource stop) => new(e => { if (e is StepTaken taken && (taken.Arm, taken.Step) == (arm, step)) stop.Cancel(); });
}
