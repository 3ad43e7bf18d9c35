using Decant.Runs.Recipes.Writing;

namespace Decant.Tests.Runs.Recipes;

/// <summary>What can be wrong with stages, assistants and generations before anything is opened.</summary>
public class StageCheckTests
{
    private const string Two = "[{ name: first, epochs: 1, objectives: [{ kind: soft-targets }] }, { name: second, epochs: 1, objectives: [{ kind: labels }] }]";
    private static readonly string Staged = Fakes.Image.Replace("  epochs: 2\n  batch: 8\n  optimizer: { kind: sgd, learning-rate: 0.1 }\n  objectives:\n    - { kind: soft-targets, temperature: 4, weight: 0.5 }\n    - { kind: labels, weight: 0.5 }\n",
        $"  batch: 8\n  optimizer: {{ kind: sgd, learning-rate: 0.1 }}\n  stages: {Two}\n", StringComparison.Ordinal);

    [Fact]
    public void Stages_take_what_they_leave_out_from_what_they_have_in_common()
    {
        var recipe = Fakes.Read(Staged, "distill.clip-norm=2", "distill.stages[1].clip-norm=3", "distill.stages[1].batch=4", "distill.freeze=[a]", "distill.stages[1].train=[b]").Recipe;
        var (first, second) = (recipe.Distill.Stages![0].Options, recipe.Distill.Stages[1].Options);
        Assert.Equal((8, 2.0, 1, "sgd"), (first.Batch, first.ClipNorm, first.Epochs, Fakes.KindOf(Sections.Optimizer, first.Optimizer)));
        Assert.Equal((4, 3.0), (second.Batch, second.ClipNorm));
        Assert.Equal(["a"], first.Freeze!);
        Assert.Null(first.Train);
        Assert.Equal(["b"], second.Train!);
        Assert.Null(second.Freeze); // what it says of its parts is all there is to say
        Assert.Null(first.Stages);
    }

    [Fact]
    public void A_stage_is_written_with_the_keys_that_it_gives_itself()
    {
        var document = Fakes.Read(Staged, "distill.clip-norm=2", "distill.stages[1].clip-norm=2", "distill.stages[0].l1=null", "distill.stages[0].best-by=accuracy");
        var (first, second) = (document.Recipe.Distill.Stages![0], document.Recipe.Distill.Stages[1]);
        Assert.Equal(["BestBy", "Epochs", "Objectives"], first.Given);
        Assert.Equal(["ClipNorm", "Epochs", "Objectives"], second.Given);
        Assert.True(first.AsksToBeJudged(document.Recipe.Distill));
        Assert.False(second.AsksToBeJudged(document.Recipe.Distill));
        Assert.EndsWith("    - name: second\n      epochs: 1\n      clip-norm: 2\n      objectives:\n        - kind: labels\n",
            document.ToYaml().Split("          weight: 1\n          label-smoothing")[0], StringComparison.Ordinal);
        Assert.Equal(document.Recipe, Fakes.Read(document.ToYaml()).Recipe);
    }

    [Fact]
    public void A_stage_may_take_back_what_distill_has()
    {
        var document = Fakes.Read(Staged, "distill.clip-norm=2", "distill.stages[1].clip-norm=null");
        Assert.Equal([2, null], document.Recipe.Distill.Stages!.Select(s => s.Options.ClipNorm));
        Assert.Equal(document.Recipe, Fakes.Read(document.ToYaml()).Recipe);
    }

    [Fact]
    public void A_stage_that_is_made_in_code_is_written_with_what_differs()
    {
        var recipe = Fakes.Read(Staged).Recipe;
        var distill = recipe.Distill;
        recipe = recipe with { Distill = distill with { Stages = [new() { Name = "only", Options = distill.Stages![0].Options with { Batch = 4 } }] } };
        var read = Fakes.Read(RecipeWriter.Write(recipe, Fakes.Kinds)).Recipe.Distill.Stages![0];
        Assert.Equal(recipe.Distill.Stages![0].Options, read.Options);
        Assert.Equal(["Batch", "Epochs", "Objectives"], read.Given);
    }

