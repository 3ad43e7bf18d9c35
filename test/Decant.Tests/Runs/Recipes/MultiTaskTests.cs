using Decant.Runs.Recipes.Schema;
using Decant.Runs.Recipes.Writing;

namespace Decant.Tests.Runs.Recipes;

/// <summary>Recipes of several tasks: read, refused, written.</summary>
public class MultiTaskTests
{
    private const string Two = """
        name: two
        tasks:
          - name: digits
            data:
              train: { kind: idx, images: a.idx }
              split: { validation: 0.1, test: 100 }
            teacher: &teacher
              model: { kind: mlp, hidden: [12] }
              train: { epochs: 2, batch: 8, optimizer: { kind: sgd, learning-rate: 0.1 } }
            objectives: [ { kind: soft-targets } ]
            weight: 0.5
          - name: letters
            data:
              train: { kind: idx, images: b.idx }
              split: { validation: 0.1, test: 100 }
            teacher: *teacher
            objectives: [ { kind: soft-targets, weight: 0.5 }, { kind: labels, weight: 0.5 } ]
            combination: convex
        input: { kind: image }
        student:
          model: { kind: mlp, hidden: [3] }
        distill:
          epochs: 4
          batch: 8
          optimizer: { kind: sgd, learning-rate: 0.1 }
          task-sampling: annealed
          anneal-to: 0.3

        """;

    [Fact]
    public void Each_task_is_a_recipe_of_its_own_with_what_all_share()
    {
        var recipe = Fakes.Read(Two).MultiTask!;
        Assert.Equal(["digits", "letters"], recipe.Tasks.Select(t => t.Name));
        Assert.Equal((TaskSampling.Annealed, 0.3, true, true), (recipe.Distill.TaskSampling, recipe.Distill.AnnealTo, recipe.Control, recipe.SingleTask));
        var letters = recipe.Of(recipe.Tasks[1]);
        Assert.Equal(("two/letters", 4, 8, Balance.Convex, 2), (letters.Name, letters.Distill.Epochs, letters.Distill.Batch, letters.Distill.Combination, letters.Distill.Objectives.Count));
        Assert.Same(recipe.Distill.Optimizer, letters.Distill.Optimizer);
        Assert.Same(recipe.Distill.Schedule, letters.Distill.Schedule);
        Assert.Same(recipe.Tasks[1].Data, letters.Data);
        Assert.Same(recipe.Student, letters.Student);
    }

    [Fact]
    public void Written_it_reads_back_to_an_equal_recipe()
    {
        var document = Fakes.Read(Two, "seeds=[3, 4]", "distill.clip-norm=1");
        var again = Fakes.Read(document.ToYaml());
        Assert.Equal(document.MultiTask, again.MultiTask);
        Assert.Equal(document.ToYaml(), again.ToYaml());
    }

    [Fact]
    public void Where_one_task_is_expected_several_are_refused_with_what_takes_them()
    {
        Assert.Null(Fakes.Read(Fakes.Image).MultiTask);
        var fault = Assert.Throws<DecantException>(() => Fakes.Read(Two).Recipe);
        Assert.StartsWith("x.yaml:2: the recipe has several tasks", fault.Message);
        Assert.Contains("'decant distill' and 'decant check' take it", fault.Message);
    }

    [Fact]
    public void All_faults_of_all_tasks_are_told_at_once_each_where_it_stands()
    {
        var faults = Fakes.Faults(
            Two, "tasks[0].name=letters", "tasks[0].task=masked-lm", "tasks[1].objectives[0].weight=0.2", "tasks[1].data.split.test=null", "distill.epochs=1", "evaluate.tune-bias=[x]",
            "student={ from-teacher: { layers: 1 } }");
        Assert.Contains(faults, f => f.StartsWith("x.yaml:12: ") && f.Contains("two tasks are named 'letters'; every task needs a name of its own"));
        Assert.Contains(faults, f => f.EndsWith("'masked-lm' cannot be one of several tasks; these can: classification, token-classification, regression"));
        Assert.Contains(faults, f => f.Contains("'combination: convex' needs weights that sum to 1, these sum to 0.7"));
        Assert.Contains(faults, f => f.Contains("nothing to measure on: give data.test"));
        Assert.Contains(faults, f => f.Contains("'annealed' changes from epoch to epoch, and there is one"));
        Assert.Contains(faults, f => f.Contains("'tune-bias' names classes of one task"));
        Assert.Contains(faults, f => f.Contains("a student of several tasks has several teachers and is a part of none"));
    }

    [Theory]
    [InlineData("data={ train: { kind: idx, images: a.idx } }", "'data' is each task's own where there are 'tasks': move it under them, as tasks[0].data")]
    [InlineData("teacher={ }", "'teacher' is each task's own where there are 'tasks': move it under them, as tasks[0].teacher")]
    [InlineData("distill.objectives=[ { kind: labels } ]", "'distill.objectives' is each task's own where there are 'tasks': move it under them, as tasks[0].objectives")]
    [InlineData("distill.warm-up={ epochs: 1 }", "unknown key 'warm-up' under distill")]
    [InlineData("tasks=[]", "expected two tasks or more, came 0")]
    [InlineData("tasks[0].name=control", "'control' cannot name a task, whose folder it becomes")]
    [InlineData("tasks[0].name=Digits", "'Digits' cannot name a task")]
    [InlineData("tasks[0].name=seed-2", "'seed-2' cannot name a task")]
    [InlineData("tasks[0].name=''", "'' cannot name a task")]
    [InlineData("tasks[0].name=../x", "'../x' cannot name a task")]
    [InlineData("tasks[0].weight=0", "tasks[0].weight: expected a number")]
    [InlineData("tasks[0].objectives=[]", "the task has no objectives; there is nothing to minimise; give some")]
    [InlineData("tasks[0].objectives=[ { kind: labels } ]", "no objective uses the teacher")]
    [InlineData("tasks[0].data.split.validation=null", "other tasks have validation samples and this one none")]
    [InlineData("distill.task-sampling=square-root", "'anneal-to' is for task-sampling: annealed; leave it out")]
    [InlineData("distill.task-sampling=sqrt", "distill.task-sampling: expected")]
    [InlineData("tasks[1].teacher.train=null", "the teacher has no weights")]
    public void What_is_wrong_is_said_with_what_to_do(string set, string expected) => Assert.Contains(Fakes.Faults(Two, set), f => f.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void A_fault_of_what_all_share_is_told_once()
    {
        var faults = Fakes.Faults(Two, "distill.epochs=null");
        Assert.Single(faults, f => f.Contains("distill must say how long"));
    }

    [Fact]
    public void More_seeds_follow_those_there_are() => Assert.Equal([1, 2, 3], Fakes.Read(Two).MultiTask!.WithSeeds(3).RunSeeds());
}
