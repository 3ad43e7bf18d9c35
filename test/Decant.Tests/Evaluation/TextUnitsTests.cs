using Decant.Data;
using Decant.Data.Batching;
using Decant.Data.Tokens;
using Decant.Evaluation;
using Decant.Evaluation.Language;
using Decant.Evaluation.Prediction;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Tests.Data;
using Decant.Torch;

namespace Decant.Tests.Evaluation;

/// <summary>Of running text every token is summed with those of its document, or of its block, whatever windows it was read in.</summary>
public sealed class TextUnitsTests : IDisposable
{
    private const int End = 1;
    private const int Vocabulary = 20;

    private readonly TemporaryFolder _folder = new();
    private readonly float[] _states = Floats(1);
    private readonly float[] _weight = Floats(2);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(200)] // longer than the text: one window
    public void Windows_that_cross_documents_are_summed_by_document(int tokens)
    {
        var file = File(Documents(12));
        using var data = PackedSequences.Open(file, new PackedOptions { Tokens = tokens });
        var batches = new BatchSource(data.WithOwnLabels(), new CausalCollator(MadeUpTokenizer.Make(Vocabulary), tokens, End), new BatchOptions { Size = 4, Shuffle = false });

        SumsAreThoseOf(file, Ask(batches, new TextUnits(file, tokens)), "document");
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(4, 3)]
    public void Lanes_are_summed_by_document(int lanes, int tokens)
    {
        using var file = File(Documents(12));
        var batches = new ContiguousBatchSource(file, new ContiguousOptions { Lanes = lanes, Tokens = tokens, Prefetch = 0 });

        SumsAreThoseOf(file, Ask(batches, new TextUnits(file, tokens)), "document");
    }

    [Fact]
    public void Documents_kept_apart_lack_their_first_token_and_its_bytes()
    {
        var file = File(Documents(12));
        using var data = PackedSequences.Open(file, new PackedOptions { Tokens = 6, DocumentsApart = true });
        var batches = new BatchSource(data.WithOwnLabels(), new CausalCollator(MadeUpTokenizer.Make(Vocabulary), 6, End), new BatchOptions { Size = 4, Shuffle = false });

        var answers = Ask(batches, new TextUnits(file, 6));

        Assert.Equal(Enumerable.Range(0, 12).Select(d => file.StartOf(d + 1) - file.StartOf(d) - 1), answers.Units.Select(u => u.Rows));
        Assert.Equal(answers.Samples.Sum(s => s.Bytes), answers.Units.Sum(u => u.Bytes));
    }

    [Fact]
    public void A_text_of_few_documents_is_drawn_in_blocks()
    {
        using var file = File(Documents(TextUnits.FewestDocuments - 1, 30));
        var units = new TextUnits(file, 2);
        var windows = (file.Count + 1) / 2;
        var block = 2 * (long)Math.Ceiling(2 * Math.Cbrt(windows));

        Assert.Equal("block", units.Name);
        Assert.Equal((0, 0, 1), (units.Of(0), units.Of(block - 1), units.Of(block)));
        var answers = Ask(new ContiguousBatchSource(file, new ContiguousOptions { Lanes = 3, Tokens = 2, Prefetch = 0 }), units);
        Assert.Equal(((file.Count + block - 1) / block, "block"), (answers.Units.Count, answers.Unit));
        Assert.Equal("block", PairedDifference.Of([answers], [answers]).Unit);
    }

    [Fact]
    public void Even_a_short_text_has_two_blocks()
    {
        using var file = File([[2, 3, 4, 5, 6]]);
        var units = new TextUnits(file, 64);
        Assert.Equal([0, 0, 0, 1, 1, 1], Enumerable.Range(0, 6).Select(t => units.Of(t)));
    }

    [Fact]
    public void Scores_are_the_influence_of_the_documents_on_the_ratio_of_their_sums()
    {
        // Two documents: 6 bits over 2 bytes and 2 bits over 6 bytes, 1 bit per byte in all. Influence of the first: (6 − 1·2) ÷ 4 = 1, of the second −1.
        LanguageSample Sample(ulong id, double bits, long bytes) => new(id, 1, bits * Math.Log(2), 0, bytes);
        var answers = new LanguageAnswers([Sample(7, 4, 1), Sample(8, 2, 1), Sample(9, 2, 6)], [Sample(0, 6, 2) with { Rows = 2 }, Sample(1, 2, 6)], "document");

        Assert.Equal([2, 0], answers.Scores().Select(s => Math.Round(s, 12)));
        Assert.Equal(3, answers.Evaluate().Samples);
        Assert.Contains("the windows have 3 and the documents 1", Assert.Throws<DecantException>(() => new LanguageAnswers(answers.Samples, [Sample(0, 6, 2)], "document")).Message);
        Assert.Contains("3 samples against 2 documents", Assert.Throws<DecantException>(() => PairedDifference.Of([new LanguageAnswers(answers.Samples)], [answers])).Message);
    }

    [Fact]
    public void Batches_that_do_not_say_where_they_stand_are_refused()
    {
        using var file = File(Documents(12));
        using var texts = Dataset.From("texts", [((SampleContent)new TextContent("3 4 5"), (string?)null)]);
        var batches = new BatchSource(texts.WithOwnLabels(), new CausalCollator(MadeUpTokenizer.Make(Vocabulary), 8, End), new BatchOptions { Size = 1, Shuffle = false });
        Assert.Contains("does not say where in it they stand", Assert.Throws<DecantException>(() => Ask(batches, new TextUnits(file, 8))).Message);
    }

    private LanguageAnswers Ask(IBatchSource batches, TextUnits units)
    {
        using var model = new Bigrams(_states, _weight);
        return (LanguageAnswers)Predictor.Ask(model, batches, new EvaluationTask { Task = ModelTask.CausalLanguageModel, Units = units });
    }

    /// <summary>Token by token, in plain arithmetic.</summary>
    private void SumsAreThoseOf(TokenFile file, LanguageAnswers answers, string unit)
    {
        var ids = new int[file.Count];
        file.Read(0, ids);
        var (rows, nll, bytes) = (new long[file.Documents], new double[file.Documents], new long[file.Documents]);
        for (var p = 1; p < ids.Length; p++)
        {
            var d = Enumerable.Range(0, (int)file.Documents).Last(k => file.StartOf(k) <= p);
            var logits = Enumerable.Range(0, Vocabulary).Select(v => Enumerable.Range(0, Vocabulary).Sum(h => (double)_states[ids[p - 1] * Vocabulary + h] * _weight[v * Vocabulary + h])).ToArray();
            rows[d]++;
            nll[d] += Math.Log(logits.Sum(Math.Exp)) - logits[ids[p]];
            bytes[d] += file.BytesBefore(p + 1) - file.BytesBefore(p);
        }

        Assert.Equal(unit, answers.Unit);
        Assert.Equal(rows, answers.Units.Select(u => u.Rows));
        Assert.Equal(bytes, answers.Units.Select(u => u.Bytes!.Value));
        foreach (var (expected, actual) in nll.Zip(answers.Units))
            Assert.Equal(expected, actual.NllSum, 1e-4);
        Assert.Equal(answers.Samples.Sum(s => s.NllSum), answers.Units.Sum(u => u.NllSum), 1e-6);
        Assert.Equal(answers.Metrics()["bits-per-byte"], answers.Scores().Average(), 1e-9);
    }

    private static int[][] Documents(int count, int most = 9)
    {
        var random = new SplitMix64(3);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, 1 + random.Below(most)).Select(_ => 2 + random.Below(Vocabulary - 2)).ToArray())];
    }

    private TokenFile File(int[][] documents)
    {
        using var data = Dataset.From("texts", documents.Select(d => ((SampleContent)new TextContent(string.Join(' ', d)), (string?)null)));
        return TokenFile.OpenOrBuild(data, MadeUpTokenizer.Make(Vocabulary), End, _folder.Path);
    }

    private static float[] Floats(ulong seed)
    {
        var random = new SplitMix64(seed);
        return [.. Enumerable.Range(0, Vocabulary * Vocabulary).Select(_ => (float)random.Normal() / 3)];
    }

    /// <summary>The next token by the one before it alone.</summary>
    private sealed class Bigrams : ChunkedHeadModel
    {
        private readonly Tensor _states;
        private readonly Tensor _weight;

        public Bigrams(float[] states, float[] weight)
        {
            using var suspended = TensorScope.Suspend();
            (_states, _weight) = (Tensor.From(states, Vocabulary, Vocabulary), Tensor.From(weight, Vocabulary, Vocabulary));
        }

        public override OutputHead Head => new(_weight);

        public override string Kind => "bigrams";

        public override Tensor States(ModelInput input) =>
            At(_states.IndexSelect(0, input.Values.Reshape(-1)).Reshape(input.Values.Size(0), input.Values.Size(1), Vocabulary), input.Positions);

        public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) => 0;

        protected override void Dispose(bool disposing)
        {
            _states.Dispose();
            _weight.Dispose();
            base.Dispose(disposing);
        }
    }
}
