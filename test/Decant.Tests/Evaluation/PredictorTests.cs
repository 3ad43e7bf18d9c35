using System.Text.Json;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Evaluation.Embeddings;
using Decant.Evaluation.Language;
using Decant.Evaluation.Prediction;
using Decant.Evaluation.Regression;
using Decant.Evaluation.Tokens;
using Decant.Models;
using Decant.Models.Configuration;
using Decant.Models.Mlp;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Tests.Evaluation;

/// <summary>Models are asked batch by batch, whatever the task.</summary>
public sealed class PredictorTests
{
    private static readonly JsonElement Golden = CorrelationTests.Golden.GetProperty("language");

    [Theory]
    [InlineData(1 << 20)] // whole batches
    [InlineData(11)]      // one row at a time
    [InlineData(35)]      // three, and a rest
    public void A_language_models_figures_are_those_of_the_reference_however_its_rows_are_cut(long chunk)
    {
        using var student = new TinyLanguageModel(Golden, "states", "weight");
        using var teacher = new TinyLanguageModel(Golden, "teacherStates", "teacherWeight");

        var evaluation = new LanguageReader(student, teacher, _ => 7, partElements: chunk).ReadAll(new Texts(Golden, 5, 8), default).Evaluate();

        Assert.Equal(Golden.GetProperty("nll").GetDouble(), evaluation.Metrics["nll"], 1e-6);
        Assert.Equal(1, evaluation.Metrics["perplexity"] / Golden.GetProperty("perplexity").GetDouble(), 1e-6);
        Assert.Equal(Golden.GetProperty("hits").GetInt32() / 13.0, evaluation.Metrics["token-accuracy"], 1e-12);
        Assert.Equal(13 * Golden.GetProperty("nll").GetDouble() / Math.Log(2) / 14, evaluation.Metrics["bits-per-byte"], 1e-6);
        Assert.Equal(Golden.GetProperty("kl").GetDouble(), evaluation.Agreement!.MeanKl, 1e-5);
        Assert.Equal(Golden.GetProperty("same").GetInt32() / 13.0, evaluation.Agreement.SameAnswer, 1e-12);
        Assert.False(student.IsTraining || teacher.IsTraining);
    }

    [Fact]
    public void Rows_without_a_label_count_for_nothing()
    {
        using var model = new TinyLanguageModel(Golden, "states", "weight");
        var source = new Texts(Golden, 5, 8) { Unlabelled = [0, 12] };

        var answers = (LanguageAnswers)Predictor.Ask(model, source, new EvaluationTask { Task = ModelTask.CausalLanguageModel });

        Assert.Equal([4L, 7L], answers.Samples.Select(s => s.Rows));
        Assert.Equal("nll", answers.Headline.Name);
        Assert.Null(answers.Evaluate().Agreement);
    }

    [Fact]
    public void A_text_in_several_batches_is_one_sample()
    {
        using var model = new TinyLanguageModel(Golden, "states", "weight");

        var answers = (LanguageAnswers)Predictor.Ask(model, new Texts(Golden, 5, 8) { Ids = [4, 4] }, new EvaluationTask { Task = ModelTask.MaskedLanguageModel });

        Assert.Equal(13, Assert.Single(answers.Samples).Rows);
        Assert.Equal(Golden.GetProperty("nll").GetDouble(), answers.Nll, 1e-6);
    }

    [Fact]
    public void A_token_outside_of_the_vocabulary_is_told()
    {
        using var model = new TinyLanguageModel(Golden, "states", "weight");
        var fault = Assert.Throws<DecantException>(() => Predictor.Ask(model, new Texts(Golden, 5, 8) { FirstLabel = 11 }, new EvaluationTask { Task = ModelTask.CausalLanguageModel }));
        Assert.Contains("asks for token 11; the model's vocabulary is 0 to 10", fault.Message);
    }

    [Fact]
    public void Words_are_gathered_by_sentence_in_the_order_of_the_ids()
    {
        using var model = new TinyLanguageModel(Golden, "states", "weight") { MakesAll = true };
        string[] tags = [.. Enumerable.Range(0, 11).Select(i => i == 0 ? "O" : $"B-{i}")];

        var answers = (TokenAnswers)Predictor.Ask(model, new Texts(Golden, 5, 8) { Ids = [9, 2], Unlabelled = [1] }, new EvaluationTask { Task = ModelTask.TokenClassification, Classes = tags });

        Assert.Equal([2UL, 9UL], answers.SampleIds);
        Assert.Equal([8, 4], answers.WordsPerSample);
        var labels = Golden.GetProperty("labels").Deserialize<int[]>()!;
        Assert.Equal([.. labels[5..], labels[0], .. labels[2..5]], answers.Words.Labels);
    }

