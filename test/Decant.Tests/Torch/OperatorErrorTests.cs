using Decant.Torch;

namespace Decant.Tests.Torch;

public sealed class OperatorErrorTests : IDisposable
{
    private readonly long _live = Tensor.LiveCount;
    private readonly TensorScope _scope = TensorScope.Open();

    public void Dispose()
    {
        _scope.Dispose();
        Assert.Equal(_live, Tensor.LiveCount);
    }

    [Fact]
    public void An_unknown_operator_is_named_with_libtorchs_version()
    {
        var error = Assert.Throws<TorchException>(() => new Operator("aten::no_such_thing", "here").Call());
        Assert.Contains($"libtorch {Runtime.TorchVersion} has no operator aten::no_such_thing.here", error.Message);
    }

    [Fact]
    public void An_error_has_the_operator_the_shapes_the_dtypes_and_libtorchs_words()
    {
        var error = Assert.Throws<TorchException>(() => Tensor.Zeros([2, 3]).Add(Tensor.Zeros([4], DType.Int64)));
        Assert.StartsWith("aten::add.Tensor(float32[2, 3], int64[4]): ", error.Message);
        Assert.Contains("must match the size of tensor b (4)", error.Message);
        Assert.DoesNotContain("Exception raised from", error.Message);
    }

    [Fact]
    public void An_error_shows_lists_numbers_and_texts_as_they_came()
    {
        var x = Tensor.Zeros([2]);
        Assert.Contains("aten::cat([float32[2], float32[1, 2]], 0)", Message(() => Tensor.Cat([x, x.Unsqueeze(0)])));
        Assert.Contains("aten::permute(float32[2], [0, 1])", Message(() => x.Permute(0, 1)));
        Assert.Contains("aten::gelu(float32[2], 'tan')", Message(() => new Operator("aten::gelu").Call(x, "tan")));
        Assert.Contains("… 6 in all]", Message(() => Tensor.Stack([x, x, x, x, x, Tensor.Zeros([3])])));
    }

    [Fact]
    public void A_missing_argument_is_named() =>
        Assert.Contains("argument 'other' is missing and has no default", Message(() => new Operator("aten::add", "Tensor").Call(Tensor.Zeros([1]))));

    [Fact]
    public void An_argument_without_a_default_cannot_take_it() =>
        Assert.Contains("argument 'other' takes Tensor, the default came", Message(() => new Operator("aten::add", "Tensor").Call(Tensor.Zeros([1]), Arg.Default)));

    [Fact]
    public void Too_many_arguments_are_counted() =>
        Assert.Contains("takes 1 arguments, 2 came", Message(() => new Operator("aten::relu").Call(Tensor.Zeros([1]), 1L)));

    [Theory]
    [InlineData("a tensor", "dim")]
    [InlineData("a real number", "dim")]
    [InlineData("a text", "dim")]
    [InlineData("nothing", "dim")]
    [InlineData("a list of tensors", "dim")]
    public void An_argument_of_another_kind_is_named_with_what_it_takes(string kind, string argument)
    {
        var x = Tensor.Zeros([1, 1]);
        Arg given = kind switch
        {
            "a tensor" => x,
            "a real number" => 0.5,
            "a text" => "0",
            "nothing" => Arg.None,
            _ => new[] { x },
        };
        Assert.Contains($"argument '{argument}' takes int, {kind} came", Message(() => new Operator("aten::unsqueeze").Call(x, given)));
    }

    [Fact]
    public void A_list_with_a_hole_is_refused_where_tensors_are_not_optional() =>
        Assert.Contains("a tensor is missing", Message(() => new Operator("aten::cat").Call(new Tensor?[] { Tensor.Zeros([1]), null }, 0L)));

    [Fact]
    public void An_operator_with_other_results_than_asked_for_is_refused_and_nothing_leaks()
    {
        var x = Tensor.Zeros([4]);
        Assert.Contains("called for one tensor, it gave tensorlist", Message(() => new Operator("aten::chunk").Call(x, 2L)));
        Assert.Contains("called for a number, it gave tensor", Message(() => new Operator("aten::relu").CallNumber(x)));
        Assert.Contains("called for a truth value, it gave int", Message(() => new Operator("aten::size", "int").CallBool(x, 0L)));
        Assert.Contains("gives 2 results, room for 1", Message(() => new Operator("aten::sort").Call(x)));
        Assert.Equal(1, _scope.Count);
    }

    [Fact]
    public void An_operator_can_give_a_number_or_a_truth_value()
    {
        Assert.Equal(4, new Operator("aten::size", "int").CallNumber(Tensor.Zeros([4]), 0L));
        Assert.True(new Operator("aten::equal").CallBool(Tensor.Zeros([4]), Tensor.Zeros([4])));
    }

    [Fact]
    public void A_disposed_tensor_is_refused_wherever_it_is_used()
    {
        var (gone, alive) = (Tensor.Zeros([2]), Tensor.Zeros([2]));
        gone.Dispose();
        gone.Dispose();

        Assert.True(gone.IsDisposed);
        Assert.Equal("disposed tensor", gone.ToString());
        Assert.Contains("Keep", Assert.Throws<ObjectDisposedException>(() => gone + alive).Message);
        Assert.Throws<ObjectDisposedException>(() => alive + gone);
        Assert.Throws<ObjectDisposedException>(() => Tensor.Cat([alive, gone, alive]));
        Assert.Throws<ObjectDisposedException>(() => gone.Shape);
        Assert.Throws<ObjectDisposedException>(() => gone.ToArray<float>());
        Assert.Throws<ObjectDisposedException>(() => gone.AsSpan<float>());
        Assert.Throws<ObjectDisposedException>(() => gone.RequiresGrad = true);
        Assert.Throws<ObjectDisposedException>(() => gone.Grad);
        Assert.Throws<ObjectDisposedException>(() => alive.Grad = gone);
        Assert.Throws<ObjectDisposedException>(() => gone.Backward());
        Assert.Throws<ObjectDisposedException>(() => Autograd.Grad([alive], [gone]));
        alive.Dispose(); // every borrowed reference was given back, or the count at the end would not be right
    }

    [Fact]
    public void A_disposed_generator_is_refused()
    {
        var generator = new Generator(1);
        generator.Dispose();
        generator.Dispose();
        Assert.Throws<ObjectDisposedException>(() => generator.Seed(1));
        Assert.Throws<ObjectDisposedException>(() => Tensor.Rand([1], generator));
    }

    [Fact]
    public void Names_with_Chinese_reach_libtorch_and_come_back()
    {
        Assert.Contains("aten::蒸馏", Message(() => new Operator("aten::蒸馏").Call()));
        Assert.Contains("'教师'", Message(() => new Operator("aten::gelu").Call(Tensor.Zeros([1]), "教师")));
    }

    private static string Message(Func<object> call) => Assert.Throws<TorchException>(call).Message;
}
