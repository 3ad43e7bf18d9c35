using Decant.Data;
using Decant.Data.Batching;
using Decant.Data.Labels;
using Decant.Text;
using Decant.Text.Training;

namespace Decant.Tests.Data;

public class TokenCollatorTests
{
    private const int End = 1;
    private const int Begin = 2;
    private static readonly ITokenizer s_numbers = MadeUpTokenizer.Make(100);
    private static readonly ITokenizer s_words = new WordPieceOptions { Vocabulary = 300 }.Train(["one two three four five six seven eight nine ten"]);

    [Fact]
    public void Of_a_prompt_only_the_completion_and_its_end_are_learned()
    {
        using var data = Prompts(("10 11", " 20 21"), ("12", "22"));
        using var batch = Collate(new CausalCollator(s_numbers, 8, End, Begin), data);
        Assert.Equal([Begin, 10, 11, 20, 21, Begin, 12, 22, 0, 0], batch.Values.ToArray<long>());
        Assert.Equal([2, 3, 4, 6, 7], batch.Positions!.ToArray<long>());
        Assert.Equal([20, 21, End, 22, End], batch.Labels.ToArray<long>());
        Assert.Equal([3, 2], batch.RowsPerSample!);
        Assert.Equal([6, 2], batch.BytesPerSample!);
        Assert.Equal([true, true, true, true, true, true, true, true, false, false], batch.AttentionMask!.ToArray<bool>());
    }

    [Fact]
    public void What_is_too_long_loses_the_beginning_of_its_prompt_first_and_it_is_counted()
    {
        using var data = Prompts(("10 11 12", "20 21"), ("10", "20 21 22 23 24"), ("10", "20"));
        var collator = new CausalCollator(s_numbers, 4, End, Begin);
        using var batch = Collate(collator, data);
        Assert.Equal([Begin, 12, 20, 21, Begin, 20, 21, 22, Begin, 10, 20, 0], batch.Values.ToArray<long>());
        Assert.Equal([20, 21, End, 20, 21, 22, 23, 20, End], batch.Labels.ToArray<long>());
        Assert.Null(batch.BytesPerSample); // what the cut end would have said is not known
        Assert.Equal(new TruncationCount(3, 2, 2 + 3, "prompts, sample 1", 4) { WholeLongest = 7, Whole95 = 7 }, TruncationCount.Of(data, collator));
    }

    [Fact]
    public void A_text_begins_with_its_first_token_where_nothing_begins_it()
    {
        using var data = Dataset.From("t", [(new TextContent("10 11"), null)]).WithOwnLabels();
        using var plain = Collate(new CausalCollator(s_numbers, 8, End), data);
        Assert.Equal([11, End], plain.Labels.ToArray<long>());
        using var begun = Collate(new CausalCollator(s_numbers, 8, End, Begin), data);
        Assert.Equal([10, 11, End], begun.Labels.ToArray<long>());
        using var empty = Dataset.From("t", [(new TextContent("nothing"), null)]).WithOwnLabels();
        Assert.Contains("the text has no tokens", Assert.Throws<DecantException>(() => Collate(new CausalCollator(s_numbers, 8, End), empty)).Message);
        Assert.Contains("is to be token 100", Assert.Throws<DecantException>(() => new CausalCollator(s_numbers, 8, 100)).Message);
    }

    [Fact]
    public void Rows_of_hidden_labels_remain_without_their_labels()
    {
        using var data = Prompts(("10", "20"), ("11", "21"));
        using var batch = Collate(new CausalCollator(s_numbers, 8, End), data.WithLabelsWhere(i => i == 1));
        Assert.Equal([-100, -100, 21, End], batch.Labels.ToArray<long>());
        Assert.Equal((4, 2), (batch.Rows, batch.LabelledCount));
    }

