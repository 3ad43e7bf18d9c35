using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Signals;

public sealed class ThreadAllocationTests : IDisposable
{
    private readonly int _threads = Runtime.Threads;

    public void Dispose() => Runtime.Threads = _threads;

    [Theory]
    [InlineData("1", 1, 0, 0, 1, false)]
    [InlineData("16", 16, 0, 0, 16, false)]
    [InlineData("1+1", 1, 1, 0, 2, true)]
    [InlineData("3+12", 3, 12, 0, 15, true)]
    [InlineData("1/2", 1, 0, 2, 2, false)]
    [InlineData("999", 999, 0, 0, 999, false)]
    public void A_share_is_read_as_it_is_written(string text, int student, int teacher, int products, int total, bool isOverlapped)
    {
        var split = ThreadAllocation.Parse(text);
        Assert.Equal(new ThreadAllocation(student, teacher, products), split);
        Assert.Equal((total, isOverlapped, text), (split!.Total, split.IsOverlapped, split.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("1+0")]
    [InlineData("1/0")]
    [InlineData("01")]
    [InlineData("1000")]
    [InlineData("-1")]
    [InlineData("1+1+1")]
    [InlineData("1+1/2")]
    [InlineData("1 + 1")]
    [InlineData("2\n")]
    [InlineData("٢")]
    [InlineData("two")]
    public void What_is_no_share_is_none(string text) => Assert.Null(ThreadAllocation.Parse(text));

    [Theory]
    [InlineData("1", 1, 1)]
    [InlineData("2", 2, 2)]
    [InlineData("1/2", 1, 2)]
    [InlineData("1+1", 1, 1)]
    [InlineData("1+2", 1, 2)]
    public void What_was_before_comes_back_when_it_is_given_back(string text, int here, int others)
    {
        foreach (var before in new[] { 1, 2, 3 })
        {
            Runtime.Threads = before;
            using (ThreadAllocation.Parse(text)!.Take())
                Assert.Equal((here, others), (Runtime.Threads, Elsewhere()));
            Assert.Equal((before, before), (Runtime.Threads, Elsewhere()));
        }
    }

    private static int Elsewhere()
    {
        var seen = 0;
        var thread = new Thread(() => seen = Runtime.Threads);
        thread.Start();
        thread.Join();
        return seen;
    }
}
