using Decant.Data;
using Decant.Modules;
using Decant.Runs;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Teachers.Local;
using Decant.Torch;

namespace Decant.Tests.Runs;

public sealed class ArmTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Student_and_control_begin_with_the_same_weights_and_the_control_has_no_teacher()
    {
        using var world = new World(_work, "text.yaml");
        using var control = world.Arms.NewStudent(3, world.TeacherModel);
        Assert.Equal(Numbers(world.Student), Numbers(control));
        using var other = world.Arms.NewStudent(4, world.TeacherModel);
        Assert.NotEqual(Numbers(world.Student), Numbers(other));
        Assert.Null(world.Arms.Control(3, control, world.TeacherModel).Teacher);
        Assert.All(world.StudentsStages(), stage => Assert.NotNull(stage.Teacher));
    }

    [Fact]
    public void The_control_learns_from_labelled_samples_alone_and_all_arms_from_none_of_the_test_split()
    {
        using var world = new World(_work, "text.yaml");
        var test = Enumerable.Range(0, world.Data.Test.Count).Select(world.Data.Test.IdOf).ToHashSet();
        var validation = Enumerable.Range(0, world.Data.Validation!.Count).Select(world.Data.Validation.IdOf).ToHashSet();
        Assert.Equal(60, test.Count);
        Arm[] arms =
        [
            world.Arms.Training(3, world.Arms.Members[0], world.TeacherModel)!, .. world.StudentsStages(), world.Arms.Control(3, world.Student, world.TeacherModel),
        ];
        Assert.Equal(["teacher", "warm-up", "student", "control"], arms.Select(a => a.Name));
        foreach (var arm in arms)
        {
            using var plan = new ArmPlan(Catalog.Standard, world.Data, arm);
            var seen = new HashSet<SampleId>();
            var labelled = 0;
            for (var epoch = 0; epoch < arm.Budget.Epochs; epoch++)
            {
                foreach (var batch in plan.Plan.Batches.Enumerate(epoch))
                {
                    using (batch)
                    {
                        seen.UnionWith(batch.Ids);
                        labelled += batch.LabelledCount;
                        if (arm.Name == "control")
                            Assert.Equal(batch.Size, batch.LabelledCount);
                    }
                }
            }

            Assert.Empty(seen.Intersect(test));
            Assert.Empty(seen.Intersect(validation));
            Assert.Equal(arm.Name == "control" ? 40 : 128, seen.Count);
            Assert.True(labelled > 0);
        }
    }

    [Theory]
    [InlineData("distill.steps=5", 5)]
    [InlineData("distill.steps=9", 9)]
    [InlineData("distill.accumulate=3", 6)]
    public void A_budget_is_whole_updates_and_the_epochs_that_they_begin(string set, int expected)
    {
        var recipe = _work.Recipe("text.yaml", set.Contains("steps", StringComparison.Ordinal) ? ["distill.epochs=null", set] : [set]);
        var batches = (128 + recipe.Distill.Batch - 1) / recipe.Distill.Batch;
        var steps = Budget.Of(recipe.Distill, batches);
        Assert.Equal(expected, steps.Steps);
        var perEpoch = recipe.Distill.Accumulate == 3 ? 3 : 8;
        var longer = Budget.Of(recipe.Distill, batches, steps: expected + perEpoch);
        Assert.Equal((expected + perEpoch, steps.Epochs + 1), (longer.Steps, longer.Epochs));
        Assert.Equal((expected + perEpoch - 1) / perEpoch, steps.Epochs);
    }

    private static float[] Numbers(Model model) => [.. model.StateDict().OrderBy(p => p.Key, StringComparer.Ordinal).SelectMany(p => p.Value.To(DType.Float32).Reshape(-1).ToArray<float>())];

    /// <summary>A recipe's data and models, before any training.</summary>
    private sealed class World : IDisposable
    {
        private readonly LocalTeacher _teacher;

        public World(Workplace work, string name)
        {
            var recipe = work.Recipe(name);
            Data = DataPreparation.Prepare(Catalog.Standard, recipe, default);
            Arms = new RecipeArms(Catalog.Standard, recipe, Data);
            TeacherModel = Arms.NewTeacher(3);
            Student = Arms.NewStudent(3, TeacherModel);
            _teacher = new LocalTeacher(TeacherModel, Data.Classes, Data.Tokenizer?.Hash, owns: false);
        }

        public PreparedData Data { get; }

        public RecipeArms Arms { get; }

        public Model TeacherModel { get; }

        public Model Student { get; }

        /// <summary>What the student learns one after the other.</summary>
        public Arm[] StudentsStages()
        {
            var student = Arms.Students[^1];
            return [.. Arms.StagesOf(student, Student, TeacherModel).Select(stage => Arms.Of(student, stage, 3, Student, _teacher))];
        }

        public void Dispose()
        {
            _teacher.Dispose();
            Student.Dispose();
            TeacherModel.Dispose();
            Data.Dispose();
        }
    }
}