    [Fact]
    public void Numbers_and_vectors_are_gathered_and_pairs_have_their_cosine()
    {
        using var generator = new Generator(1);
        using var model = ModelFamilies.All.Single(f => f.Kind == "mlp").Create(new MlpOptions { Hidden = [4] }, new ModelContext { Classes = 2, SampleShape = [3] }, generator);
        var source = new Vectors();

        var numbers = (RegressionAnswers)Predictor.Ask(model, source, new EvaluationTask { Task = ModelTask.Regression, Correlation = CorrelationKind.Spearman });
        var places = (EmbeddingAnswers)Predictor.Ask(model, source with { Pairs = true }, new EvaluationTask { Task = ModelTask.Embedding }, model);

        Assert.Equal([1UL, 2UL, 4UL], numbers.SampleIds); // the one without targets is left out
        Assert.Equal("spearman", numbers.Headline.Name);
        Assert.Equal(1, places.Metrics()["teacher-cosine"], 1e-6);
        Assert.Equal((2, true, "spearman"), (places.Count, places.HasScores, places.Headline.Name));


    }

    /// <summary>A model that looks its states up by the token and never makes all logits at once.</summary>
    private sealed class TinyLanguageModel : ChunkedHeadModel
    {
        private readonly Tensor _states;
        private readonly Tensor _weight;

        public TinyLanguageModel(JsonElement golden, string states, string weight)
        {
            var hidden = golden.GetProperty("hidden").GetInt32();
            using var suspended = TensorScope.Suspend();
            _states = Tensor.From(CorrelationTests.Floats(golden, states), 13, hidden);
            _weight = Tensor.From(CorrelationTests.Floats(golden, weight), 11, hidden);
        }

        public bool MakesAll { get; init; }

        public override OutputHead Head => new(_weight);

        public override string Kind => "tiny";

        public override Tensor States(ModelInput input) => At(_states.IndexSelect(0, input.Values.Reshape(-1)).Unsqueeze(0), input.Positions);

        public override Tensor Forward(ModelInput input) => MakesAll ? base.Forward(input) : throw new InvalidOperationException("All logits at once.");

        public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) => 0;

        protected override void Dispose(bool disposing)
        {
            _states.Dispose();
            _weight.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>Two batches of one text each; the tokens are the rows of the golden states.</summary>
    private sealed record Texts(JsonElement Golden, int First, int Second) : IBatchSource
    {
        public ulong[] Ids { get; init; } = [1, 2];

        public int[] Unlabelled { get; init; } = [];

        public long? FirstLabel { get; init; }

        public int BatchesPerEpoch => 2;

        public IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default)
        {
            var labels = Golden.GetProperty("labels").Deserialize<long[]>()!;
            foreach (var row in Unlabelled)
                labels[row] = Batch.NoLabel;
            labels[0] = FirstLabel ?? labels[0];
            yield return One(Ids[0], labels, 0, First);
            yield return One(Ids[1], labels, First, Second);
        }

        private static Batch One(ulong id, long[] labels, int start, int count) => new(
            Tensor.From([.. Enumerable.Range(start, count).Select(i => (long)i)], 1, count),
            Tensor.From(labels[start..(start + count)], count),
            count,
            [new SampleId(id)],
            positions: Tensor.Arange(0, count))
        { RowsPerSample = [count] };
    }

    /// <summary>Four samples of two targets, or two pairs.</summary>
    private sealed record Vectors : IBatchSource
    {
        public bool Pairs { get; init; }

        public int BatchesPerEpoch => 1;

        public IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default)
        {
            var values = Tensor.From([1f, 2, 3, 0, 1, 0, -1, 2, 1, 4, 0, -2], 4, 3);
            yield return Pairs
                ? new Batch(values, Tensor.From([3f, 3, 1, 1], 4, 1), 4, [new SampleId(4), new SampleId(1)]) { RowsPerSample = [2, 2] }
                : new Batch(values, Tensor.From([1f, 2, float.NaN, float.NaN, 0, float.NaN, 2, 1], 4, 2), 3, [new SampleId(4), new SampleId(3), new SampleId(2), new SampleId(1)]);
        }
    }
}
