using Decant.Data;
using Decant.Data.Batching;
using Decant.Data.Sources;
using Decant.Torch;

namespace Decant.Tests.Data;

public class BatchSourceTests
{
    [Fact]
    public void Every_sample_comes_once_an_epoch_and_in_another_order_in_the_next()
    {
        using var data = Vectors(103);
        var source = new BatchSource(data, new VectorCollator(), new BatchOptions { Size = 10, Seed = 7 });
        Assert.Equal(11, source.BatchesPerEpoch);
        var first = Ids(source.Enumerate(0));
        var second = Ids(source.Enumerate(1));
        Assert.Equal([.. Enumerable.Repeat(10, 10), 3], first.Select(batch => batch.Length));
        Assert.Equal(103, first.SelectMany(ids => ids).Distinct().Count());
        Assert.NotEqual(first.SelectMany(ids => ids), second.SelectMany(ids => ids));
        Assert.Equal(first.SelectMany(ids => ids), Ids(source.Enumerate(0)).SelectMany(ids => ids));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void Resuming_at_any_batch_gives_the_rest_of_the_same_epoch(int prefetch)
    {
        using var data = Texts(60);
        var source = new BatchSource(data, Collator(data), new BatchOptions { Size = 7, Seed = 3, BucketWindow = 3, Prefetch = prefetch });
        var whole = Ids(source.Enumerate(4));
        for (var from = 0; from <= source.BatchesPerEpoch; from++) Assert.Equal(whole.Skip(from), Ids(source.Enumerate(4, from)));
    }

    [Fact]
    public void Without_shuffling_the_order_is_that_of_the_data()
    {
        using var data = Vectors(10);
        var source = new BatchSource(data, new VectorCollator(), new BatchOptions { Size = 4, Shuffle = false });
        Assert.Equal(Enumerable.Range(0, 10).Select(data.IdOf), Ids(source.Enumerate(3)).SelectMany(ids => ids));
    }

    [Fact]
    public void Buckets_put_texts_of_similar_length_together_and_lose_none()
    {
        using var data = Texts(400);
        var collator = Collator(data);
        long Padding(int window)
        {
            var source = new BatchSource(data, collator, new BatchOptions { Size = 8, BucketWindow = window });
            var padding = 0L;
            var seen = new HashSet<SampleId>();
            foreach (var batch in source.Enumerate(0))
            {
                using (batch)
                {
                    padding += batch.AttentionMask!.ToArray<bool>().Count(isToken => !isToken);
                    seen.UnionWith(batch.Ids);
                }
            }

            Assert.Equal(400, seen.Count);
            return padding;
        }

        Assert.True(Padding(50) * 4 < Padding(0), $"{Padding(50)} against {Padding(0)}");
    }

    [Fact]
    public void The_longest_come_first_over_the_whole_set_and_equals_keep_their_order()
    {
        string[] texts = ["1 2", "1 2 3 4", "1", "5 6", "1 2 3", "7 8"]; // tokens: 2, 4, 1, 2, 3, 2; two characters a token
        using var data = Dataset.From("texts", texts.Select(t => ((SampleContent)new TextContent(t), (string?)null)));
        var source = new BatchSource(data, new TextCollator(MadeUpTokenizer.Make(300), 8), new BatchOptions { Size = 2, Shuffle = false, LongestFirst = true });
        int[][] expected = [[1, 4], [0, 3], [5, 2]];
        Assert.Equal(expected.Select(batch => batch.Select(data.IdOf)), Ids(source.Enumerate(0)));
        Assert.Equal(Ids(source.Enumerate(0)), Ids(source.Enumerate(7)));
        Assert.Equal([8L, 4L, 4L], source.WorkPerBatch());
        Assert.Equal(source.WorkPerBatch(), source.Enumerate(0).Select(Positions));
    }

    [Fact]
    public void An_order_by_length_is_not_shuffled()
    {
        using var data = Vectors(10);
        Assert.Throws<ArgumentException>(() => new BatchSource(data, new VectorCollator(), new BatchOptions { Size = 4, LongestFirst = true }));
        var source = new BatchSource(data, new VectorCollator(), new BatchOptions { Size = 4, Shuffle = false, LongestFirst = true });
        Assert.Equal(Enumerable.Range(0, 10).Select(data.IdOf), Ids(source.Enumerate(0)).SelectMany(ids => ids));
        Assert.Equal([4L, 4L, 2L], source.WorkPerBatch());
    }

    [Fact]
    public void Questions_of_a_published_set_are_padded_by_less_than_a_hundredth()
    {
        using var data = new LabelledLinesOptions { File = TestData.Need("trec/TREC.train.all"), Encoding = "latin1" }.Open();
        var tokenizer = new Decant.Text.Training.WordPieceOptions { Vocabulary = 6000 }.Train(Enumerable.Range(0, data.Count).Select(i => ((TextContent)data[i].Content).Text));
        var collator = new TextCollator(tokenizer, 40);
        long InAll(BatchOptions options) => new BatchSource(data, collator, options).Enumerate(0).Sum(Positions);
        var tokens = Enumerable.Range(0, data.Count).Sum(i => (long)collator.TokensOf(data[i]));
        var inOrder = InAll(new BatchOptions { Size = 32, Shuffle = false });
        var windows = InAll(new BatchOptions { Size = 32 });
        var longestFirst = InAll(new BatchOptions { Size = 32, Shuffle = false, LongestFirst = true });
        Assert.True(longestFirst < 1.01 * tokens, $"{longestFirst} positions for {tokens} tokens; in windows {windows}, in order {inOrder}");
        Assert.True(inOrder > 1.7 * longestFirst && windows > 1.05 * longestFirst, $"{longestFirst} positions for {tokens} tokens; in windows {windows}, in order {inOrder}");
    }

    [Fact]
    public void Drop_last_leaves_out_other_samples_in_each_epoch()
    {
        using var data = Vectors(11);
        var source = new BatchSource(data, new VectorCollator(), new BatchOptions { Size = 4, DropLast = true });
        Assert.Equal(2, source.BatchesPerEpoch);
        var all = Enumerable.Range(0, 20).SelectMany(epoch => Ids(source.Enumerate(epoch)).SelectMany(ids => ids)).Distinct();
        Assert.Equal(11, all.Count());
        var error = Assert.Throws<DecantException>(() => new BatchSource(data, new VectorCollator(), new BatchOptions { Size = 12, DropLast = true }));
        Assert.Contains("11 samples do not fill a batch of 12", error.Message);
    }

    [Fact]
    public void A_fault_while_making_ahead_comes_out_in_its_place()
    {
        using var data = Dataset.From("mixed", [(new VectorContent(new float[3]), "a"), (new VectorContent(new float[3] { 1, 2, 3 }), "a"), (new VectorContent(new float[4]), "b")]);
        var source = new BatchSource(data, new VectorCollator(), new BatchOptions { Size = 1, Shuffle = false });
        Assert.Equal(3, Ids(source.Enumerate(0)).Count); // one by one they fit
        var pairs = new BatchSource(data.Subset([0, 1, 1, 2]), new VectorCollator(), new BatchOptions { Size = 2, Shuffle = false });
        using var batches = pairs.Enumerate(0).GetEnumerator();
        Assert.True(batches.MoveNext());
        batches.Current.Dispose();
        Assert.Contains("expected a vector of 3 numbers, came 4", Assert.Throws<DecantException>(() => batches.MoveNext()).Message);
    }

    [Fact]
    public void An_epoch_left_early_releases_what_was_made_ahead()
    {
        using var data = Vectors(1000);
        var source = new BatchSource(data, new VectorCollator(), new BatchOptions { Size = 5, Prefetch = 8 });
        var before = Tensor.LiveCount;
        for (var round = 0; round < 20; round++)
            foreach (var batch in source.Enumerate(round))
            {
                batch.Dispose();
                if (round % 2 == 0) Thread.Sleep(1);
                break;
            }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Batches_made_ahead_do_not_belong_to_the_scope_of_who_takes_them()
    {
        using var data = Vectors(50);
        var before = Tensor.LiveCount;
        foreach (var prefetch in new[] { 0, 4 })
        {
            var source = new BatchSource(data, new VectorCollator(), new BatchOptions { Size = 5, Prefetch = prefetch });
            var kept = new List<Batch>();
            using (var scope = TensorScope.Open())
            {
                foreach (var batch in source.Enumerate(0)) kept.Add(batch);
                Assert.Equal(0, scope.Count);
            }

            Assert.All(kept, batch => Assert.False(batch.Values.IsDisposed));
            kept.ForEach(batch => batch.Dispose());
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Cancelling_ends_the_epoch()
    {
        using var data = Vectors(1000);
        var source = new BatchSource(data, new VectorCollator(), new BatchOptions { Size = 5, Prefetch = 2 });
        using var cancel = new CancellationTokenSource();
        var before = Tensor.LiveCount;
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var batch in source.Enumerate(0, 0, cancel.Token))
            {
                batch.Dispose();
                cancel.Cancel();
            }
        });
        Assert.Equal(before, Tensor.LiveCount);
    }

    private static List<SampleId[]> Ids(IEnumerable<Batch> batches)
    {
        var ids = new List<SampleId[]>();
        foreach (var batch in batches)
        {
            using (batch) ids.Add([.. batch.Ids]);
        }

        return ids;
    }

    private static long Positions(Batch batch)
    {
        using (batch) return batch.Values.ElementCount;
    }

    private static Dataset Vectors(int count) =>
        Dataset.From("vectors", Enumerable.Range(0, count).Select(i => ((SampleContent)new VectorContent(new float[] { i, -i }), (string?)$"{i % 3}")));

    private static Dataset Texts(int count) => Dataset.From("texts", Enumerable.Range(0, count)
        .Select(i => ((SampleContent)new TextContent(string.Join(' ', Enumerable.Repeat($"word{i}", 1 + (i * 37 % 40)))), (string?)null)));

    private static TextCollator Collator(Dataset data)
    {
        var texts = Enumerable.Range(0, data.Count).Select(i => ((TextContent)data[i].Content).Text);
        return new TextCollator(new Decant.Text.Training.WordPieceOptions { Vocabulary = 300 }.Train(texts), 128);
    }
}
