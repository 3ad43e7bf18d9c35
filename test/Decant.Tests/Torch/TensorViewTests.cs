using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Decant.Torch;

namespace Decant.Tests.Torch;

public sealed class TensorViewTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void A_view_of_an_array_and_the_array_see_each_others_changes()
    {
        using var scope = TensorScope.Open();
        var array = new float[] { 1, 2, 3, 4, 5, 6 };
        var view = Tensor.ViewOf(array, 2, 3);
        array[0] = 10;
        view.Select(0, 1).MulInPlace(2);
        Assert.Equal([10f, 2f, 3f, 8f, 10f, 12f], array);
        Assert.Equal(30, view.Sum(1).ToArray<float>()[1]);
    }

    [Fact]
    public void An_array_is_held_as_long_as_a_storage_of_it_lives_and_no_longer()
    {
        var scope = TensorScope.Open();
        var (array, row) = ViewAndTakeRow(scope);
        scope.Dispose(); // the view is gone, its row lives on

        Collect();
        Assert.True(array.IsAlive);
        Assert.Equal([4f, 5f, 6f], row.ToArray<float>());

        row.Dispose();
        Collect();
        Assert.False(array.IsAlive);
    }

    [Fact]
    public void An_array_is_held_by_the_graph_that_needs_it_for_backward()
    {
        using var scope = TensorScope.Open();
        var weight = Tensor.Ones([3]);
        weight.RequiresGrad = true;
        var (array, product) = Multiply(weight);
        Collect();
        Assert.True(array.IsAlive);
        product.Backward();
        Assert.Equal([1f, 2f, 3f], weight.Grad!.ToArray<float>());

        product.Dispose();
        Collect();
        Assert.False(array.IsAlive);
    }

    [Fact]
    public void A_view_of_a_mapped_file_outlives_the_disposal_of_the_mapping()
    {
        File.WriteAllBytes(_file, [.. MemoryMarshal.AsBytes<float>(new float[] { 0, 1, 2, 3 })]);
        var accessor = Map();
        var handle = accessor.SafeMemoryMappedViewHandle;
        var view = Tensor.ViewOf(handle, 4, DType.Float32, 3);
        var half = view.Narrow(0, 1, 2);

        accessor.Dispose();
        view.Dispose();
        Assert.Equal([2f, 3f], half.ToArray<float>());
        Assert.False(handle.IsClosed && handle.IsInvalid);

        half.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Tensor.ViewOf(handle, 0, DType.Float32, 1));
    }

    [Fact]
    public void A_view_of_memory_releases_it_exactly_once()
    {
        using var memory = new CountedMemory(64);
        using (var scope = TensorScope.Open())
        {
            var view = Tensor.ViewOf(memory, 8, DType.Int64, 7);
            _ = view.Reshape(7, 1);
            _ = view.Detach();
            memory.Dispose();
            Assert.Equal(0, memory.Releases);
        }

        Assert.Equal(1, memory.Releases);
    }

    [Fact]
    public void A_view_that_libtorch_refuses_leaves_the_memory_with_its_owner()
    {
        var memory = new CountedMemory(64);
        Assert.ThrowsAny<Exception>(() => Tensor.ViewOf(memory, 0, (DType)77, 2));
        Assert.Throws<ArgumentException>(() => Tensor.ViewOf(memory, 0, DType.Int64, -1, -2));
        memory.Dispose();
        Assert.Equal(1, memory.Releases);
    }

    [Fact]
    public void A_view_that_reaches_beyond_the_memory_or_is_not_aligned_is_refused()
    {
        using var memory = new CountedMemory(64);
        Assert.Contains("beyond the 64 bytes", Refusal(() => Tensor.ViewOf(memory, 8, DType.Int64, 8)));
        Assert.Contains("beyond", Refusal(() => Tensor.ViewOf(memory, -8, DType.Int64, 1)));
        Assert.Contains("beyond", Refusal(() => Tensor.ViewOf(memory, 72, DType.Int64, 0)));
        Assert.Contains("beyond", Refusal(() => Tensor.ViewOf(memory, long.MaxValue - 7, DType.Int64, 8)));
        Assert.Contains("not aligned to the 8 bytes", Refusal(() => Tensor.ViewOf(memory, 4, DType.Int64, 1)));
        Tensor.ViewOf(memory, 64, DType.Int64, 0).Dispose();
    }

    [Fact]
    public void A_view_of_an_array_that_does_not_fill_the_shape_is_refused()
    {
        Assert.Contains("6 elements do not fill the shape [4]", Assert.Throws<ArgumentException>(() => Tensor.ViewOf(new float[6], 4)).Message);
        Assert.Contains("is no shape", Assert.Throws<ArgumentException>(() => Tensor.ViewOf(new float[6], -2, -3)).Message);
        Assert.Contains("is no shape", Assert.Throws<ArgumentException>(() => Tensor.From(new float[6], long.MaxValue, 4)).Message);
    }

    [Fact]
    public void An_empty_array_can_be_viewed()
    {
        using var view = Tensor.ViewOf(Array.Empty<int>(), 0, 3);
        Assert.Equal([0, 3], view.Shape);
        Assert.Empty(view.ToArray<int>());
    }

    private static string Refusal(Func<object> call) => Assert.Throws<TorchException>(call).Message;

    private MemoryMappedViewAccessor Map()
    {
        using var file = MemoryMappedFile.CreateFromFile(_file, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        return file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
    }

    // In methods of their own, so that no local of the test holds the array.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Array, Tensor Row) ViewAndTakeRow(TensorScope scope)
    {
        var array = new float[] { 1, 2, 3, 4, 5, 6 };
        return (new WeakReference(array), TensorScope.Own(Tensor.ViewOf(array, 2, 3).Select(0, 1)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Array, Tensor Product) Multiply(Tensor weight)
    {
        var array = new float[] { 1, 2, 3 };
        using var view = Tensor.ViewOf(array);
        using var product = view * weight;
        return (new WeakReference(array), product.Sum());
    }

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private sealed class CountedMemory : SafeBuffer
    {
        public CountedMemory(int bytes) : base(ownsHandle: true)
        {
            SetHandle(Marshal.AllocHGlobal(bytes));
            Initialize((ulong)bytes);
        }

        public int Releases { get; private set; }

        protected override bool ReleaseHandle()
        {
            Releases++;
            Marshal.FreeHGlobal(handle);
            return true;
        }
    }
}
