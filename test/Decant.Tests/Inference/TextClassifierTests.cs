using Decant.Inference;

namespace Decant.Tests.Inference;

public sealed class TextClassifierTests : IDisposable
{
    private static readonly string[] s_texts = ["a good film", "bad", "a masterpiece from the first minute to the last, and what a waste of time", "dogs and cats", "the plot is good, the acting is bad"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_probabilities_are_those_of_the_logits_computed_by_hand()
    {
        using var classifier = TextClassifier.Load(ModelFolders.Classifier(_folder));
        foreach (var text in s_texts)
        {
            var answer = classifier.Classify(text);
            var expected = Expected(text);
            Assert.Equal(expected.Length, answer.Probabilities.Count);
            for (var c = 0; c < expected.Length; c++)
                Assert.Equal(expected[c], answer.Probabilities[c], 1e-6);
            var best = Array.IndexOf(expected, expected.Max());
            Assert.Equal(classifier.Labels[best], answer.Label);
            Assert.Equal(answer.Probabilities[best], answer.Probability);
            Assert.False(answer.IsTruncated);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(32)]
    public void Texts_together_have_the_answers_of_each_alone_in_their_order(int batch)
    {
        using var classifier = TextClassifier.Load(ModelFolders.Classifier(_folder), new() { BatchSize = batch });
        var together = classifier.Classify(s_texts);
        Assert.Equal(s_texts.Length, together.Count);
        foreach (var (text, answer) in s_texts.Zip(together))
        {
            Assert.Equal(classifier.Classify(text).Label, answer.Label);
            foreach (var (expected, came) in Expected(text).Zip(answer.Probabilities))
                Assert.Equal(expected, came, 1e-6);
        }
    }

    [Fact]
    public void A_text_that_is_cut_says_so_and_has_the_answer_of_its_beginning()
    {
        using var classifier = TextClassifier.Load(ModelFolders.Classifier(_folder, maxTokens: 6));
        Assert.Equal(6, classifier.MaxTokens);
        var answer = classifier.Classify(s_texts[2]);
        Assert.True(answer.IsTruncated);
        var cut = ModelFolders.WordPieces.EncodeForModel(s_texts[2], null, 6).Ids;
        Assert.Equal(Softmax(ModelFolders.MeanLogits(cut, ModelFolders.WordPieces.VocabularySize, 3))[0], answer.Probabilities[0], 1e-6);
        Assert.False(classifier.Classify("bad").IsTruncated);
        Assert.True(classifier.Classify(["bad", s_texts[2]])[1].IsTruncated);
    }

    [Fact]
    public void Many_threads_have_the_answers_of_one()
    {
        using var classifier = TextClassifier.Load(ModelFolders.Classifier(_folder));
        var alone = s_texts.Select(text => classifier.Classify(text).Probabilities.ToArray()).ToArray();
        Parallel.For(0, 2_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => Assert.Equal(alone[i % alone.Length], classifier.Classify(s_texts[i % alone.Length]).Probabilities));
    }

    [Fact]
    public void What_runs_comes_to_its_end_when_the_model_is_disposed_of_and_nothing_runs_after()
    {
        var classifier = TextClassifier.Load(ModelFolders.Classifier(_folder));
        var answered = 0;
        var workers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            while (true)
            {
                classifier.Classify("a good film");
                Interlocked.Increment(ref answered);
            }
        })).ToArray();
        SpinWait.SpinUntil(() => Volatile.Read(ref answered) > 100, TimeSpan.FromSeconds(10));
        classifier.Dispose();
        classifier.Dispose();
        Assert.All(workers, worker => Assert.IsType<ObjectDisposedException>(Assert.Throws<AggregateException>(() => worker.Wait(TimeSpan.FromSeconds(10))).InnerException));
        Assert.Throws<ObjectDisposedException>(() => classifier.Classify("a good film"));
    }

    [Fact]
    public void A_text_without_letters_that_the_tokenizer_knows_is_answered()
    {
        using var classifier = TextClassifier.Load(ModelFolders.Classifier(_folder));
        Assert.Equal(1, classifier.Classify("\u65e5\u672c").Probabilities.Sum(), 1e-5);
    }

    [Fact]
    public void Blank_texts_are_refused_by_their_number()
    {
        using var classifier = TextClassifier.Load(ModelFolders.Classifier(_folder));
        Assert.Contains("Text 2", Assert.Throws<DecantException>(() => classifier.Classify(["bad", "  "])).Message);
        Assert.Throws<DecantException>(() => classifier.Classify(""));
        Assert.Empty(classifier.Classify([]));
    }

    [Fact]
    public void A_cancelled_batch_stops()
    {
        using var classifier = TextClassifier.Load(ModelFolders.Classifier(_folder));
        Assert.Throws<OperationCanceledException>(() => classifier.Classify(s_texts, new CancellationToken(canceled: true)));
    }

    private static double[] Expected(string text) =>
        Softmax(ModelFolders.MeanLogits(ModelFolders.WordPieces.EncodeForModel(text, null, 512).Ids, ModelFolders.WordPieces.VocabularySize, 3));

    private static double[] Softmax(double[] logits)
    {
        var weights = logits.Select(Math.Exp).ToArray();
        return [.. weights.Select(w => w / weights.Sum())];
    }
}