    [Fact]
    public void Hidden_tokens_are_rows_and_their_labels_what_stood_there()
    {
        using var data = Sentences(40);
        using var plain = Collate(new TextCollator(s_words, 64), data);
        using var batch = Collate(new MaskedCollator(s_words, 64, new MaskedOptions { Probability = 0.3 }), data, epoch: 2);
        var (before, after, labels, positions) = (plain.Values.ToArray<long>(), batch.Values.ToArray<long>(), batch.Labels.ToArray<long>(), batch.Positions!.ToArray<long>());
        Assert.Equal(positions.Select(position => before[position]), labels);
        var rows = positions.ToHashSet();
        Assert.All(Enumerable.Range(0, before.Length).Where(i => !rows.Contains(i)), i => Assert.Equal(before[i], after[i]));
        var special = SpecialIds();
        Assert.All(labels, label => Assert.DoesNotContain((int)label, special));
        Assert.All(positions.Select(position => (int)after[position]), id => Assert.True(id == s_words.TokenToId["[MASK]"] || !special.Contains(id)));
        Assert.Equal(batch.Rows, batch.RowsPerSample!.Sum());
        Assert.Equal(positions.Order(), positions);
    }

    [Fact]
    public void Shares_are_those_asked_for()
    {
        using var data = Sentences(300);
        using var plain = Collate(new TextCollator(s_words, 64), data);
        using var batch = Collate(new MaskedCollator(s_words, 64), data);
        var special = SpecialIds();
        var tokens = plain.Values.ToArray<long>().Count(id => !special.Contains((int)id));
        Assert.InRange(batch.Rows / (double)tokens, 0.13, 0.17);
        var (after, labels) = (batch.Values.ToArray<long>(), batch.Labels.ToArray<long>());
        var shown = batch.Positions!.ToArray<long>().Select(position => after[position]).ToArray();
        Assert.InRange(shown.Count(id => id == s_words.TokenToId["[MASK]"]) / (double)shown.Length, 0.75, 0.85);
        Assert.InRange(shown.Where((id, row) => id == labels[row]).Count() / (double)shown.Length, 0.07, 0.14);
    }

    [Fact]
    public void What_is_hidden_depends_on_seed_epoch_and_sample_alone_and_is_one_token_at_least()
    {
        using var data = Sentences(20);
        var collator = new MaskedCollator(s_words, 64, new MaskedOptions { Probability = 0.01 });
        using var together = Collate(collator, data, epoch: 1);
        Assert.All(together.RowsPerSample!, rows => Assert.True(rows >= 1));
        var labels = together.Labels.ToArray<long>();
        var row = 0;
        for (var i = 0; i < data.Count; i++)
        {
            using var alone = Collate(collator, data.Subset([i]), epoch: 1);
            Assert.Equal(labels.Skip(row).Take(alone.Rows), alone.Labels.ToArray<long>());
            row += alone.Rows;
        }

        using var later = Collate(collator, data, epoch: 2);
        Assert.NotEqual(together.Positions!.ToArray<long>(), later.Positions!.ToArray<long>());
    }

    [Fact]
    public void Whole_words_are_hidden_with_all_their_pieces()
    {
        using var data = Dataset.From("t", Enumerable.Range(0, 60).Select(i => ((SampleContent)new TextContent($"one onetwo tenthreeone two {i}"), (string?)null))).WithOwnLabels();
        var collator = new MaskedCollator(s_words, 64, new MaskedOptions { Probability = 0.3, WholeWords = true, Masked = 1, Replaced = 0 });
        using var batch = Collate(collator, data);
        using var plain = Collate(new TextCollator(s_words, 64), data);
        var before = plain.Values.ToArray<long>();
        var rows = batch.Positions!.ToArray<long>().ToHashSet();
        var width = (int)batch.Values.Shape[1];
        var pieces = 0;
        for (var i = 0; i < before.Length; i++)
        {
            if (i % width == 0 || !s_words.TokenOf((int)before[i]).StartsWith("##", StringComparison.Ordinal)) continue;
            pieces++;
            Assert.Equal(rows.Contains(i - 1), rows.Contains(i));
        }

        Assert.True(pieces > 60 && rows.Count > 60);
    }