    [Theory]
    [InlineData("distill.stages[0].warm-up={ epochs: 1 }", "unknown key 'warm-up' under distill.stages[0]")]
    [InlineData("distill.stages[0].stages=[]", "unknown key 'stages' under distill.stages[0]")]
    [InlineData("distill.stages[0].flavour=1", "unknown key 'flavour' under distill.stages[0]")]
    [InlineData("distill.stages[0].batch=0", "distill.stages[0].batch: expected a whole number from 1 to 1000000, came the number 0")]
    [InlineData("distill.stages[0].objectives=null", "distill.stages[0].objectives: expected a list, came nothing")]
    [InlineData("distill.stages[0].transfer=null", "the key 'transfer' under distill.stages[0] is now called 'transfer-set'")]
    [InlineData("distill.stages=[{ name: a, epochs: 1 }]", "missing key 'objectives' under distill.stages[0]")]
    [InlineData("distill.stages=[{ epochs: 1, objectives: [{ kind: soft-targets }] }]", "missing key 'name' under distill.stages[0]")]
    public void Keys_of_a_stage_are_read_as_strictly_as_those_of_distill(string set, string expected) => Assert.Contains(Fakes.Faults(Staged, set), f => f.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void What_is_written_reads_back_to_the_same_recipe()
    {
        var document = Fakes.Read(Staged, "assistants=[{ model: { kind: mlp, hidden: [5] } }]", "student.generations=3");
        Assert.Equal(document.Recipe, Fakes.Read(document.ToYaml()).Recipe);
    }

    [Theory]
    [InlineData("distill.stages=[]", "'stages' is an empty list; name at least one, or leave it out")]
    [InlineData("distill.epochs=2", "'epochs' is a key of each stage where there are stages; move it there")]
    [InlineData("distill.steps=2", "'steps' is a key of each stage where there are stages; move it there")]
    [InlineData("distill.objectives=[{ kind: soft-targets }]", "'objectives' is a key of each stage where there are stages; move it there")]
    [InlineData("distill.warm-up={ epochs: 1 }", "a warm-up is a stage like others when there are stages; write it as the first of them")]
    [InlineData("distill.stages[1].name=first", "two stages have the name 'first'; give each its own")]
    [InlineData("distill.stages[1].name='a.b'", "'a.b' is not a valid name of a stage: expected letters, digits, '-' and '_', at most 40; such as 'representations'")]
    [InlineData("distill.stages[1].epochs=null", "distill.stages[1] must say how long: epochs or steps")]
    [InlineData("distill.stages[1].steps=3", "both 'epochs' and 'steps' are given under distill.stages[1]; keep one")]
    [InlineData("distill.stages[1].objectives=[]", "distill.stages[1] has no objectives; there is nothing to minimise")]
    [InlineData("distill.stages[1].objectives=[{ kind: labels, weight: 0 }]", "every objective has the weight 0; there is nothing to minimise")]
    [InlineData("distill.stages[0].objectives=[{ kind: labels }]", "no objective uses the teacher; add one such as { kind: soft-targets }, or leave the teacher out")]
    [InlineData("distill.stages[0].train=[]", "'train' is an empty list, so nothing would be trained; name parts, or leave it out for all of them")]
    [InlineData("distill.stages[0].freeze=[]", "'freeze' is an empty list; name parts, or leave it out")]
    [InlineData("distill.stages[0].combination=convex", null)]
    [InlineData("distill.stages[0].augment.token-dropout=0.1", "'token-dropout' is for text, and input.kind is image; leave it out")]
    [InlineData("distill.stages[1].transfer-set={ data: { kind: idx, images: more.idx } }", "every objective here learns from labels, and those of 'transfer-set.data' are not looked at; add one that compares with the teacher")]
    [InlineData("distill.stages[0].transfer-set={ data: { kind: idx, images: more.idx }, without-classes: [a] }", "the labels of 'transfer-set.data' are not looked at, so no class can be left out; leave one of the two out")]
    [InlineData("distill.stages[0].transfer-set={ data: { kind: idx, images: more.idx }, labelled-only: true }", "the labels of 'transfer-set.data' are not looked at, so none of its samples has one; leave one of the two out")]
    [InlineData("distill.stages[0].transfer-set={ data: { kind: csv, file: a.csv } }", "distill.stages[0].transfer-set.data: 'csv' gives text or vector, and input.kind is image")]
    [InlineData("assistants=[{ }]", "the assistant has no network: give assistants[0].model, or assistants[0].from-teacher to begin as a part of the teacher")]
    [InlineData("assistants=[{ model: { kind: mlp, hidden: [5] }, from-teacher: { layers: 1 } }]", "both assistants[0].model and assistants[0].from-teacher are given; keep one")]
    [InlineData("assistants=[{ model: { kind: textcnn } }]", "assistants[0].model: 'textcnn' takes text, and input.kind is image")]
    [InlineData("assistants=[{ model: { kind: mlp, hidden: [5] }, distill: { batch: 2, optimizer: { kind: sgd, learning-rate: 0.1 }, objectives: [{ kind: soft-targets }] } }]", "assistants[0].distill must say how long: epochs or steps")]
    public void Faults_are_told(string set, string? expected)
    {
        if (expected is null)
            Fakes.Read(Staged, set);
        else
            Assert.Equal([$"--set {set}: {expected}"], Fakes.Faults(Staged, set).Select(f => f.Contains("--set", StringComparison.Ordinal) ? f : $"--set {set}: {f[(f.IndexOf(": ", StringComparison.Ordinal) + 2)..]}"));
    }

    [Fact]
    public void All_faults_of_all_stages_are_told_at_once() => Assert.Equal(4, Fakes.Faults(
        Staged, "distill.stages[0].name=second", "distill.stages[1].epochs=null", "distill.stages[0].freeze=[]", "student.generations=2", "assistants=[{ }]").Length);

    [Fact]
    public void Nobody_stands_between_a_student_and_no_teacher() => Assert.Equal(
        [
            "--set student.generations=2: the first generation learns from a teacher, and the recipe has none; add a teacher section",
            "--set assistants=[{ model: { kind: mlp, hidden: [5] } }]: an assistant stands between a teacher and the student, and the recipe has no teacher; add a teacher section",
        ],
        Fakes.Faults(Fakes.Image, "teacher=null", "distill.objectives=[{ kind: labels }]", "student.generations=2", "assistants=[{ model: { kind: mlp, hidden: [5] } }]"));

    [Fact]
    public void A_misspelt_key_of_a_stage_is_found() =>
        Assert.Contains("unknown key 'objectve' under distill.stages[0]; did you mean 'objectives'?", string.Join('\n', Fakes.Faults(Staged.Replace("epochs: 1, objectives: [{ kind: soft", "epochs: 1, objectve: 1, objectives: [{ kind: soft", StringComparison.Ordinal))));

    [Fact]
    public void One_metric_decides_in_a_stage_too_wherever_it_was_said() =>
        Assert.Equal(
            ["'best-by' is accuracy and early-stopping's metric macro-f1, of which distill says one; one metric decides both, say one of them here"],
            Fakes.Faults(Staged, "distill.best-by=accuracy", "distill.stages[1].early-stopping={ patience: 1, metric: macro-f1 }").Select(f => f[(f.IndexOf(": ", StringComparison.Ordinal) + 2)..]));
}
