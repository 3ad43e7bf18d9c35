using Decant.Models;
using Decant.Modules;
using Decant.Tests.Models;
using Decant.Tests.Models.Decoder;
using Decant.Torch;

namespace Decant.Tests.Modules;

public sealed class ModuleCopyTests
{
    [Theory, MemberData(nameof(Zoo.All), MemberType = typeof(Zoo))]
    public void A_copy_of_a_classifier_answers_as_the_original_and_is_trained_alone(string name)
    {
        using var scope = TensorScope.Open();
        using var model = Zoo.Create(name);
        IsApart(model, Zoo.Input(name));
    }

    [Theory, MemberData(nameof(TaskZoo.All), MemberType = typeof(TaskZoo))]
    public void So_does_a_copy_of_a_model_of_another_task(string kind, string task)
    {
        using var scope = TensorScope.Open();
        using var model = TaskZoo.Create(kind, task);
        IsApart(model, new ModelInput(TaskZoo.IsText(kind) ? Tensor.From(Enumerable.Range(0, 18).Select(i => (long)i).ToArray(), 2, 9) : Tensor.Ones([2, 3, 12, 12])));
    }

    [Theory, MemberData(nameof(DecoderCases.All), MemberType = typeof(DecoderCases))]
    public void So_does_a_copy_of_a_decoder(string name)
    {
        using var scope = TensorScope.Open();
        using var model = ModelFamilies.Read(DecoderCases.Config(name)).Build();
        IsApart(model, new ModelInput(Tensor.From(Enumerable.Range(0, 18).Select(i => (long)i % 10).ToArray(), 2, 9)));
    }

    [Fact]
    public void What_a_copy_registers_is_none_of_the_originals()
    {
        using var scope = TensorScope.Open();
        using var model = new Shared();
        foreach (var copy in new[] { ModuleCopy.Of(model), ModuleCopy.WithSameWeights(model), ModuleCopy.OverSameMemory(model) })
            copy.First.AddModule("more", new Linear(2, 2));
        Assert.Empty(model.First.Children);
    }

    [Fact]
    public void Over_the_same_memory_a_value_written_into_either_is_in_both_and_a_replaced_one_is_not()
    {
        using var scope = TensorScope.Open();
        using var model = new Shared();
        using var copy = ModuleCopy.OverSameMemory(model);
        Assert.NotSame(model.First.Weight, copy.First.Weight);
        Assert.Same(copy.Tied.Weight, copy.First.Weight);
        using var noGrad = Autograd.NoGrad();
        model.First.Weight.FillInPlace(3);
        Assert.All(copy.First.Weight.ToArray<float>(), w => Assert.Equal(3, w));
        copy.First.Weight.SetData(Tensor.Zeros([.. copy.First.Weight.Shape]));
        Assert.All(model.First.Weight.ToArray<float>(), w => Assert.Equal(3, w));
        model.First.Weight.RequiresGrad = false;
        copy.First.Weight.RequiresGrad = true;
        Assert.False(model.First.Weight.RequiresGrad);
    }

    [Fact]
    public void What_a_class_of_ones_own_shares_is_shared_in_the_copy_and_what_it_holds_elsewhere_is_copied_too()
    {
        using var scope = TensorScope.Open();
        using var model = new Shared();
        IsApart(model, new ModelInput(Tensor.From([1f, 2f, 3f], 1, 3)));
        using var copy = ModuleCopy.Of(model);
        Assert.Same(copy.Tied.Weight, copy.First.Weight);
        Assert.Same(copy.First, copy.ByName["first"]);
        Assert.Same(copy.First, copy.Held.Layer);
        Assert.NotSame(model.First, copy.First);
        Assert.NotSame(model.Held, copy.Held);
        Assert.Same(model.Name, copy.Name);
        Assert.Contains(copy.First.Weight, copy.Set);
        Assert.Equal(model.StateDict().Keys, copy.StateDict().Keys);
    }

    [Fact]
    public void Modes_and_frozen_parameters_stay_and_gradients_do_not()
    {
        using var scope = TensorScope.Open();
        using var model = new Shared();
        model.Eval();
        model.Tied.Train();
        model.Forward(new ModelInput(Tensor.Ones([1, 3]))).Sum().Backward();
        model.First.Bias!.RequiresGrad = false;
        using var copy = ModuleCopy.Of(model);
        Assert.Equal((false, true), (copy.IsTraining, copy.Tied.IsTraining));
        Assert.Equal((true, false), (copy.First.Weight.RequiresGrad, copy.First.Bias!.RequiresGrad));
        Assert.NotNull(model.First.Weight.Grad);
        Assert.Null(copy.First.Weight.Grad);
    }

