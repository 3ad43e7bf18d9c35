using Decant.Data;
using Decant.Data.Batching;
using Decant.Text;
using Decant.Text.Training;

namespace Decant.Tests.Data;

public sealed class EmbeddingCollatorTests
{
    private static readonly ITokenizer s_tokenizer = new WordPieceOptions { Vocabulary = 300 }.Train(["one two three four five six seven eight nine ten"]);

    [Fact]
    public void A_pair_is_two_rows_each_encoded_for_itself()
    {
        using var data = Dataset.FromNumbers("t", [(new TextContent("one two three", "ten"), [4f]), (new TextContent("two", "one nine"), null)]);
        using var batch = Collate(new EmbeddingCollator(s_tokenizer, 16), data);

        Assert.Equal((2, 4, 4), (batch.Size, batch.Rows, batch.Inputs));
        Assert.Equal([2, 2], batch.RowsPerSample);
        Assert.Null(batch.TokenTypes);
        Assert.Equal([.. new[] { "one two three", "ten", "two", "one nine" }.Select(t => s_tokenizer.EncodeForModel(t, null, 16).Ids)], Rows(batch));
        Assert.Equal([4, 1], batch.Labels.Shape);
        Assert.Equal([4f, 4f, float.NaN, float.NaN], batch.Labels.ToArray<float>());
        Assert.Equal(2, batch.LabelledCount);
    }

    [Fact]
    public void Texts_and_pairs_may_stand_side_by_side_and_need_no_label()
    {
        using var data = Dataset.From("t", [(new TextContent("one two"), null), (new TextContent("ten", "two"), null)]).WithOwnLabels();
        using var batch = Collate(new EmbeddingCollator(s_tokenizer, 16), data);

        Assert.Equal([1, 2], batch.RowsPerSample);
        Assert.Equal([.. new[] { "one two", "ten", "two" }.Select(t => s_tokenizer.EncodeForModel(t, null, 16).Ids)], Rows(batch));
        Assert.Equal([-100L, -100, -100], batch.Labels.ToArray<long>());
        Assert.Equal(0, batch.LabelledCount);
    }

    [Fact]
    public void Each_text_of_a_pair_is_cut_for_itself()
    {
        var collator = new EmbeddingCollator(s_tokenizer, 5);
        using var data = Dataset.From("t", [(new TextContent("one two three four five six", "ten"), null), (new TextContent("one", "two"), null)]);
        var (longer, ten) = (s_tokenizer.EncodeForModel("one two three four five six", null, 99).Ids.Length, s_tokenizer.EncodeForModel("ten", null, 99).Ids.Length);

        Assert.Equal(longer - 5, collator.LeftOut(data[0]));
        Assert.Equal(0, collator.LeftOut(data[1]));
        Assert.Equal(2 * 5, collator.TokensOf(data[0]));
        Assert.True(ten < 5);
    }

    [Fact]
    public void A_batch_of_so_many_tokens_counts_both_texts_of_its_pairs()
    {
        using var data = Dataset.From("t", Enumerable.Range(0, 40).Select(i => ((SampleContent)new TextContent($"one two {(i % 3 == 0 ? "three four" : "")}", "ten"), (string?)null)));
        var source = new BatchSource(data, new EmbeddingCollator(s_tokenizer, 16), new BatchOptions { Tokens = 80, Seed = 3 });
        foreach (var batch in source.Enumerate(0))
        {
            using (batch)
                Assert.True(batch.Values.Size(0) * batch.Values.Size(1) <= 80, string.Join(", ", batch.Values.Shape));
        }
    }

    [Fact]
    public void Hidden_tokens_differ_from_epoch_to_epoch_and_come_again_with_the_epoch()
    {
        using var data = Dataset.From("t", Enumerable.Range(0, 20).Select(i => ((SampleContent)new TextContent("one two three four five", $"six seven eight {i}"), (string?)null)));
        var collator = new EmbeddingCollator(s_tokenizer, 32, new AugmentOptions { TokenDropout = 0.3 });
        using Batch third = Collate(collator, data, 3), again = Collate(collator, data, 3), fourth = Collate(collator, data, 4);

        Assert.Contains(third.Values.ToArray<long>(), id => id == s_tokenizer.Special.Mask);
        Assert.Equal(third.Values.ToArray<long>(), again.Values.ToArray<long>());
        Assert.NotEqual(third.Values.ToArray<long>(), fourth.Values.ToArray<long>());
    }

    [Fact]
    public void Two_scores_for_a_pair_are_refused()
    {
        using var data = Dataset.FromNumbers("t", [(new TextContent("one", "two"), [4f, 2f])], ["a", "b"]);
        Assert.Contains("one score", Assert.Throws<DecantException>(() => Collate(new EmbeddingCollator(s_tokenizer, 16), data)).Message);
    }

    private static Batch Collate(EmbeddingCollator collator, Dataset data, int epoch = 0) => collator.Collate([.. Enumerable.Range(0, data.Count).Select(i => data[i])], 7, epoch);

    /// <summary>The ids of each row without its padding.</summary>
    private static int[][] Rows(Batch batch)
    {
        var mask = batch.AttentionMask!.ToArray<bool>();
        return [.. batch.Values.ToArray<long>().Select((id, i) => (id, kept: mask[i])).Chunk((int)batch.Values.Size(1)).Select(row => row.Where(t => t.kept).Select(t => (int)t.id).ToArray())];
    }
}
