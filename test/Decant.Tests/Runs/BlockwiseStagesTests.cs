using Decant.Modules;
using Decant.Objectives.Features;
using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Tests.Runs.Resuming;

namespace Decant.Tests.Runs;

/// <summary>Students that are built from the bottom, one layer after the other.</summary>
public sealed class BlockwiseStagesTests : IDisposable
{
    private static readonly string Yaml = Workplace.Text
        .Replace("layers: 1, hidden: 16", "layers: 4, hidden: 16", StringComparison.Ordinal)
        .Replace("{ kind: textcnn, embedding: 8, filters: 4 }", "{ kind: encoder, layers: 2, hidden: 8, heads: 2 }", StringComparison.Ordinal)
        .Replace("  warm-up: { epochs: 1 }\n", "  blockwise: { steps-per-block: 6 }\n", StringComparison.Ordinal);

    private readonly Workplace _work = new();

    public BlockwiseStagesTests() => _work.Write("tower.yaml", Yaml);

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Each_layer_is_learnt_against_the_teachers_at_the_matching_depth_and_the_whole_afterwards()
    {
        var run = _work.Distill("tower.yaml", "tower");
        var events = Workplace.Record(run).Events;
        var started = events.OfType<ArmStarted>().ToDictionary(a => a.Arm);
        Assert.Equal(["teacher", "student.block-1", "student.block-2", "student", "control", "all-labels"], started.Keys);
        Assert.Equal("1 · hidden-states", started["student.block-1"].Objectives);
        Assert.Equal((6L, 6L, 16L, 28L, 28L), (started["student.block-1"].Steps, started["student.block-2"].Steps, started["student"].Steps, started["control"].Steps, started["all-labels"].Steps));
        // The head is as it was drawn while the layers are learnt: nothing is chosen by its answers.
        Assert.DoesNotContain(events.OfType<Validated>(), v => v.Arm.StartsWith("student.", StringComparison.Ordinal));
        Assert.Contains(events.OfType<Validated>(), v => v.Arm == Arms.Student);
        foreach (var block in new[] { "student.block-1", "student.block-2" })
        {
            var losses = events.OfType<StepTaken>().Where(s => s.Arm == block).Select(s => s.Loss).ToArray();
            Assert.True(losses[^1] < losses[0], $"{block} learned nothing: {string.Join(' ', losses)}");
        }
    }

    [Fact]
    public void Layers_below_stay_unless_the_recipe_says_otherwise_and_what_lies_under_the_first_belongs_to_it()
    {
        using var world = new World(_work);
        var stages = world.Stages();
        Assert.Equal([("block-1", "1", "2"), ("block-2", "2", "4")], stages.Select(s => (s.Name!, Pair(s).Student, Pair(s).Teacher)));
        Assert.Contains(stages[0].Section.Train!, p => p.Contains("embeddings", StringComparison.Ordinal));
        Assert.All(stages[1].Section.Train!, p => Assert.StartsWith(world.Student.Layers.Outputs[1] + ".", p));
        Assert.DoesNotContain(stages.SelectMany(s => s.Section.Train!), p => p.StartsWith("classifier", StringComparison.Ordinal));
        var all = world.Stages("distill.blockwise.freeze=false");
        Assert.Equal([.. stages[0].Section.Train!, .. stages[1].Section.Train!], all[1].Section.Train!);
        var mapped = world.Stages("distill.blockwise.objectives=[{ kind: hidden-states, teacher-layers: [1, 3] }]");
        Assert.Equal(["1", "3"], mapped.Select(s => Pair(s).Teacher));
    }