    [Fact]
    public void Nothing_is_left_of_a_copy_that_is_disposed_or_refused()
    {
        using var scope = TensorScope.Open();
        using var model = new Shared();
        using var capturing = new Capturing();
        var before = Tensor.LiveCount;
        ModuleCopy.Of(model).Dispose();
        Assert.Throws<DecantException>(() => ModuleCopy.Of(capturing));
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void A_field_that_cannot_be_copied_is_named()
    {
        using var scope = TensorScope.Open();
        using var capturing = new Capturing();
        var message = Assert.Throws<DecantException>(() => ModuleCopy.Of(capturing)).Message;
        Assert.Contains("Capturing._forward", message, StringComparison.Ordinal);
        Assert.Contains("a delegate that captured", message, StringComparison.Ordinal);
        using var worked = new WorkedOut();
        Assert.Contains("WorkedOut.Double", Assert.Throws<DecantException>(() => ModuleCopy.Of(worked)).Message, StringComparison.Ordinal);
        using var queued = new Queued();
        Assert.Contains("Queued.Layers", Assert.Throws<DecantException>(() => ModuleCopy.Of(queued)).Message, StringComparison.Ordinal);
    }

    private static void IsApart(Model model, ModelInput input)
    {
        model.Eval();
        var before = Numbers(model);
        var answer = model.Forward(input).ToArray<float>();
        using var copy = ModuleCopy.Of(model);
        Assert.Equal(model.GetType(), copy.GetType());
        Assert.Equal(before, Numbers(copy));
        Assert.Equal(answer, copy.Forward(input).ToArray<float>());
        Assert.Empty(model.NamedState().Select(s => s.Value).Intersect(copy.NamedState().Select(s => s.Value)));
        copy.Train();
        (copy.Forward(input).Square().Sum()).Backward();
        using (Autograd.NoGrad())
        {
            foreach (var (_, parameter) in copy.NamedParameters())
                parameter.AddInPlace(1.0);
            foreach (var (_, buffer) in copy.NamedBuffers().Where(b => b.Value.DType == DType.Float32))
                buffer.AddInPlace(1.0);
        }

        model.Eval();
        Assert.All(model.NamedParameters(), p => Assert.Null(p.Value.Grad));
        Assert.Equal(before, Numbers(model));
        Assert.Equal(answer, model.Forward(input).ToArray<float>());
        copy.Eval();
        Assert.NotEqual(answer, copy.Forward(input).ToArray<float>());
    }

    private static float[] Numbers(Module module) => [.. module.StateDict().SelectMany(s => s.Value.To(DType.Float32).ToArray<float>())];

    private sealed class Holder(Linear layer)
    {
        public Linear Layer { get; } = layer;
    }

    private sealed class Shared : Model
    {
        private readonly (Tensor Weight, int Times) _pair;
        private readonly Func<Tensor, Tensor> _activation = static x => x.Relu();

        public Shared()
        {
            using var generator = new Generator(3);
            First = RegisterModule("first", new Linear(3, 3, generator: generator));
            Tied = RegisterModule("tied", new TiedLayer(First.Weight));
            (ByName["first"], Held, _pair, Set) = (First, new Holder(First), (First.Weight, 2), new HashSet<Tensor>(ReferenceEqualityComparer.Instance) { First.Weight });
        }

        public Linear First { get; }

        public TiedLayer Tied { get; }

        public Dictionary<string, Module> ByName { get; } = new(StringComparer.OrdinalIgnoreCase);

        public Holder Held { get; }

        public HashSet<Tensor> Set { get; }

        public string Name { get; } = new('x', 3);

        public override int Classes => 3;

        public override Tensor Forward(ModelInput input) => Tied.Forward(_activation(Held.Layer.Forward(input.Values))) + _pair.Weight.Sum() * _pair.Times;
    }

    private sealed class TiedLayer : Module
    {
        public TiedLayer(Tensor weight) => Weight = RegisterParameter("weight", weight);

        public Tensor Weight { get; }

        public Tensor Forward(Tensor input) => input.MatMul(Weight);
    }

    private sealed class Capturing : Model
    {
        private readonly Func<Tensor, Tensor> _forward;

        public Capturing()
        {
            var layer = RegisterModule("layer", new Linear(2, 2));
            _forward = x => layer.Forward(x);
        }

        public override int Classes => 2;

        public override Tensor Forward(ModelInput input) => _forward(input.Values);
    }

    private sealed class WorkedOut : Module
    {
        public WorkedOut() => Double = TensorScope.Own(RegisterParameter("weight", Tensor.Ones([2])) * 2);

        public Tensor Double { get; }

        protected override void Dispose(bool disposing)
        {
            Double.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class Queued : Module
    {
        public Queued() => Layers.Enqueue(RegisterModule("layer", new Linear(2, 2)));

        public Queue<Linear> Layers { get; } = new();
    }
}
