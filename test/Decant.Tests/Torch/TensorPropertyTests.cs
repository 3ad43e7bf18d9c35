using Decant.Torch;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Torch;

public class TensorPropertyTests
{
    private static readonly Gen<long[]> s_shapes = Gen.Choose(0, 4).SelectMany(n => Gen.Choose(1, 4).Select(s => (long)s).ArrayOf(n));

    [Fact]
    public void Broadcast_sums_have_the_shape_that_the_rules_say_or_are_refused() =>
        Prop.ForAll(Pairs(), pair =>
        {
            using var scope = TensorScope.Open();
            var (left, right) = (Tensor.Ones(pair.Left), Tensor.Ones(pair.Right));
            if (Broadcast(pair.Left, pair.Right) is { } shape)
            {
                var sum = left + right;
                Assert.Equal(shape, sum.Shape);
                Assert.All(sum.ToArray<float>(), x => Assert.Equal(2, x));
            }
            else
            {
                Assert.Throws<TorchException>(() => left + right);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Gradients_of_broadcast_products_have_the_shapes_of_the_factors() =>
        Prop.ForAll(Pairs().Filter(pair => Broadcast(pair.Left, pair.Right) is not null), pair =>
        {
            using var scope = TensorScope.Open();
            var (left, right) = (Tensor.Randn(pair.Left), Tensor.Randn(pair.Right));
            left.RequiresGrad = right.RequiresGrad = true;
            (left * right).Sum().Backward();
            Assert.Equal(left.Shape, left.Grad!.Shape);
            Assert.Equal(right.Shape, right.Grad!.Shape);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Reshaping_there_and_back_changes_nothing() =>
        Prop.ForAll(s_shapes.ToArbitrary(), shape =>
        {
            using var scope = TensorScope.Open();
            var x = Tensor.Randn(shape);
            var there = x.Reshape(-1);
            Assert.Equal(x.ElementCount, there.Size(0));
            Assert.Equal(x.ToArray<float>(), there.Reshape(shape).ToArray<float>());
            Assert.Equal(shape, there.Reshape(shape).Shape);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Permuting_there_and_back_changes_nothing() =>
        Prop.ForAll(s_shapes.SelectMany(s => Gen.Shuffle(Enumerable.Range(0, s.Length)).Select(o => (Shape: s, Order: o))).ToArbitrary(), drawn =>
        {
            using var scope = TensorScope.Open();
            var x = Tensor.Randn(drawn.Shape);
            var order = drawn.Order.Select(i => (long)i).ToArray();
            var back = order.Select((_, i) => (long)Array.IndexOf(drawn.Order, i)).ToArray();
            var permuted = x.Permute(order);
            Assert.Equal(order.Select(i => drawn.Shape[i]), permuted.Shape);
            Assert.Equal(x.ToArray<float>(), permuted.Permute(back).ToArray<float>());
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Splitting_and_joining_changes_nothing() =>
        Prop.ForAll(Gen.Choose(1, 9).Two().ToArbitrary(), drawn =>
        {
            var (rows, size) = drawn;
            using var scope = TensorScope.Open();
            var x = Tensor.Randn([rows, 2]);
            var parts = x.Split(size);
            Assert.Equal((rows + size - 1) / size, parts.Length);
            Assert.Equal(x.ToArray<float>(), Tensor.Cat(parts).ToArray<float>());
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Softmax_sums_to_one_and_its_logarithm_is_log_softmax() =>
        Prop.ForAll(s_shapes.Where(s => s.Length > 0).ToArbitrary(), shape =>
        {
            using var scope = TensorScope.Open();
            var x = Tensor.Randn(shape).To(DType.Float64) * 10;
            Assert.All(x.Softmax(-1).Sum(-1).ToArray<double>(), s => Assert.Equal(1, s, 12));
            Assert.True((x.Softmax(-1).Log() - x.LogSoftmax(-1)).Abs().Max([]).Item() < 1e-9);
        }).QuickCheckThrowOnFailure();

    private static Arbitrary<(long[] Left, long[] Right)> Pairs() =>
        s_shapes.SelectMany(left =>
            s_shapes.Select(right => (left, right)).Or(
                Gen.Choose(0, 1).ArrayOf(left.Length).Select(ones => (left, left.Zip(ones, (size, one) => one == 1 ? 1 : size).ToArray()))))
            .ToArbitrary();

    private static long[]? Broadcast(long[] left, long[] right)
    {
        var result = new long[Math.Max(left.Length, right.Length)];
        for (var i = 1; i <= result.Length; i++)
        {
            var (a, b) = (i <= left.Length ? left[^i] : 1, i <= right.Length ? right[^i] : 1);
            if (a != b && a != 1 && b != 1)
                return null;
            result[^i] = a == 1 ? b : a;
        }

        return result;
    }
}