    [Fact]
    public void Packed_tokens_are_hidden_between_the_tokens_that_stand_around_a_text()
    {
        var (cls, sep) = (s_words.TokenToId["[CLS]"], s_words.TokenToId["[SEP]"]);
        var content = new TokenContent(s_words.Encode("one two three"), 13);
        var sample = new Sample(new SampleId(7), content, null, ContentAnnotation.Instance);
        using var batch = new MaskedCollator(s_words, 64).Collate([sample], 1, 0);
        var ids = batch.Values.ToArray<long>();
        Assert.Equal((cls, sep, content.Ids.Length + 2), ((int)ids[0], (int)ids[^1], ids.Length));
        Assert.Contains("pack the text into sequences of 2", Assert.Throws<DecantException>(() => new MaskedCollator(s_words, 4).Collate([sample], 1, 0)).Message);
        Assert.Contains("sum to more than 1", Assert.Throws<DecantException>(() => new MaskedCollator(s_words, 8, new MaskedOptions { Masked = 0.8, Replaced = 0.3 })).Message);
    }

    [Fact]
    public void A_word_is_asked_about_at_its_first_token()
    {
        using var data = Dataset.FromTags("t", [(new WordsContent(["one", "onetwo", "ten"]), ["O", "B-X", "I-X"]), (new WordsContent(["two"]), null)]);
        using var batch = Collate(new TagCollator(s_words, 32), data);
        int[] one = s_words.Encode("one"), long1 = s_words.Encode("onetwo");
        Assert.True(long1.Length > 1);
        var ids = batch.Values.ToArray<long>().Take((int)batch.Values.Shape[1]).Select(id => (int)id);
        Assert.Equal([s_words.TokenToId["[CLS]"], .. one, .. long1, .. s_words.Encode("ten"), s_words.TokenToId["[SEP]"]], ids);
        Assert.Equal([1, 1 + one.Length, 1 + one.Length + long1.Length, batch.Values.Shape[1] + 1], batch.Positions!.ToArray<long>());
        Assert.Equal([0, 1, 2, -100], batch.Labels.ToArray<long>());
        Assert.Equal([3, 1], batch.RowsPerSample!);
        Assert.Equal(3, batch.LabelledCount);
    }

    [Fact]
    public void Words_after_a_space_are_other_tokens_where_the_tokenizer_says_so()
    {
        var bytes = new ByteBpeOptions { Vocabulary = 400 }.Train([string.Concat(Enumerable.Repeat("one two three ", 50))]);
        Assert.NotEqual(bytes.Encode("two"), bytes.Encode(" two"));
        using var data = Dataset.FromTags("t", [(new WordsContent(["one", "two"]), null)]);
        using var batch = Collate(new TagCollator(bytes, 32), data);
        Assert.Equal(bytes.EncodeForModel("one two", null, 32).Ids, batch.Values.ToArray<long>().Select(id => (int)id));
    }

    [Fact]
    public void Words_that_do_not_fit_are_left_out_with_their_rows_and_counted()
    {
        using var data = Dataset.FromTags("t", [(new WordsContent(["10", "11"]), ["O", "O"]), (new WordsContent(["10", "11 12", "13", "14"]), ["O", "B", "O", "B"])]);
        var collator = new TagCollator(s_numbers, 3);
        using var batch = Collate(collator, data);
        Assert.Equal([10, 11, 0, 10, 11, 12], batch.Values.ToArray<long>());
        Assert.Equal([2, 2], batch.RowsPerSample!);
        Assert.Equal(new TruncationCount(2, 1, 2, "t, sample 2", 3) { WholeLongest = 5, Whole95 = 5 }, TruncationCount.Of(data, collator));
    }

