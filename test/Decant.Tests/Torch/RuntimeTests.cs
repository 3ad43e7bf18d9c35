using Decant.Torch;

namespace Decant.Tests.Torch;

public sealed class RuntimeTests : IDisposable
{
    private readonly int _threads = Runtime.Threads;

    public void Dispose() => Runtime.Threads = _threads;

    [Fact]
    public void The_thread_count_is_what_was_set()
    {
        Runtime.Threads = 2;
        Assert.Equal(2, Runtime.Threads);
        Runtime.Threads = 1;
        Assert.Equal(1, Runtime.Threads);
        Assert.Throws<ArgumentOutOfRangeException>(() => Runtime.Threads = 0);
        Assert.Equal(1, Runtime.Threads);
    }

    [Fact]
    public void The_thread_count_holds_for_threads_that_have_calculated_before()
    {
        using var go = new SemaphoreSlim(0);
        using var ready = new SemaphoreSlim(0);
        var seen = 0;
        Runtime.Threads = 2;
        var thread = new Thread(() =>
        {
            using var scope = TensorScope.Open();
            _ = Tensor.Ones([200_000]).Exp().Sum().Item();
            ready.Release();
            go.Wait();
            _ = Tensor.Ones([200_000]).Exp().Sum().Item();
            seen = Runtime.Threads;
        });
        thread.Start();
        ready.Wait();
        Runtime.Threads = 1;
        go.Release();
        thread.Join();
        Assert.Equal(1, seen);
    }

    [Fact]
    public void Runtime_facts_are_there()
    {
        Assert.Matches(@"^\d+\.\d+\.\d+", Runtime.TorchVersion);
        Assert.EndsWith(".so", Runtime.BridgePath);
        Assert.Contains("PyTorch built with", Runtime.Describe());
        Assert.True(Runtime.CudaDevices >= 0);
    }
}
