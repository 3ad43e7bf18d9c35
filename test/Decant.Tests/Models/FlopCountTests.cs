using Decant.Models;
using Decant.Modules;
using Decant.Tests.Models.Decoder;
using Decant.Torch;

namespace Decant.Tests.Models;

/// <summary>Operations that are counted in a forward pass are those that each family says of itself.</summary>
public sealed class FlopCountTests
{
    [Theory, MemberData(nameof(Zoo.All), MemberType = typeof(Zoo))]
    public void Those_of_classifiers_are_those_worked_out_by_hand(string name)
    {
        using var scope = TensorScope.Open();
        using var model = Zoo.Create(name);
        Same(model, Zoo.IsText(name) ? [9] : [3, 12, 12]);
    }

    [Theory, MemberData(nameof(TaskZoo.All), MemberType = typeof(TaskZoo))]
    public void Those_of_other_tasks_are_those_worked_out_by_hand(string kind, string task)
    {
        using var scope = TensorScope.Open();
        using var model = TaskZoo.Create(kind, task);
        Same(model, TaskZoo.IsText(kind) ? [9] : [3, 12, 12]);
    }

    [Theory, MemberData(nameof(DecoderCases.All), MemberType = typeof(DecoderCases))]
    public void Those_of_decoders_are_those_worked_out_by_hand(string name)
    {
        using var scope = TensorScope.Open();
        using var model = ModelFamilies.Read(DecoderCases.Config(name)).Build();
        Same(model, [9]);
    }

    [Fact]
    public void A_model_without_memory_is_counted_by_its_shapes_alone()
    {
        using var scope = TensorScope.Open();
        foreach (var name in new[] { "encoder", "resnet", "lstm", "textcnn" })
        {
            using var real = Zoo.Create(name);
            using var shapes = ShapesOnly.Open();
            using var model = Zoo.Create(name);
            long[] sample = Zoo.IsText(name) ? [9] : [3, 12, 12];
            Assert.Equal(real.FlopsPerSample(sample), model.CountFlops(sample));
        }
    }

    [Fact]
    public void A_model_of_ones_own_needs_its_forward_pass_and_its_classes_only()
    {
        using var scope = TensorScope.Open();
        using var model = new MyTwoLayerNet();
        model.Eval();
        model.Inner.Train();
        Assert.Equal("my-two-layer-net", model.Kind);
        Assert.Equal(2 * ((5 * 4) + (4 * 3)), model.FlopsPerSample([5]));
        Assert.Equal((false, true), (model.IsTraining, model.Inner.IsTraining)); // as before
    }

    [Fact]
    public void Products_are_counted_by_their_shapes()
    {
        using var scope = TensorScope.Open();
        Counted(2 * 2 * 3 * 4, () => Tensor.Ones([2, 3]).MatMul(Tensor.Ones([3, 4])));
        Counted(2 * 5 * 7 * 2 * 3 * 4, () => Tensor.Ones([5, 1, 2, 3]).MatMul(Tensor.Ones([7, 3, 4])));
        Counted(2 * 3, () => Tensor.Ones([3]).MatMul(Tensor.Ones([3])));
        Counted(2 * 6 * 3 * 4, () => Functional.Linear(Tensor.Ones([2, 3, 3]), Tensor.Ones([4, 3])));
        Counted(0, () => Tensor.Ones([3]) + Tensor.Ones([3]));
    }

    private static void Counted(long expected, Func<Tensor> work)
    {
        using var counter = FlopCounter.Open();
        work().Dispose();
        Assert.Equal(expected, counter.Flops);
    }

    private static void Same(Model model, long[] sample) => Assert.Equal(model.FlopsPerSample(sample), model.CountFlops(sample));

    private sealed class MyTwoLayerNet : Model
    {
        private readonly Linear _first;

        public MyTwoLayerNet() => (_first, Inner) = (RegisterModule("first", new Linear(5, 4)), RegisterModule("second", new Linear(4, 3)));

        public Linear Inner { get; }

        public override int Classes => 3;

        public override Tensor Forward(ModelInput input) => Inner.Forward(_first.Forward(input.Values).Relu());
    }
}
