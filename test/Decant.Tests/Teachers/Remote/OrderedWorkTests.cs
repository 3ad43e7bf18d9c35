using Decant.Teachers.Remote.Asking;

namespace Decant.Tests.Teachers.Remote;

public sealed class OrderedWorkTests
{
    [Fact]
    public async Task What_is_under_way_may_end_when_it_is_cancelled_and_nothing_else_begins()
    {
        using var stop = new CancellationTokenSource();
        var (begun, ended) = (0, 0);
        var go = new TaskCompletionSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in OrderedWork.Run(Enumerable.Range(0, 100), 4, Work, TimeSpan.FromSeconds(30), stop.Token))
            {
            }
        });
        Assert.Equal((4, 4), (begun, ended));

        async Task<int> Work(int item, int index, CancellationToken cancel)
        {
            if (Interlocked.Increment(ref begun) == 4)
            {
                await stop.CancelAsync();
                go.SetResult();
            }

            await go.Task;
            await Task.Delay(100, cancel);
            return Interlocked.Increment(ref ended);
        }
    }

    [Fact]
    public async Task Without_patience_it_is_ended_at_once()
    {
        using var stop = new CancellationTokenSource();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in OrderedWork.Run(Enumerable.Range(0, 100), 4, Work, null, stop.Token))
            {
            }
        });
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);

        async Task<int> Work(int item, int index, CancellationToken cancel)
        {
            if (index == 3)
                await stop.CancelAsync();
            await Task.Delay(TimeSpan.FromMinutes(10), cancel);
            return index;
        }
    }
}