    [Fact]
    public void Validation_chooses_nothing_where_no_objective_is_about_the_answers_unless_the_stage_asks()
    {
        const string Stages = "distill.stages=[{ name: inner, epochs: 1, objectives: [{ kind: hidden-states }] }, { name: answers, epochs: 1, objectives: [{ kind: soft-targets }] }]";
        string[] plain = ["distill.blockwise=null", "distill.epochs=null", "distill.objectives=[]", Stages];
        Assert.Equal([false, true], Judged(plain));
        Assert.Equal([false, true], Judged([.. plain, "distill.best-by=accuracy", "distill.early-stopping={ patience: 1 }"]));
        Assert.Equal([true, true], Judged([.. plain, "distill.stages[0].best-by=accuracy"]));

        bool[] Judged(string[] set)
        {
            var recipe = _work.Recipe("tower.yaml", set);
            using var data = DataPreparation.Prepare(Catalog.Standard, recipe, default);
            using var teachers = new MadeTeachers();
            var run = PreparedRun.Of(recipe, data);
            var judged = new List<bool>();
            new PlanWalk(RunPlans.ToDistil(Catalog.Standard, run), run, teachers).Visit((step, _, arm) =>
            {
                if (step.IsTeacher) return;
                using var plan = IArmPlan.Of(Catalog.Standard, step, arm!);
                if (step.Name is not (Arms.Control or Arms.AllLabels)) judged.Add(plan.Plan.Validate is not null);
            });
            return [.. judged];
        }
    }

    [Fact]
    public void Stopped_in_a_block_it_goes_on_to_the_same_models()
    {
        var whole = _work.Distill("tower.yaml", "whole");
        foreach (var arm in new[] { "student.block-1", "student.block-2" })
        {
            using var stop = new CancellationTokenSource();
            var run = _work.At(arm);
            Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(
                _work.Recipe("tower.yaml"), new RunOptions { Out = run }, new Watcher(e => { if (e is StepTaken s && (s.Arm, s.Step) == (arm, 3)) stop.Cancel(); }), stop.Token));
            Assert.Equal(0, _work.Decant("distill", "--resume", run, "--quiet").Exit);
            foreach (var model in new[] { Arms.Student, Arms.Control })
                Assert.Equal(Workplace.Weights(whole, model), Workplace.Weights(run, model));
        }
    }

    [Theory]
    [InlineData("student.model={ kind: textcnn, embedding: 8, filters: 4 }", "distill.blockwise: the student (textcnn) is not made of layers")]
    [InlineData("distill.blockwise.objectives=[{ kind: logits-mse }]", "distill.blockwise: 'logits-mse' does not compare layers; use one that does, such as hidden-states.")]
    [InlineData("distill.blockwise.objectives=[{ kind: hidden-states, layers: last }]", "distill.blockwise: 'hidden-states' says its layers by 'layers' or 'pairs'")]
    [InlineData("distill.blockwise.objectives=[{ kind: hidden-states, teacher-layers: [1] }]", "distill.blockwise: 'teacher-layers' has one layer for each of the student's: 2 were expected, 1 came.")]
    [InlineData("distill.blockwise.steps-per-block=null", "distill.blockwise must say how long each block is trained: epochs-per-block or steps-per-block")]
    [InlineData("distill.blockwise.epochs-per-block=1", "both 'epochs-per-block' and 'steps-per-block' are given; keep one")]
    [InlineData("distill.blockwise.objectives=[]", "the objectives of blockwise training are an empty list; leave them out for hidden-states")]
    public void Faults_are_told_at_the_start(string set, string said)
    {
        var answer = _work.Decant("distill", _work.At("tower.yaml"), "--quiet", "--out", _work.At("none"), "--set", set);
        Assert.Equal(2, answer.Exit);
        Assert.Contains(said, answer.Error);
        Assert.False(Directory.Exists(_work.At("none")));
    }

    private static LayerPair Pair(Stage stage) => Assert.Single(Assert.Single(stage.Section.Objectives).As<LayerMapOptions>().Pairs);

    private sealed class World : IDisposable
    {
        private readonly Workplace _work;
        private readonly PreparedData _data;
        private readonly Model _teacher;

        public World(Workplace work)
        {
            _work = work;
            var recipe = work.Recipe("tower.yaml");
            _data = DataPreparation.Prepare(Catalog.Standard, recipe, default);
            var arms = new RecipeArms(Catalog.Standard, recipe, _data);
            _teacher = arms.NewTeacher(3);
            Student = arms.NewStudent(3, _teacher);
        }

        public Model Student { get; }

        public IReadOnlyList<Stage> Stages(params string[] set) => [.. BlockwiseStages.StagesOf(_work.Recipe("tower.yaml", set).Distill, Catalog.Standard.Kinds, Student, _teacher)];

        public void Dispose()
        {
            Student.Dispose();
            _teacher.Dispose();
            _data.Dispose();
        }
    }
}
