using Decant.Export;
using Decant.Models.Bert;
using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Tests.Runs.Resuming;
using Decant.Torch;

namespace Decant.Tests.Runs;

/// <summary>Students of a recipe that are pruned: parts of a teacher by importance, and sparse weights.</summary>
public sealed class PrunedStudentTests : IDisposable
{
    private const string Network = "  model: { kind: textcnn, embedding: 8, filters: 4 }";
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void A_part_by_importance_is_made_noted_trained_and_opened_and_is_sparse_in_the_end()
    {
        _work.Write("pruned.yaml", Recipe("hidden: 8, heads: 1, intermediate: 24, importance: activation, calibration: 20", "pruning: { sparsity: 0.6 }"));
        var run = _work.Distill("pruned.yaml", "run");
        var config = (BertConfig)ModelFolder.ReadConfig(Path.Combine(run, "student"));
        Assert.Equal((8, 1, 24), (config.HiddenSize, config.NumAttentionHeads, config.IntermediateSize));
        using var student = ModelFolder.Load(Path.Combine(run, "student"));
        using var scope = TensorScope.Open();
        var matrix = student.StateDict()["bert.encoder.layer.0.intermediate.dense.weight"].ToArray<float>();
        Assert.Equal((int)Math.Round(0.6 * matrix.Length), matrix.Count(w => w == 0));
        var notes = Workplace.Record(run).Events.OfType<RunNote>().Select(n => n.Text).ToArray();
        Assert.Contains(notes, n => n.StartsWith("kept by activation: heads layer 0: ", StringComparison.Ordinal) && n.EndsWith("24 of 64 feed-forward units in each layer. 8 of 16 hidden dimensions, the same in all layers", StringComparison.Ordinal));
        Assert.Single(notes, n => n.StartsWith("student, pruned: 59.7 % of 720 weights ", StringComparison.Ordinal) && n.EndsWith("when compressed (Deflate)", StringComparison.Ordinal));
        Assert.Single(notes, n => n.StartsWith("control, pruned: 59.7 % of 720 weights ", StringComparison.Ordinal));
    }

    [Fact]
    public void Stopped_while_it_is_pruned_it_goes_on_to_the_same_student()
    {
        _work.Write("pruned.yaml", Recipe("intermediate: 24, importance: taylor, calibration: 20", "pruning: { sparsity: 0.6 }"));
        var whole = _work.Distill("pruned.yaml", "whole");
        using var stop = new CancellationTokenSource();
        var run = _work.At("stopped");
        Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(
            _work.Recipe("pruned.yaml"), new RunOptions { Out = run }, new Watcher(e => { if (e is StepTaken { Arm: Arms.Student, Step: 4 }) stop.Cancel(); }), stop.Token));
        var answer = _work.Decant("distill", "--resume", run);
        Assert.True(answer.Exit == 0, answer.Error);
        WholeRun.AreSame(whole, run);
    }

    [Theory]
    [InlineData("heads: 1, importance: activation", "the teacher's heads are 8 wide, and 1 of them do not make a width of 16. Say hidden: 8, or other heads.")]
    [InlineData("intermediate: 65, importance: magnitude", "intermediate is 65, and the teacher has 64: a part cannot be larger")]
    public void What_cannot_be_is_refused_before_any_work(string part, string expected)
    {
        _work.Write("wrong.yaml", Recipe(part, "clip-norm: 1"));
        var answer = _work.Decant("distill", _work.At("wrong.yaml"), "--out", _work.At("out"));
        Assert.Equal(2, answer.Exit);
        Assert.Contains(expected, answer.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_work.At("out")));
    }

    private static string Recipe(string part, string distill) => Workplace.Text.Replace(Network, $"  from-teacher: {{ {part} }}", StringComparison.Ordinal)
        .Replace("  warm-up: { epochs: 1 }\n", $"  {distill}\n", StringComparison.Ordinal).Replace("latency-runs: 3", "latency-runs: 0", StringComparison.Ordinal);
}
