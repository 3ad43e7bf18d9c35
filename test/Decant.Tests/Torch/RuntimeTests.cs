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
    public void A_thread_may_have_a_count_of_its_own_and_nobody_else_has()
    {
        Runtime.Threads = 2;
        var (own, back) = OnAThread(() =>
        {
            Runtime.UseThreadsHere(3);
            using var scope = TensorScope.Open();
            _ = Tensor.Ones([200_000]).Exp().Sum().Item();
            var seen = (Runtime.Threads, OnAThread(() => Runtime.Threads));
            Runtime.UseThreadsHere(0);
            return (seen, Runtime.Threads);
        });
        Assert.Equal((3, 2), own);
        Assert.Equal(2, back);
        Assert.Equal(2, Runtime.Threads);
        Assert.Throws<ArgumentOutOfRangeException>(() => Runtime.UseThreadsHere(-1));
    }

    [Fact]
    public void A_count_of_its_own_stays_whatever_the_process_is_given_and_0_follows_the_process_again()
    {
        Runtime.Threads = 1;
        var seen = OnAThread(() =>
        {
            Runtime.UseThreadsHere(1);
            var before = Runtime.Threads;
            Runtime.Threads = 2; // on the very thread
            var after = Runtime.Threads;
            Runtime.UseThreadsHere(0);
            return (before, after, Runtime.Threads);
        });
        Assert.Equal((1, 1, 2), seen);
        Assert.Equal(2, Runtime.Threads);
    }

    private static T OnAThread<T>(Func<T> work)
    {
        var result = default(T);
        var thread = new Thread(() => result = work());
        thread.Start();
        thread.Join();
        return result!;
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
