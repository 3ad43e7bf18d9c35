using Decant.Runs.Reports.Record;
using Decant.Teachers.Answers.Storage;

namespace Decant.Tests.Runs;

/// <summary>Recipes that keep a teacher's answers on disk.</summary>
public sealed class StoredAnswersFlowTests : IDisposable
{
    private static readonly string[] s_plain = ["--set", "control=false", "--set", "baseline=none", "--set", "evaluate.latency-runs=0", "--set", "distill.warm-up=null", "--set", "teacher.seed=3"];

    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void A_second_run_asks_nothing_and_gives_the_same_student()
    {
        var first = Run("first", "{ kind: logits, folder: answers }");
        var second = Run("second", "{ kind: logits, folder: answers }");
        Assert.Matches(@"0 were there, the teacher was asked about 1\d\d samples", Summary(first));
        Assert.Contains("the teacher was asked about 0 samples", Summary(second), StringComparison.Ordinal);
        Assert.Equal(Workplace.Weights(first, "student"), Workplace.Weights(second, "student"));

        using var store = AnswerStore.Open(Directory.GetDirectories(_work.At("answers")).Single());
        Assert.Equal("小文本: teacher", store.Manifest.Name);
        Assert.Equal(NumberFormat.Float16, store.Manifest.Numbers);
    }

    [Fact]
    public void Exact_logits_give_the_student_of_a_run_without_a_store()
    {
        var without = Run("without", "null");
        var with = Run("with", "{ kind: logits, folder: answers, numbers: float32 }");
        Assert.Equal(Workplace.Weights(without, "student"), Workplace.Weights(with, "student"));
    }

    [Fact]
    public void Seeds_share_the_answers_of_one_teacher_and_teachers_of_several_have_a_store_each()
    {
        var shared = _work.Distill("text.yaml", "shared", [.. s_plain, "--seeds", "2", "--set", "teacher.answers={ kind: logits, folder: answers }"]);
        Assert.Single(Directory.GetDirectories(_work.At("answers")));
        Assert.Contains("asked about 0 samples", Workplace.Record(shared).Events.OfType<RunNote>().Last(n => n.Text.StartsWith("teacher answers", StringComparison.Ordinal)).Text, StringComparison.Ordinal);
        _work.Distill("text.yaml", "apart", [.. s_plain, "--seeds", "2", "--set", "teacher.seed=null", "--set", "teacher.answers={ kind: logits, folder: others }"]);
        Assert.Equal(2, Directory.GetDirectories(_work.At("others")).Length);
    }

    [Fact]
    public void A_student_learns_from_draws_and_from_the_largest_probabilities()
    {
        const string Entropy = "distill.objectives=[{ kind: soft-cross-entropy, temperature: 1 }]";
        foreach (var (name, answers, objective) in new[]
        {
            ("drawn", "{ kind: sampled, folder: answers, draws: 30 }", Entropy),
            ("dropped", "{ kind: top-k, folder: answers, k: 1, tail: drop }", Entropy),
            ("bucket", "{ kind: top-k, folder: answers, k: 1, temperature: 2 }", "distill.objectives=[{ kind: reverse-kl, temperature: 2 }]"),
            ("renormalized", "{ kind: top-k, folder: answers, k: 2, tail: renormalize }", "distill.objectives=[{ kind: soft-targets, temperature: 3 }]"),
        })
        {
            var run = Run(name, answers, "--set", objective, "--set", "distill.epochs=8", "--set", "teacher.train.epochs=4");
            Assert.InRange(Workplace.Record(run).Events.OfType<Evaluated>().Single(e => e.Arm == Arms.Student).Metrics["accuracy"], 0.6, 1);
        }

        Assert.Equal(4, Directory.GetDirectories(_work.At("answers")).Length);
    }

    [Theory]
    [InlineData("{ kind: top-k, folder: answers, k: 2 }", "soft-targets is computed at temperature 2, and the teacher's answers are kept at 1 and exact at no other")]
    [InlineData("{ kind: sampled, folder: answers }", "soft-targets learns from all logits, and the teacher's answers are kept as drawn ids")]
    public void What_an_objective_cannot_learn_from_is_refused_before_anything_is_written(string answers, string expected)
    {
        Refused("text.yaml", expected, $"teacher.answers={answers}");
        Assert.False(Directory.Exists(_work.At("answers")));
    }

    [Theory]
    [InlineData("teacher.answers={ kind: logits }", "missing key 'folder' under teacher.answers")]
    [InlineData("teacher.answers={ kind: top-k, folder: a, k: 0 }", "expected a whole number from 1 to 65535, came the number 0")]
    [InlineData("teacher.answers={ kind: best, folder: a }", "'best'")]
    public void Faults_are_named(string set, string expected) => Refused("text.yaml", expected, set);

    [Fact]
    public void Augmented_views_are_answered_once_in_memory_and_on_disk_and_give_the_same_student()
    {
        string View(string name, string answers) => _work.Distill("image.yaml", name, [
            "--set", "control=false", "--set", "baseline=none", "--set", "evaluate.latency-runs=0", "--set", "teacher.seed=3", "--set", "distill.epochs=5",
            "--set", "distill.augment={ shift: 1, flip: true, views: 2 }", "--set", $"teacher.answers={answers}"]);
        var (memory, disk, again) = (View("memory", "null"), View("disk", "{ kind: logits, folder: answers, numbers: float32 }"), View("again", "{ kind: logits, folder: answers, numbers: float32 }"));
        Assert.Equal(Workplace.Weights(memory, "student"), Workplace.Weights(disk, "student"));
        Assert.Equal(Workplace.Weights(memory, "student"), Workplace.Weights(again, "student"));
        Assert.Contains("0 were there, the teacher was asked about 240 samples", Summary(disk), StringComparison.Ordinal);
        Assert.Contains("the teacher was asked about 0 samples", Summary(again), StringComparison.Ordinal);
        Assert.Equal(240, Workplace.Record(memory).Events.OfType<AnswersAsked>().Single(a => a.Purpose == AnswersAsked.TeacherAnswers).Total);
    }

    [Fact]
    public void Samples_that_change_and_inner_values_are_refused()
    {
        Refused("image.yaml", "augmented samples differ in every epoch", "teacher.answers={ kind: logits, folder: a }", "distill.augment={ flip: true }");
        Refused("text.yaml", "there are no probabilities to keep", "task=regression", "teacher.answers={ kind: top-k, folder: a }");
        Refused("text.yaml", "reads the teacher's inner values", "teacher.answers={ kind: logits, folder: a }", "distill.objectives=[{ kind: embeddings }]");
    }

    private void Refused(string recipe, string expected, params string[] set)
    {
        var (exit, _, error) = _work.Decant(["check", _work.At(recipe), .. set.SelectMany(s => new[] { "--set", s })]);
        Assert.NotEqual(0, exit);
        Assert.Contains(expected, string.Join(' ', error.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private string Run(string name, string answers, params string[] more) => _work.Distill("text.yaml", name, [.. s_plain, "--set", $"teacher.answers={answers}", .. more]);

    private static string Summary(string run) => Workplace.Record(run).Events.OfType<RunNote>().Single(n => n.Text.StartsWith("teacher answers", StringComparison.Ordinal)).Text;
}