    [Fact]
    public void A_word_without_a_token_is_an_error_with_its_place()
    {
        using var data = Dataset.FromTags("t", [(new WordsContent(["10"]), ["O"]), (new WordsContent(["10", "\uFE0F"]), ["O", "O"])]);
        var error = Assert.Throws<DecantException>(() => TruncationCount.Of(data, new TagCollator(s_numbers, 8)));
        Assert.Contains("t, sample 2: Sample ", error.Message);
        Assert.Contains("word 2 of 2, '\uFE0F' (U+FE0F), has no token", error.Message);
        using var batch = Collate(new TagCollator(s_numbers, 8, unknownForNothing: true), data);
        Assert.Equal([10, 0, 10, s_words.TokenToId["[UNK]"]], batch.Values.ToArray<long>());
    }

    [Fact]
    public void Numbers_are_labels_of_float_and_none_where_a_sample_has_none()
    {
        using var data = Dataset.FromNumbers("n", [(new TextContent("one", "two"), [2.5f]), (new TextContent("one"), null)]);
        using var batch = Collate(new TextCollator(s_words, 16, outputs: 1), data);
        Assert.Equal([2, 1], batch.Labels.Shape);
        Assert.Equal([2.5f, float.NaN], batch.Labels.ToArray<float>());
        Assert.Equal((1, 2), (batch.LabelledCount, batch.Rows));
        using var none = Collate(new TextCollator(s_words, 16, outputs: 1), data.Subset([1]));
        Assert.Equal([float.NaN], none.Labels.ToArray<float>());
        Assert.Contains("expected 2 numbers, came 1", Assert.Throws<DecantException>(() => Collate(new TextCollator(s_words, 16, outputs: 2), data)).Message);
        using var vectors = Dataset.FromNumbers("v", [(new VectorContent(new float[] { 1 }), [3f])]);
        using var vector = Collate(new VectorCollator(), vectors);
        Assert.Equal([3f], vector.Labels.ToArray<float>());
    }

    [Fact]
    public void A_texts_cut_tokens_are_counted()
    {
        using var data = Dataset.From("t", [(new TextContent("one two"), null), (new TextContent("one two three four", "five six"), null)]);
        var collator = new TextCollator(s_words, 6);
        var whole = s_words.EncodeForModel("one two three four", "five six", 1000).Ids.Length;
        var shorter = Math.Max(0, s_words.EncodeForModel("one two", null, 1000).Ids.Length - 6);
        var report = TruncationCount.Of(data, collator);
        Assert.Equal((whole - 6 + shorter, 6), (report.LeftOut, report.Longest));
    }

