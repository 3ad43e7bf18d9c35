using Decant.Runs;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Signals;

namespace Decant.Tests.Runs.Planning;

/// <summary>The list of steps that a run consists of.</summary>
public sealed class RunPlanTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Steps_come_after_what_they_need_and_else_in_the_order_given()
    {
        var plan = new RunPlan([Step("report", after: ["b", "a"]), Step("b", after: ["a"]), Step("c"), Step("a")], []);
        Assert.Equal(["c", "a", "b", "report"], plan.Steps.Select(s => s.Id));
    }

    [Fact]
    public void Two_steps_that_write_the_same_file_are_named()
    {
        var error = Assert.Throws<DecantException>(() => new RunPlan([Step("a", leaves: ["student/model.safetensors"]), Step("b", leaves: ["student/model.safetensors"])], []));
        Assert.Contains("'a' and 'b' write the same file, student/model.safetensors", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_circle_is_named_from_its_first_step_to_the_same_again()
    {
        var error = Assert.Throws<DecantException>(() => new RunPlan([Step("z", after: ["a"]), Step("a", after: ["c"]), Step("b", after: ["a"]), Step("c", after: ["b"])], []));
        Assert.Contains("need each other in a circle: 'a', 'c', 'b', 'a'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_reported_at_once()
    {
        var error = Assert.Throws<DecantException>(() => new RunPlan([Step("a"), Step("a"), Step("b", after: ["nothing"]) with { Uses = [new(null, "teacher", 1)] }], []));
        Assert.Contains("2 steps have the id 'a'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'b' needs the step 'nothing', which there is not", error.Message, StringComparison.Ordinal);
        Assert.Contains("'b' uses the model 'seed-1/teacher', which no step makes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_plan_of_a_recipe_is_what_its_run_does()
    {
        var recipe = _work.Recipe("text.yaml").WithSeeds(2);
        using var run = PreparedRun.Of(recipe, DataPreparation.Prepare(Catalog.Standard, recipe, default));
        Assert.Equal(
        [
            "seed-3/teacher", "seed-3/answers/student", "seed-3/warm-up", "seed-3/student", "seed-3/control", "seed-3/all-labels",
            "seed-3/evaluate/teacher", "seed-3/evaluate/student", "seed-3/evaluate/control", "seed-3/evaluate/all-labels", "seed-3/latency",
            "seed-4/teacher", "seed-4/answers/student", "seed-4/warm-up", "seed-4/student", "seed-4/control", "seed-4/all-labels",
            "seed-4/evaluate/teacher", "seed-4/evaluate/student", "seed-4/evaluate/control", "seed-4/evaluate/all-labels",
            "compare/student-control", "compare/student-all-labels", "compare/all-labels-control", "compare/teacher-student", "compare/samples", "report",
        ], RunPlans.ToDistil(Catalog.Standard, run).Steps.Select(s => s.Id));
    }

    [Theory]
    [InlineData("previous", "assistant-1")]
    [InlineData("teacher", "teacher")]
    public void A_part_of_an_assistant_is_taught_by_whom_the_recipe_says(string by, string teacher)
    {
        _work.Write("steps.yaml", Workplace.Text
            .Replace("student:\n  model: { kind: textcnn, embedding: 8, filters: 4 }", "assistants: [{ from-teacher: { intermediate: 32, importance: magnitude } }]\nstudent:\n  from-teacher: { intermediate: 16, importance: magnitude }", StringComparison.Ordinal)
            .Replace("  warm-up: { epochs: 1 }\n", $"  taught-by: {by}\n", StringComparison.Ordinal));
        var recipe = _work.Recipe("steps.yaml");
        using var run = PreparedRun.Of(recipe, DataPreparation.Prepare(Catalog.Standard, recipe, default));
        var plan = RunPlans.ToDistil(Catalog.Standard, run);
        Assert.Equal(["teacher", teacher], plan.Steps.OfType<AskStep>().Select(s => s.Teacher.Arm));
        Assert.True(plan.Steps.ToList().FindIndex(s => s.Id == "seed-3/assistant-1") < plan.Steps.ToList().FindIndex(s => s.Id == "seed-3/student"));
        // Whoever teaches, the student is a part of the assistant as it was trained.
        Assert.Contains(new ModelKey(null, "assistant-1", 3), plan.Steps.Single(s => s.Id == "seed-3/student").Uses);
        Assert.Contains("seed-3/assistant-1", After(plan, "seed-3/student"));

        static IEnumerable<string> After(RunPlan plan, string id) => plan.Steps.Single(s => s.Id == id) is var step ? step.After.Concat(step.After.SelectMany(a => After(plan, a))) : [];
    }

    [Fact]
    public void A_teachers_answers_are_kept_until_the_last_training_that_learns_from_them()
    {
        var recipe = _work.Recipe("text.yaml").WithSeeds(2);
        using var run = PreparedRun.Of(recipe, DataPreparation.Prepare(Catalog.Standard, recipe, default));
        var plan = RunPlans.ToDistil(Catalog.Standard, run);
        Assert.Equal(["seed-3/warm-up", "seed-3/student"], plan.Steps.Where(s => s.LearnsFrom.Contains("seed-3/answers/student")).Select(s => s.Id));
        using var teachers = new MadeTeachers();
        using var models = new Answering(plan, teachers);
        foreach (var step in plan.Steps)
        {
            if (step is TrainStep train)
                _ = train.Training(models);
            models.Done(step);
            if (step.Id == "seed-3/student")
                Assert.Equal((1, 0), (models.Asked, models.Open));
        }

        Assert.Equal((2, 0), (models.Asked, models.Open));
    }

    /// <summary>Counts the answers that are held.</summary>
    private sealed class Answering(RunPlan plan, MadeTeachers teachers) : RunModels(plan, teachers)
    {
        public int Asked { get; private set; }

        public int Open { get; private set; }

        protected override IDisposable Ask(AskStep step)
        {
            (Asked, Open) = (Asked + 1, Open + 1);
            return new Held(step.Of.Data.Teacher(this[step.Teacher]), () => Open--);
        }

        protected override ITeacher Answers(IDisposable asked, DistillSection stage) => ((Held)asked).Teacher;

        private sealed record Held(ITeacher Teacher, Action Closed) : IDisposable
        {
            public void Dispose()
            {
                Teacher.Dispose();
                Closed();
            }
        }
    }

    private static CompareStep Step(string id, string[]? after = null, string[]? leaves = null) => new(id, "a", "b") { After = after ?? [], Leaves = leaves ?? [] };
}
