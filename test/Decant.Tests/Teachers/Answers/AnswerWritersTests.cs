using Decant.Signals;
using Decant.Teachers.Answers.Storage;

namespace Decant.Tests.Teachers.Answers;

/// <summary>Several writers of one store, each with a store object of its own, as processes have.</summary>
public sealed class AnswerWritersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_writers_at_once_keep_every_answer_once()
    {
        const int questions = 120;
        using (var first = AnswerStore.OpenOrCreate(_folder.Path, MadeUpStore.Manifest))
        using (var second = AnswerStore.OpenOrCreate(_folder.Path, MadeUpStore.Manifest))
        {
            Assert.Equal(2, first.Append([MadeUpStore.Answer(0)]) + second.Append([MadeUpStore.Answer(questions - 1)])); // each has its shard
            var added = await Task.WhenAll(Task.Run(() => Write(first, 0)), Task.Run(() => Write(second, 1)));
            Assert.Equal(questions - 2, added.Sum());
            second.Refresh();
            Assert.Equal(questions, MadeUpStore.Right(second, questions));
        }

        var check = StoreCheck.Run(_folder.Path);
        Assert.Equal((questions, 0, true, 2), (check.Answers, check.Duplicates, check.IsSound, check.Shards));

        int Write(AnswerStore store, int step) =>
            Enumerable.Range(0, questions).Select(i => step == 0 ? i : questions - 1 - i).Sum(question => store.Append([MadeUpStore.Answer(question)]));
    }

    [Fact]
    public void Merged_stores_have_the_answers_of_all_once()
    {
        var (a, b, target) = (Path.Combine(_folder.Path, "a"), Path.Combine(_folder.Path, "b"), Path.Combine(_folder.Path, "all"));
        MadeUpStore.Fill(a, 0, 10);
        MadeUpStore.Fill(b, 5, 10);
        Assert.Equal((15, 0), (StoreMerge.Run([a, b], target), StoreMerge.Run([a, b], target)));
        using (var store = AnswerStore.Open(target))
            Assert.Equal(15, MadeUpStore.Right(store, 100));
        using (AnswerStore.OpenOrCreate(Path.Combine(_folder.Path, "other"), MadeUpStore.Manifest with { Teacher = "ffff" }))
        {
        }

        var error = Assert.Throws<DecantException>(() => StoreMerge.Run([a, Path.Combine(_folder.Path, "other")], Path.Combine(_folder.Path, "none")));
        Assert.Contains("'teacher' is \"ffff\", not \"a1b2\"", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "none")));
    }

    [Fact]
    public void Trimmed_to_a_size_the_newest_answers_stay()
    {
        MadeUpStore.Fill(_folder.Path, 0, 40, fullShard: 500);
        var (kept, dropped, before, after) = StoreTrim.Run(_folder.Path, mostBytes: 700);
        Assert.Equal(40, kept + dropped);
        Assert.True(kept > 3 && after <= 700 + ShardFormat.HeaderSize && after < before, $"{kept} of 40, {before} → {after} bytes");
        using var store = AnswerStore.Open(_folder.Path);
        Assert.Equal(kept, MadeUpStore.Right(store, 40));
        Assert.False(store.Contains(MadeUpStore.KeyOf(0)));
        Assert.True(store.Contains(MadeUpStore.KeyOf(39)));
        Assert.True(StoreCheck.Run(_folder.Path).IsSound);
    }

    [Fact]
    public void A_store_that_is_written_to_is_not_trimmed()
    {
        using var store = AnswerStore.OpenOrCreate(_folder.Path, MadeUpStore.Manifest);
        store.Append([MadeUpStore.Answer(1)]);
        Assert.Contains("a run is writing into 000001.answers", Assert.Throws<DecantException>(() => StoreTrim.Run(_folder.Path)).Message, StringComparison.Ordinal);
        store.Append([MadeUpStore.Answer(2)]);
        Assert.Equal(2, MadeUpStore.Right(store, 5));
    }

    [Fact]
    public void Draws_are_the_same_whoever_asks_and_temperatures_that_are_not_exact_are_refused()
    {
        var sampled = MadeUpStore.Manifest with { Kind = AnswerKind.Sampled, Draws = 20, Temperature = 2 };
        var rows = new Decant.Teachers.Answers.Packing.DenseRows(3, [1, 2, 3, 3, 2, 1]);
        Assert.Equal(new AnswerPacking(sampled).Pack(MadeUpStore.KeyOf(1), rows), new AnswerPacking(sampled).Pack(MadeUpStore.KeyOf(1), rows));
        Assert.NotNull(sampled.WhyNotAt(1));
        Assert.Null(sampled.WhyNotAt(2));
        var top = MadeUpStore.Manifest with { Kind = AnswerKind.TopK, K = 2, Tail = TailRule.Bucket, Numbers = NumberFormat.Float16 };
        Assert.Throws<DecantException>(() => top.RequireTemperature(3, "here"));
        (top with { Tail = TailRule.Renormalize }).RequireTemperature(3, "here");
        MadeUpStore.Manifest.RequireTemperature(3, "here");
        Assert.NotEqual(sampled.Address, (sampled with { Draws = 21 }).Address);
        Assert.Equal(sampled.Address, (sampled with { Name = "x" }).Address);
    }
}
