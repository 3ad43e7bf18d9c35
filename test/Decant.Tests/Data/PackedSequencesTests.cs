using Decant.Data;
using Decant.Data.Batching;
using Decant.Data.Documents;
using Decant.Data.Tokens;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Data;

public sealed class PackedSequencesTests : IDisposable
{
    private const int End = 1;
    private const int Vocabulary = 100;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sequence_begins_with_the_last_label_of_the_one_before()
    {
        using var data = Open(new PackedOptions { Tokens = 3 }, "5 6 7", "8 9");
        Assert.Equal([[5, 6, 7, End], [End, 8, 9, End]], Enumerable.Range(0, data.Count).Select(i => Content(data, i).Ids.ToArray()));
        using var batch = Causal(3).Collate([data[0], data[1]], 0, 0);
        Assert.Equal([5, 6, 7, End, 8, 9], batch.Values.ToArray<long>());
        Assert.Equal([6, 7, End, 8, 9, End], batch.Labels.ToArray<long>());
        Assert.Equal([0, 1, 2, 3, 4, 5], batch.Positions!.ToArray<long>());
        Assert.Equal([3, 3], batch.RowsPerSample!);
        Assert.Equal((6, null), (batch.LabelledCount, batch.Segments));
        Assert.Contains("tokens 3 to 6 (document 1)", data.Where(1));
    }

    [Fact]
    public void Documents_that_are_kept_apart_have_segments_and_their_first_token_is_not_predicted()
    {
        using var data = Open(new PackedOptions { Tokens = 4, DocumentsApart = true }, "5 6", "7", "8 9");
        using var batch = Causal(4).Collate([data[0], data[1]], 0, 0);
        Assert.Equal([5, 6, End, 7, End, 8, 9, 0], batch.Values.ToArray<long>());
        Assert.Equal([0, 0, 0, 1, 0, 1, 1, 0], batch.Segments!.ToArray<long>());
        Assert.Equal([true, true, true, true, true, true, true, false], batch.AttentionMask!.ToArray<bool>());
        Assert.Equal([0, 1, 3, 5, 6], batch.Positions!.ToArray<long>());
        Assert.Equal([6, End, End, 9, End], batch.Labels.ToArray<long>());
        Assert.Equal([2, 2], batch.BytesPerSample!); // of "5 6" the second half, rounded up, nothing of "7", and of "8 9" the second half
    }

