using Decant.Data;
using Decant.Data.Batching;
using Decant.Torch;
using Decant.Training;

namespace Decant.Tests.Training;

public class PrefetchPolicyTests
{
    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 0)]
    [InlineData(true, 20)]
    public void The_batches_are_the_same_whenever_they_are_made(bool coresAreTaken, int milliseconds)
    {
        var source = new PacedSource(_clock, 40, milliseconds);
        Assert.Equal(Enumerable.Range(3, 37), Ids(NewPace(coresAreTaken), source, first: 3));
    }

    [Fact]
    public void Where_no_core_is_taken_they_are_made_ahead_at_once()
    {
        var source = new PacedSource(_clock, 20, 0);
        Ids(NewPace(false), source);
        Assert.Equal((0, 20), (source.InTurn, source.Ahead));
    }

    [Fact]
    public void Batches_that_take_most_of_the_time_are_made_ahead_after_the_sixteenth_and_ever_after()
    {
        var (source, pace) = (new PacedSource(_clock, 20, milliseconds: 5), NewPace(true));
        Ids(pace, source);
        Assert.Equal((16, 4), (source.InTurn, source.Ahead));
        Ids(pace, source);
        Assert.Equal((16, 24), (source.InTurn, source.Ahead));
    }

    [Fact]
    public void Batches_that_take_little_of_the_time_stay_in_turn()
    {
        var source = new PacedSource(_clock, 20, 0);
        Ids(NewPace(true), source, eachTakes: 4);
        Assert.Equal((20, 0), (source.InTurn, source.Ahead));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(18)] // after the change
    public void Left_early_it_leaves_nothing(int after)
    {
        var before = Tensor.LiveCount;
        var source = new PacedSource(_clock, 30, milliseconds: 2);
        foreach (var batch in NewPace(true).Enumerate(source, 0, 0, default))
        {
            batch.Dispose();
            if (--after == 0)
                break;
        }

        Assert.Equal(0, source.Open);
        Assert.Equal(before, Tensor.LiveCount);
    }

    private PrefetchPolicy NewPace(bool coresAreTaken) => new(coresAreTaken, _clock);

    private List<int> Ids(PrefetchPolicy pace, PacedSource source, int first = 0, int eachTakes = 0)
    {
        var ids = new List<int>();
        foreach (var batch in pace.Enumerate(source, 0, first, default))
        {
            using (batch)
                ids.Add((int)batch.Ids[0].Value);
            _clock.Pass(eachTakes);
        }

        Assert.Equal(0, source.Open);
        return ids;
    }

    private sealed class PacedSource(ManualClock clock, int batches, int milliseconds) : IBatchSource
    {
        public int BatchesPerEpoch => batches;

        public int Ahead { get; private set; }

        public int InTurn { get; private set; }

        public int Open { get; private set; }

        public IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default) => Make(firstBatch, () => Ahead++);

        public IEnumerable<Batch> EnumerateSynchronously(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default) => Make(firstBatch, () => InTurn++);

        private IEnumerable<Batch> Make(int first, Action count)
        {
            Open++;
            try
            {
                for (var b = first; b < batches; b++)
                {
                    clock.Pass(milliseconds);
                    count();
                    yield return new Batch(Tensor.From([1f], 1, 1), Tensor.From([0L]), 1, [new SampleId((ulong)b)]);
                }
            }
            finally
            {
                Open--;
            }
        }
    }
}
