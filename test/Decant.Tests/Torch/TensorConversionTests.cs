using Decant.Torch;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Torch;

public class TensorConversionTests
{
    [Fact]
    public void Arrays_come_back_as_they_went_whatever_the_dtype()
    {
        RoundTrips<float>(DType.Float32);
        RoundTrips<double>(DType.Float64);
        RoundTrips<long>(DType.Int64);
        RoundTrips<int>(DType.Int32);
        RoundTrips<short>(DType.Int16);
        RoundTrips<byte>(DType.UInt8);
        RoundTrips<sbyte>(DType.Int8);
        RoundTrips<bool>(DType.Bool);
        RoundTripsOf(DType.Float16, ArbMap.Default.ArbFor<ushort>().Convert(u => BitConverter.UInt16BitsToHalf(u), BitConverter.HalfToUInt16Bits));
        RoundTripsOf(DType.BFloat16, ArbMap.Default.ArbFor<ushort>().Convert(u => new BFloat16(u), b => b.Bits));
    }

    [Fact]
    public void BFloat16_numbers_are_those_of_libtorch() =>
        Prop.ForAll<float>(value =>
        {
            using var scope = TensorScope.Open();
            var theirs = Tensor.From([value]).To(DType.BFloat16);
            var ours = (BFloat16)value;
            Assert.Equal((float)theirs.ToArray<BFloat16>()[0], (float)ours);
            Assert.Equal((float)ours, (float)theirs.Item());
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void BFloat16_rounds_halves_to_even_and_keeps_what_is_no_number()
    {
        Assert.Equal(0x3F80, ((BFloat16)BitConverter.UInt32BitsToSingle(0x3F808000)).Bits);
        Assert.Equal(0x3F82, ((BFloat16)BitConverter.UInt32BitsToSingle(0x3F818000)).Bits);
        Assert.True(float.IsPositiveInfinity((BFloat16)float.MaxValue));
        Assert.True(float.IsNaN((BFloat16)BitConverter.UInt32BitsToSingle(0x7F800001)));
        Assert.Equal("-1.5", ((BFloat16)(-1.5f)).ToString());
    }

    [Fact]
    public void Elements_come_in_row_major_order_whatever_the_strides()
    {
        using var scope = TensorScope.Open();
        var x = Tensor.Arange(0, 6).Reshape(2, 3);
        Assert.Equal([0L, 3, 1, 4, 2, 5], x.Transpose(0, 1).ToArray<long>());
        Assert.Equal([1L, 4], x.Select(1, 1).ToArray<long>());
        Assert.Equal([2L, 1, 0, 5, 4, 3], x.Flip(1).ToArray<long>());
        Assert.Equal([0L, 0, 0], x.Narrow(0, 0, 1).Narrow(1, 0, 1).Expand(1, 3).ToArray<long>());
        Assert.False(x.Transpose(0, 1).IsContiguous);
        Assert.Contains("Contiguous()", Assert.Throws<TorchException>(() => { _ = x.Transpose(0, 1).AsSpan<long>(); }).Message);
    }

    [Fact]
    public void Tensors_without_elements_or_dimensions_are_whole_tensors()
    {
        using var scope = TensorScope.Open();
        var none = Tensor.Zeros([2, 0, 3]);
        Assert.Equal(0, none.ElementCount);
        Assert.Empty(none.ToArray<float>());
        Assert.True(none.AsSpan<float>().IsEmpty);
        Assert.Equal([2, 3], none.Sum(1).Shape);
        Assert.Equal([0], Tensor.From(Array.Empty<float>()).Shape);

        var scalar = Tensor.Scalar(2.5);
        Assert.Equal(0, scalar.Dimensions);
        Assert.Equal(1, scalar.ElementCount);
        Assert.Equal([2.5f], scalar.ToArray<float>());
        Assert.Equal(2.5, scalar.Item());
        Assert.Equal("float32[]", scalar.ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => scalar.Size(0));
    }

    [Fact]
    public void Reading_neither_records_nor_leaves_tensors_behind()
    {
        using var scope = TensorScope.Open();
        var x = Tensor.Ones([2, 2]);
        x.RequiresGrad = true;
        Assert.Equal(4, x.Transpose(0, 1).ToArray<float>().Length);
        Assert.Equal(4, x.Sum().Item());
        Assert.Equal(3, scope.Count);
    }

    [Fact]
    public void Another_element_type_than_asked_for_is_refused_with_the_way_out()
    {
        using var x = Tensor.Zeros([2]);
        Assert.Contains("float32[2] were asked for as Int64; convert with To(DType.Int64)", Assert.Throws<TorchException>(x.ToArray<long>).Message);
        Assert.Contains("decimal", Assert.Throws<ArgumentException>(() => Tensor.From(new decimal[2])).Message.ToLowerInvariant());
        Assert.Contains("has 2 elements; Item needs exactly one", Assert.Throws<InvalidOperationException>(() => x.Item()).Message);
    }

    [Fact]
    public void More_elements_than_an_array_holds_are_refused_before_memory_is_taken()
    {
        using var scope = TensorScope.Open();
        var huge = Tensor.Zeros([1], DType.UInt8).Expand(3_000_000_000);
        Assert.Contains("has 3000000000 elements; an array of .NET holds at most", Assert.Throws<TorchException>(huge.ToArray<byte>).Message);
        Assert.Contains("Narrow", Assert.Throws<TorchException>(() => { _ = huge.AsSpan<byte>(); }).Message);
        Assert.Equal(3_000_000_000, huge.ElementCount);
    }

    [Fact]
    public void Meta_tensors_have_shapes_and_no_elements()
    {
        using var scope = TensorScope.Open();
        var meta = Tensor.Empty([1000, 1000, 1000], device: new Device(DeviceKind.Meta));
        var product = meta.MatMul(meta);
        Assert.Equal([1000, 1000, 1000], product.Shape);
        Assert.Equal(DeviceKind.Meta, product.Device.Kind);
        Assert.Equal("float32[1000, 1000, 1000] meta", product.ToString());
        Assert.Contains("meta", Assert.Throws<TorchException>(() => meta.Narrow(0, 0, 1).ToArray<float>()).Message);
        Assert.Throws<TorchException>(() => { _ = meta.Narrow(0, 0, 1).AsSpan<float>(); });
    }

    [Fact]
    public void A_shape_is_read_anew_after_it_was_changed_in_place()
    {
        using var x = Tensor.Zeros([2, 3]);
        Assert.Equal([2, 3], x.Shape);
        new Operator("aten::unsqueeze_").Run(x, 0L);
        Assert.Equal([1, 2, 3], x.Shape);
        Assert.Equal(3, x.Size(-1));
    }

    private static void RoundTrips<T>(DType dtype) where T : unmanaged => RoundTripsOf(dtype, ArbMap.Default.ArbFor<T>());

    private static void RoundTripsOf<T>(DType dtype, Arbitrary<T> elements) where T : unmanaged =>
        Prop.ForAll(elements.Generator.ArrayOf().ToArbitrary(), array =>
        {
            using var scope = TensorScope.Open();
            var copy = Tensor.From(array);
            var view = Tensor.ViewOf(array);
            Assert.Equal(dtype, copy.DType);
            Assert.Equal(array, copy.ToArray<T>());
            Assert.Equal(array, view.ToArray<T>());
            Assert.Equal(array, view.AsSpan<T>().ToArray());
            Assert.Equal(array, copy.Reshape(1, -1, 1).Clone().ToArray<T>());
        }).QuickCheckThrowOnFailure();
}