    [Fact]
    public void Every_token_but_the_first_is_predicted_once_whatever_the_length()
    {
        Prop.ForAll(Documents(2), Gen.Choose(1, 12).ToArbitrary(), (documents, tokens) =>
        {
            var stream = documents.SelectMany(document => document.Append(End)).ToArray();
            using var data = Open(new PackedOptions { Tokens = tokens }, Text(documents));
            var rows = Predicted(data, tokens);
            Assert.Equal(stream.Skip(1), rows.Select(row => row.Label));
            Assert.Equal(stream.SkipLast(1), rows.Select(row => row.Input));
            using var file = File(documents);
            Assert.Equal(file.TextBytes - file.BytesBefore(1), Enumerable.Range(0, data.Count).Sum(i => Content(data, i).Bytes));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    [Fact]
    public void Of_documents_kept_apart_every_token_but_their_first_is_predicted_once()
    {
        Prop.ForAll(Documents(2), Gen.Choose(1, 12).ToArbitrary(), (documents, tokens) =>
        {
            using var data = Open(new PackedOptions { Tokens = tokens, DocumentsApart = true }, Text(documents));
            Assert.Equal(documents.SelectMany(document => document.Append(End).Skip(1)), Predicted(data, tokens).Select(row => row.Label));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    [Fact]
    public void Sequences_for_hidden_tokens_share_none()
    {
        Prop.ForAll(Documents(), Gen.Choose(1, 12).ToArbitrary(), (documents, tokens) =>
        {
            using var data = Open(new PackedOptions { Tokens = tokens, NextToken = false }, Text(documents));
            Assert.Equal(documents.SelectMany(document => document.Append(End)), Enumerable.Range(0, data.Count).SelectMany(i => Content(data, i).Ids.ToArray()));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    [Fact]
    public void An_id_is_that_of_the_tokens_wherever_they_stand()
    {
        using var data = Open(new PackedOptions { Tokens = 2, NextToken = false }, "5 6 7 8");
        using var other = Open(new PackedOptions { Tokens = 2, NextToken = false }, "9 9 9 9 7 8");
        Assert.Equal(data.IdOf(1), other.IdOf(2));
        Assert.NotEqual(data.IdOf(0), data.IdOf(1));
        Assert.NotEqual(other.IdOf(0), other.IdOf(1)); // the same tokens a second time
    }

    [Fact]
    public void A_sequence_longer_than_the_positions_or_of_another_vocabulary_is_refused()
    {
        using var data = Open(new PackedOptions { Tokens = 4 }, "5 6 99 8");
        Assert.Contains("a sequence of 4 tokens, and the most are 3", Assert.Throws<DecantException>(() => Causal(3).Collate([data[0]], 0, 0)).Message);
        var other = new CausalCollator(MadeUpTokenizer.Make(50), 4, End);
        Assert.Contains("token 3 has the id 99, and the vocabulary has the ids 0 to 49", Assert.Throws<DecantException>(() => other.Collate([data[0]], 0, 0)).Message);
        Assert.Contains("has 1 token, and a token is predicted from one before it", Assert.Throws<DecantException>(() => Open(new PackedOptions { Tokens = 4 }, "x")).Message);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 4)]
    [InlineData(4, 3)]
    [InlineData(7, 5)]
    public void Lanes_partition_the_stream_and_go_on_where_they_were(int lanes, int tokens)
    {
        Prop.ForAll(Documents(lanes + 1), documents =>
        {
            var stream = documents.SelectMany(document => document.Append(End)).ToArray();
            using var file = File(documents);
            var source = new ContiguousBatchSource(file, new ContiguousOptions { Lanes = lanes, Tokens = tokens, Prefetch = 0 });
            var said = Enumerable.Range(0, lanes).Select(_ => new List<int>()).ToArray();
            var read = Enumerable.Range(0, lanes).Select(_ => new List<int>()).ToArray();
            var (number, bytes) = (0, 0L);
            foreach (var batch in source.Enumerate(0))
            {
                using (batch)
                {
                    Assert.Equal(number++ > 0, batch.Continues);
                    Assert.All(batch.AttentionMask!.ToArray<bool>(), Assert.True);
                    var width = (int)batch.Values.Shape[1];
                    Assert.InRange(width, 1, tokens);
                    var (values, labels, positions) = (batch.Values.ToArray<long>(), batch.Labels.ToArray<long>(), batch.Positions!.ToArray<long>());
                    for (var row = 0; row < labels.Length; row++)
                    {
                        said[positions[row] / width].Add((int)labels[row]);
                        read[positions[row] / width].Add((int)values[positions[row]]);
                    }

                    Assert.Equal(batch.Rows, batch.RowsPerSample!.Sum());
                    bytes += batch.BytesPerSample!.Sum();
                }
            }

            Assert.Equal(source.BatchesPerEpoch, number);
            Assert.Equal(stream.Skip(1), said.SelectMany(lane => lane));
            Assert.Equal(stream.SkipLast(1), read.SelectMany(lane => lane));
            Assert.Equal(file.TextBytes - file.BytesBefore(1), bytes);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Lanes_begin_at_any_batch_and_are_the_same_each_epoch(int prefetch)
    {
        using var file = File([[.. Enumerable.Range(2, 60)], [.. Enumerable.Range(5, 40)]]);
        var source = new ContiguousBatchSource(file, new ContiguousOptions { Lanes = 4, Tokens = 5, Prefetch = prefetch });
        var whole = Ids(source.Enumerate(0));
        Assert.Equal(whole.SelectMany(ids => ids).Distinct().Count(), whole.Sum(ids => ids.Length));
        for (var from = 0; from <= source.BatchesPerEpoch; from++) Assert.Equal(whole.Skip(from), Ids(source.Enumerate(3, from)));
        Assert.Contains("too few for 200 lanes", Assert.Throws<DecantException>(() => new ContiguousBatchSource(file, new ContiguousOptions { Lanes = 200, Tokens = 5 })).Message);
    }

    [Fact]
    public void Wikitext_keeps_its_published_count_in_a_file_in_sequences_and_in_lanes()
    {
        using var lines = new TextSourceOptions { Files = [TestData.Need("wikitext-2/test.txt")], Documents = DocumentCut.Line, Empty = EmptyDocuments.Keep }.Open();
        var words = new Dictionary<string, int>();
        var tokenizer = MadeUpTokenizer.Make(40_000, encode: text =>
        {
            lock (words) return [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => words.TryGetValue(word, out var id) ? id : words[word] = words.Count + 2)];
        });
        var file = TokenFile.OpenOrBuild(lines, tokenizer, End, _folder.Path);
        Assert.Equal(245_569, file.Count);
        Assert.Equal(7_017, new ContiguousBatchSource(file, new ContiguousOptions { Lanes = 1, Tokens = 35 }).BatchesPerEpoch);
        using var data = PackedSequences.Open(file, new PackedOptions { Tokens = 70 });
        Assert.Equal(245_568, Enumerable.Range(0, data.Count).Sum(i => Content(data, i).Ids.Length - 1));
    }

    private static CausalCollator Causal(int maxTokens) => new(MadeUpTokenizer.Make(Vocabulary), maxTokens, End);

    /// <summary>Documents that are so many tokens at least with the one at the end of each.</summary>
    private static Arbitrary<int[][]> Documents(int least = 1) =>
        Gen.Choose(2, Vocabulary - 1).ArrayOf().ArrayOf().Where(documents => documents.Sum(document => document.Length + 1) >= least).ToArbitrary();

    private static string[] Text(int[][] documents) => [.. documents.Select(document => string.Join(' ', document))];

    private static TokenContent Content(Dataset data, int index) => Assert.IsType<TokenContent>(data[index].Content);

    private static List<(int Input, int Label)> Predicted(Dataset data, int tokens)
    {
        using var batch = Causal(tokens).Collate([.. Enumerable.Range(0, data.Count).Select(i => data[i])], 0, 0);
        var (values, labels) = (batch.Values.ToArray<long>(), batch.Labels.ToArray<long>());
        return [.. batch.Positions!.ToArray<long>().Select((position, row) => ((int)values[position], (int)labels[row]))];
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

    private Dataset Open(PackedOptions options, params string[] texts)
    {
        using var data = Dataset.From("texts", texts.Select(text => ((SampleContent)new TextContent(text), (string?)null)));
        var file = TokenFile.OpenOrBuild(data, MadeUpTokenizer.Make(Vocabulary), End, _folder.Path);
        return PackedSequences.Open(file, options);
    }

    private TokenFile File(int[][] documents)
    {
        using var data = Dataset.From("texts", Text(documents).Select(text => ((SampleContent)new TextContent(text), (string?)null)));
        return TokenFile.OpenOrBuild(data, MadeUpTokenizer.Make(Vocabulary), End, _folder.Path);
    }
}
