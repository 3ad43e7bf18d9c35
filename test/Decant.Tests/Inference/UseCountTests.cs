using Decant.Inference.Sessions;

namespace Decant.Tests.Inference;

public class UseCountTests
{
    [Fact]
    public void It_is_released_when_it_is_closed_and_the_last_use_has_ended()
    {
        var released = 0;
        var uses = new UseCount(() => released++);
        Assert.True(uses.TryBegin());
        uses.Close();
        Assert.Equal(0, released);
        Assert.False(uses.TryBegin());
        uses.End();
        Assert.Equal(1, released);
    }

    [Fact]
    public void What_nobody_uses_is_released_at_once_and_never_again()
    {
        var released = 0;
        var uses = new UseCount(() => released++);
        Assert.True(uses.TryBegin());
        uses.End();
        uses.Close();
        uses.Close();
        Assert.False(uses.TryBegin());
        Assert.Equal(1, released);
    }

    // Two releases of one session at the same time end the process.
    [Fact]
    public async Task Threads_that_come_while_it_is_closed_do_not_release_it_again()
    {
        for (var round = 0; round < 500; round++)
        {
            var (released, begun) = (0, 0);
            var uses = new UseCount(() => Interlocked.Increment(ref released));
            var threads = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                for (var refused = 0; refused < 100;)
                {
                    if (!uses.TryBegin())
                    {
                        refused++;
                        continue;
                    }

                    Interlocked.Increment(ref begun);
                    Assert.Equal(0, Volatile.Read(ref released));
                    uses.End();
                }
            })).ToArray();
            SpinWait.SpinUntil(() => Volatile.Read(ref begun) > 10);
            uses.Close();
            await Task.WhenAll(threads);
            Assert.Equal(1, released);
        }
    }
}