    [Fact]
    public void The_length_that_95_of_100_samples_do_not_exceed_is_told_uncut()
    {
        // Lengths 1 to 40, of which those above 10 are cut: 38 of 40 are 95 %.
        using var data = Dataset.FromTags("t", Enumerable.Range(1, 40).Select(n => (new WordsContent([.. Enumerable.Repeat("10", n)]), (IReadOnlyList<string>?)null)));
        var report = TruncationCount.Of(data, new TagCollator(s_numbers, 10));
        Assert.Equal((30, 40, 38), (report.Cut, report.WholeLongest, report.Whole95));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Batches_of_so_many_tokens_hold_every_sample_and_never_more(bool shuffle)
    {
        var rng = new Rng(3);
        using var data = Dataset.From("t", Enumerable.Range(0, 500).Select(i => ((SampleContent)new TextContent(string.Join(' ', Enumerable.Repeat($"{i % 100}", 1 + rng.Next(i % 20 == 0 ? 60 : 20)))), (string?)null))).WithOwnLabels();
        var source = new BatchSource(data, new CausalCollator(s_numbers, 64, End), new BatchOptions { Tokens = 128, Shuffle = shuffle, Prefetch = 0 });
        var orders = new List<SampleId[]>();
        var padding = 0;
        for (var epoch = 0; epoch < 5; epoch++)
        {
            var (ids, batches) = (new List<SampleId>(), 0);
            foreach (var batch in source.Enumerate(epoch))
            {
                using (batch)
                {
                    Assert.InRange(batch.Values.Shape[0] * batch.Values.Shape[1], 1, 128);
                    padding += batch.AttentionMask!.ToArray<bool>().Count(isToken => !isToken);
                    ids.AddRange(batch.Ids);
                    batches++;
                }
            }

            Assert.Equal(source.BatchesPerEpoch, batches);
            Assert.Equal(500, ids.Distinct().Count());
            orders.Add([.. ids]);
        }

        if (shuffle) Assert.NotEqual(orders[0], orders[1]);
        else Assert.Equal(Enumerable.Range(0, 500).Select(data.IdOf), orders[0]);
        if (shuffle) Assert.InRange(padding / 5.0, 0, 500 * 4.5); // half of what counts as alike, at most
    }

    [Fact]
    public void A_budget_that_cannot_be_kept_is_refused_before_anything_starts()
    {
        using var data = Prompts(("10", "20"), ("10 11 12 13 14", "20"));
        var collator = new CausalCollator(s_numbers, 64, End);
        Assert.Contains("prompts, sample 2: the text has 6 tokens, and a batch may have 5", Assert.Throws<DecantException>(() => new BatchSource(data, collator, new BatchOptions { Tokens = 5 })).Message);
        Assert.Throws<ArgumentException>(() => new BatchSource(data, collator, new BatchOptions()));
        Assert.Throws<ArgumentException>(() => new BatchSource(data, collator, new BatchOptions { Tokens = 50, DropLast = true }));
        Assert.Throws<ArgumentException>(() => new BatchSource(data, collator, new BatchOptions { Tokens = 50, BucketWindow = 0 }));
        Assert.Throws<ArgumentException>(() => new BatchSource(data, new VectorCollator(), new BatchOptions { Tokens = 50 }));
        Assert.Equal(2, new BatchSource(data, collator, new BatchOptions { Tokens = 5000, Size = 1 }).BatchesPerEpoch);
    }

    [Fact]
    public void Batches_of_tokens_resume_anywhere()
    {
        using var data = Sentences(60);
        var source = new BatchSource(data, new MaskedCollator(s_words, 64), new BatchOptions { Tokens = 200, Seed = 9 });
        var whole = source.Enumerate(2).Select(Drain).ToArray();
        for (var from = 0; from <= source.BatchesPerEpoch; from++) Assert.Equal(whole.Skip(from), source.Enumerate(2, from).Select(Drain));

        static string Drain(Batch batch)
        {
            using (batch) return string.Join(' ', batch.Ids) + string.Join(' ', batch.Positions!.ToArray<long>());
        }
    }

    private static HashSet<int> SpecialIds() => [.. new[] { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]" }.Select(name => s_words.TokenToId[name])];

    private static Dataset Sentences(int count)
    {
        string[] words = ["one", "two", "three", "four", "five", "six", "seven"];
        return Dataset.From("s", Enumerable.Range(0, count).Select(i => ((SampleContent)new TextContent(string.Join(' ', Enumerable.Range(0, 4 + (i % 9)).Select(w => words[(i + (w * 3)) % 7]))), (string?)null)))
            .WithOwnLabels();
    }

    private static Dataset Prompts(params (string Prompt, string Completion)[] prompts) =>
        Dataset.From("prompts", prompts.Select(p => ((SampleContent)new PromptContent(p.Prompt, p.Completion), (string?)null))).WithOwnLabels();

    private static Batch Collate(ICollator collator, Dataset data, int epoch = 0) => collator.Collate([.. Enumerable.Range(0, data.Count).Select(i => data[i])], 1, epoch);
}
