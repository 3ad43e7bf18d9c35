using Decant.Modules;
using Decant.Runs;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Torch;
using Decant.Training;

namespace Decant.Tests.Runs;

/// <summary>Parts of a student that a stage trains, and parts that stay as they are.</summary>
public sealed class ParameterFreezingTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void What_stays_is_the_same_bit_for_bit_has_no_state_and_does_not_decay()
    {
        using var trained = Train("text.yaml", train: ["classifier"], freeze: null, "distill.optimizer={ kind: adamw, learning-rate: 5e-3, weight-decay: 0.5 }");
        Assert.Contains(trained.Same, n => n.StartsWith("embedding", StringComparison.Ordinal));
        Assert.All(trained.Changed, name => Assert.StartsWith("classifier.", name));
        Assert.Equal(["classifier.bias", "classifier.weight"], trained.Changed);
        Assert.All(trained.State.Where(k => k != "updates"), key => Assert.Contains(".classifier.", key));
        Assert.All(trained.Model.NamedParameters().Where(p => !p.Key.StartsWith("classifier", StringComparison.Ordinal)), p => Assert.Null(p.Value.Grad));
    }

    [Fact]
    public void Freezing_is_the_rest_of_training_and_both_together_are_what_both_allow()
    {
        using var frozen = Train("text.yaml", train: null, freeze: ["embedding"]);
        Assert.All(frozen.Same, name => Assert.StartsWith("embedding.", name));
        using var both = Train("text.yaml", train: ["convs", "classifier"], freeze: ["classifier.bias", "convs.0"]);
        Assert.DoesNotContain(both.Changed, n => n.StartsWith("convs.0", StringComparison.Ordinal) || n == "classifier.bias" || n.StartsWith("embedding", StringComparison.Ordinal));
        Assert.Contains("classifier.weight", both.Changed);
        Assert.Contains(both.Changed, n => n.StartsWith("convs.1", StringComparison.Ordinal));
    }

    [Fact]
    public void Batch_norm_that_stays_does_not_move_its_means_and_the_rest_of_the_student_is_in_training_mode()
    {
        _work.Write("resnet.yaml", Workplace.Image.Replace("model: { kind: mlp, hidden: [4] }", "model: { kind: resnet, depth: 8, stem: 4 }", StringComparison.Ordinal));
        using var whole = Train("resnet.yaml", null, null);
        Assert.Contains("bn1.running_mean", whole.Changed);
        using var part = Train("resnet.yaml", null, freeze: ["conv1", "bn1", "layer1"]);
        Assert.All(part.Same, name => Assert.Matches("^(conv1|bn1|layer1)\\.", name));
        Assert.All(part.Changed, name => Assert.DoesNotMatch("^(conv1|bn1|layer1)\\.", name));
        Assert.Contains("bn1.running_mean", part.Same);
        Assert.Contains(part.Changed, n => n.StartsWith("layer2", StringComparison.Ordinal) && n.EndsWith("running_mean", StringComparison.Ordinal));
    }

    [Fact]
    public void A_tensor_that_two_modules_share_is_one()
    {
        using var model = new Tied();
        ParameterFreezing.Choose(model, "student", null, ["head"]);
        Assert.False(model.Words.RequiresGrad);
        ParameterFreezing.Choose(model, "student", ["head"], null);
        Assert.True(model.Words.RequiresGrad);
        ParameterFreezing.Choose(model, "student", null, null);
        Assert.All(model.NamedParameters(), p => Assert.True(p.Value.RequiresGrad));
    }

    [Fact]
    public void Dropout_of_parts_that_stay_is_off_and_what_lies_between_parts_stays_in_training_mode()
    {
        using var world = new World(_work, "text.yaml");
        using var plan = new ArmPlan(Catalog.Standard, world.Data, world.Arm with { Train = ["classifier"] });
        Assert.Equal(["convs", "embedding"], plan.Plan.FrozenModules.Select(m => world.Student.NamedModules().Single(n => n.Value == m).Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("distill.train=[clasifier]", "student: train: the model (textcnn) has no part 'clasifier'; did you mean 'classifier'?")]
    [InlineData("distill.freeze=[encoder.layer.0]", "student: freeze: the model (textcnn) has no part 'encoder.layer.0'")]
    [InlineData("distill.freeze=[embedding, convs, classifier]", "student: this stage trains nothing: 'freeze: [embedding, convs, classifier]' leave no parameter.")]
    [InlineData("distill.train=[dropout]", "student: this stage trains nothing: 'train: [dropout]' leave no parameter.")]
    public void A_path_that_matches_nothing_and_a_stage_that_trains_nothing_are_told_at_the_start(string set, string said)
    {
        var answer = _work.Decant("distill", _work.At("text.yaml"), "--quiet", "--out", _work.At("none"), "--set", "distill.warm-up=null", "--set", set);
        Assert.Equal(2, answer.Exit);
        Assert.Contains(said, answer.Error);
        Assert.Contains("Its parts: embedding, convs.0, convs.1, convs.2, classifier", answer.Error);
        Assert.False(Directory.Exists(_work.At("none")));
    }

    private Trained Train(string recipe, IReadOnlyList<string>? train, IReadOnlyList<string>? freeze, params string[] set)
    {
        var world = new World(_work, recipe, set);
        var before = world.Student.StateDict().ToDictionary(p => p.Key, p => Bytes(p.Value));
        using var plan = new ArmPlan(Catalog.Standard, world.Data, world.Arm with { Train = train, Freeze = freeze });
        using var loop = new TrainLoop(plan.Plan with { Validate = null });
        loop.Run();
        var after = world.Student.StateDict().ToLookup(p => Bytes(p.Value).AsSpan().SequenceEqual(before[p.Key]), p => p.Key);
        return new Trained(world, [.. after[true].Order(StringComparer.Ordinal)], [.. after[false].Order(StringComparer.Ordinal)], [.. plan.Plan.Optimizer.State.Keys]);
    }

    private static byte[] Bytes(Tensor tensor) => System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(tensor.To(DType.Float32).Reshape(-1).ToArray<float>()).ToArray();

    private sealed record Trained(World World, string[] Same, string[] Changed, string[] State) : IDisposable
    {
        public Model Model => World.Student;

        public void Dispose() => World.Dispose();
    }

    private sealed class World : IDisposable
    {
        private readonly Model _teacherModel;
        private readonly IDisposable _teacher;

        public World(Workplace work, string name, params string[] set)
        {
            var recipe = work.Recipe(name, set);
            Data = DataPreparation.Prepare(Catalog.Standard, recipe, default);
            var arms = new RecipeArms(Catalog.Standard, recipe, Data);
            _teacherModel = arms.NewTeacher(3);
            Student = arms.NewStudent(3, _teacherModel);
            var teacher = Data.Teacher(_teacherModel);
            _teacher = teacher;
            Arm = arms.Of(arms.Students[^1], arms.StagesOf(arms.Students[^1], Student, _teacherModel)[^1], 3, Student, teacher);
        }

        public PreparedData Data { get; }

        public Model Student { get; }

        internal Arm Arm { get; }

        public void Dispose()
        {
            _teacher.Dispose();
            Student.Dispose();
            _teacherModel.Dispose();
            Data.Dispose();
        }
    }

    /// <summary>Embeddings whose matrix is the output's.</summary>
    private sealed class Tied : Model
    {
        private readonly Embedding _words;

        public Tied()
        {
            _words = RegisterModule("words", new Embedding(5, 3));
            RegisterModule("head", new Output(_words.Weight));
            RegisterModule("middle", new Linear(3, 3));
        }

        public Tensor Words => _words.Weight;

        public override string Kind => "tied";

        public override int Classes => 5;

        public override Tensor Forward(ModelInput input) => throw new NotSupportedException();

        public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) => 0;

        private sealed class Output : Module
        {
            public Output(Tensor weight) => RegisterParameter("weight", weight);
        }
    }
}
