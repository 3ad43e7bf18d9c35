using System.Globalization;
using System.Text;
using System.Text.Json;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Evaluation;
using Decant.Export;
using Decant.Models.Bert;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Runs;
using Decant.Runs.Comparing;
using Decant.Runs.Jobs;
using Decant.Runs.Preparing;
using Decant.Runs.Reports.Record;
using Decant.Signals;
using Decant.Teachers.Answers;
using Decant.Text;
using Decant.Text.Files;
using Decant.Text.Training;
using Decant.Torch;

namespace Decant.Tests.Runs;

/// <summary>Pairs of texts in an embedding: two vectors, a cosine and a score.</summary>
public sealed class EmbeddingPairTests : IDisposable
{
    private readonly Workplace _work = new();

    public EmbeddingPairTests()
    {
        _work.Write("pairs.csv", Pairs(40, 1));
        _work.Write("test-pairs.csv", Pairs(30, 2));
        var tokenizer = new WordPieceOptions { Vocabulary = 120 }.Train(Pairs(60, 3).Split('\n'));
        using var generator = new Generator(4);
        var config = new BertConfig
        {
            Task = ModelTask.Embedding,
            VocabSize = tokenizer.VocabularySize,
            PadTokenId = tokenizer.Special.Filler,
            HiddenSize = 16,
            NumHiddenLayers = 2,
            NumAttentionHeads = 2,
            IntermediateSize = 32,
            MaxPositionEmbeddings = 16,
            InitializerRange = 0.3,
        };
        using var embedder = config.Build(generator);
        ModelFolder.Save(_work.At("embedder"), embedder);
        TokenizerFile.Save(tokenizer, _work.At("embedder"), 16);
        _work.Write("a.yaml", Recipe);
    }

    private const string Recipe = """
        name: pairs
        task: embedding
        seed: 3
        threads: 1
        data:
          train: { kind: csv, file: pairs.csv, pair: other, target: [score] }
          test: { kind: csv, file: test-pairs.csv, pair: other, target: [score] }
          split: { validation: 10 }
        input: { kind: text, max-tokens: 16 }
        teacher: { load: embedder }
        student: { from-teacher: { layers: 1 } }
        distill:
          epochs: 2
          batch: 8
          optimizer: { kind: adamw, learning-rate: 1e-3 }
          objectives: [{ kind: cosine }]
        evaluate: { bootstrap: 100, latency-runs: 3 }
        """;

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("lstm, embedding: 8, hidden: 8", "{ kind: cosine }", 16)]
    [InlineData("textcnn, embedding: 8, filters: 8, dimensions: 6", "{ kind: vectors, start: pca }", 6)]
    [InlineData("encoder, layers: 1, hidden: 8, heads: 2", "{ kind: similarity-matrix, representation: logits }", 8)]
    public void A_student_of_another_kind_makes_vectors_of_its_teachers_width_or_its_own(string network, string objective, int width)
    {
        _work.Write("own.yaml", Recipe.Replace("from-teacher: { layers: 1 }", $"model: {{ kind: {network} }}", StringComparison.Ordinal).Replace("{ kind: cosine }", objective, StringComparison.Ordinal));
        var run = _work.Distill("own.yaml", "own");
        using var student = ModelFolder.Load(Path.Combine(run, "student"));
        Assert.Equal(width, student.Classes);
        Assert.Equal(width, Vector(student, TokenizerFile.Load(Path.Combine(run, "student")), "the cat").Length);
    }

    [Fact]
    public void A_student_may_read_with_a_tokenizer_of_its_own_and_its_teacher_goes_on_reading_with_its()
    {
        const string Lstm = "model: { kind: lstm, embedding: 8, hidden: 8 }";
        _work.Write("shared.yaml", Recipe.Replace("from-teacher: { layers: 1 }", Lstm, StringComparison.Ordinal));
        _work.Write("own.yaml", Recipe.Replace("from-teacher: { layers: 1 }", Lstm, StringComparison.Ordinal)
            .Replace("max-tokens: 16 }", "max-tokens: 16, tokenizer: { kind: wordpiece, vocabulary: 300 } }", StringComparison.Ordinal));
        var (first, second) = (_work.Distill("shared.yaml", "first"), _work.Distill("own.yaml", "second"));
        Assert.NotEqual(TokenizerFile.Load(_work.At("embedder")).Hash, TokenizerFile.Load(Path.Combine(second, "student")).Hash);
        Assert.Equal(TokenizerFile.Load(_work.At("embedder")).Hash, TokenizerFile.Load(Path.Combine(second, "teacher")).Hash);
        Assert.Equal(Of(first, "teacher"), Of(second, "teacher"));
        Assert.NotEqual(Of(first, "student"), Of(second, "student"));
        double Of(string run, string arm) => Workplace.Record(run).Events.OfType<Evaluated>().Single(e => e.Arm == arm && e.Split == "test").Metrics["spearman"];
    }

    [Theory]
    [InlineData("from-teacher: { layers: 1 }", "{ kind: cosine }", "A student that is a part of its teacher reads with the teacher's tokenizer")]
    [InlineData("model: { kind: encoder, layers: 1, hidden: 16, heads: 2 }", "{ kind: cosine }, { kind: hidden-states }", "An objective compares inner values of the tokens")]
    public void What_needs_one_tokenizer_for_both_is_told_before_anything_is_trained(string student, string objectives, string expected)
    {
        _work.Write("own.yaml", Recipe.Replace("from-teacher: { layers: 1 }", student, StringComparison.Ordinal).Replace("{ kind: cosine }", objectives, StringComparison.Ordinal)
            .Replace("max-tokens: 16 }", $"max-tokens: 16, tokenizer: {{ kind: wordpiece, vocabulary: 300 }} }}", StringComparison.Ordinal));
        Assert.Contains(expected, _work.Decant("distill", _work.At("own.yaml"), "--out", _work.At("out")).Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(", dimensions: 6", "", "the student's have 6 numbers where the teacher's have 16")]
    [InlineData("", ", tokenizer: { kind: wordpiece, vocabulary: 300 }", "this teacher reads with a tokenizer of its own")]
    public void Without_scores_vectors_that_cannot_be_measured_are_told_before_anything_is_trained(string network, string input, string expected)
    {
        _work.Write("bare.yaml", Recipe.Replace("from-teacher: { layers: 1 }", $"model: {{ kind: lstm, embedding: 8, hidden: 8{network} }}", StringComparison.Ordinal)
            .Replace("target: [score]", "label: null", StringComparison.Ordinal).Replace("{ kind: cosine }", "{ kind: vectors }", StringComparison.Ordinal)
            .Replace("max-tokens: 16 }", $"max-tokens: 16{input} }}", StringComparison.Ordinal).Replace("seed: 3", "seed: 3\ncontrol: false", StringComparison.Ordinal));
        Assert.Contains(expected, _work.Decant("check", _work.At("bare.yaml")).Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_teachers_vectors_stand_side_by_side_and_their_cosine_is_the_mean_of_both()
    {
        using (var generator = new Generator(9))
        using (var narrow = (((BertConfig)ModelFolder.ReadConfig(_work.At("embedder"))) with { HiddenSize = 8, IntermediateSize = 16 }).Build(generator))
            ModelFolder.Save(_work.At("second"), narrow);
        TokenizerFile.Save(TokenizerFile.Load(_work.At("embedder")), _work.At("second"), 16);
        _work.Write("two.yaml", Recipe.Replace("teacher: { load: embedder }", "teachers: [{ name: wide, load: embedder }, { name: narrow, load: second, weight: 3 }]", StringComparison.Ordinal)
            .Replace("from-teacher: { layers: 1 }", "model: { kind: lstm, embedding: 8, hidden: 8 }", StringComparison.Ordinal));
        var run = _work.Distill("two.yaml", "two");
        using var student = ModelFolder.Load(Path.Combine(run, "student"));
        Assert.Equal(24, student.Classes);
        using var wide = ModelFolder.Load(_work.At("embedder"));
        using var second = ModelFolder.Load(_work.At("second"));
        var tokenizer = TokenizerFile.Load(_work.At("embedder"));
        var rows = File.ReadAllLines(_work.At("test-pairs.csv")).Skip(1).Select(l => l.Split(',')).ToArray();
        double[] cosines = [.. rows.Select(r => (0.25 * Cosine(Vector(wide, tokenizer, r[0]), Vector(wide, tokenizer, r[1]))) + (0.75 * Cosine(Vector(second, tokenizer, r[0]), Vector(second, tokenizer, r[1]))))];
        double[] scores = [.. rows.Select(r => double.Parse(r[2], CultureInfo.InvariantCulture))];
        var measured = Workplace.Record(run).Events.OfType<Evaluated>().Single(e => e.Arm == "teacher" && e.Split == "test").Metrics;
        Assert.Equal(Correlation.Pearson(cosines, scores), measured["pearson"], 1e-5);
    }

    [Fact]
    public void The_figure_is_the_correlation_of_scores_and_the_cosines_of_vectors_that_were_made_apart()
    {
        var run = _work.Distill("a.yaml", "run");
        foreach (var arm in new[] { "teacher", "student", "control" })
        {
            var folder = Path.Combine(run, arm);
            using var model = ModelFolder.Load(folder);
            var tokenizer = TokenizerFile.Load(folder);
            var rows = File.ReadAllLines(_work.At("test-pairs.csv")).Skip(1).Select(l => l.Split(',')).ToArray();
            double[] cosines = [.. rows.Select(r => Cosine(Vector(model, tokenizer, r[0]), Vector(model, tokenizer, r[1])))];
            double[] scores = [.. rows.Select(r => double.Parse(r[2], CultureInfo.InvariantCulture))];
            var measured = Workplace.Record(run).Events.OfType<Evaluated>().Single(e => e.Arm == arm && e.Split == "test").Metrics;
            Assert.Equal(Correlation.Spearman(cosines, scores), measured["spearman"], 1e-6);
            Assert.Equal(Correlation.Pearson(cosines, scores), measured["pearson"], 1e-5);
        }

        using var summary = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(run, "summary.json")));
        Assert.Equal("spearman", summary.RootElement.GetProperty("verdict").GetProperty("metric").GetString());
        var evaluated = new EvaluateJob(Catalog.Standard).Run([_work.At("embedder")], _work.Recipe("a.yaml")).Models.Single().Metrics["spearman"].Mean;
        Assert.Equal(Workplace.Record(run).Events.OfType<Evaluated>().Single(e => e.Arm == "teacher").Metrics["spearman"], evaluated, 1e-9);
    }

    [Fact]
    public void The_student_learns_from_its_teacher_and_the_control_from_the_scores()
    {
        var record = Workplace.Record(_work.Distill("a.yaml", "run"));
        var arms = record.Events.OfType<ArmStarted>().ToDictionary(a => a.Arm);
        Assert.Equal("1 · cosine", arms["student"].Objectives);
        Assert.Equal("1 · pair-similarity", arms["control"].Objectives);
        Assert.Equal(arms["student"].Steps, arms["control"].Steps);
        Assert.All(record.Events.OfType<ArmFinished>(), a => Assert.Equal("spearman", a.MetricName)); // the validation pairs have scores
    }

    [Fact]
    public void A_control_is_not_judged_by_its_closeness_to_a_teacher_that_it_never_had()
    {
        var record = Workplace.Record(_work.Distill("a.yaml", "run", "--set", "distill.best-by=teacher-cosine"));
        var metrics = record.Events.OfType<ArmFinished>().ToDictionary(a => a.Arm, a => a.MetricName);
        Assert.Equal("teacher-cosine", metrics["student"]);
        Assert.Equal("spearman", metrics["control"]);
    }

    [Fact]
    public void Every_text_is_a_row_and_no_pair_is_joined()
    {
        using var data = DataPreparation.Prepare(Catalog.Standard, _work.Recipe("a.yaml"), default);
        using var batch = data.Collator.Collate([data.Train[0], data.Train[1]], 0, 0);
        var content = (TextContent)data.Train[0].Content;
        var length = data.Tokenizer!.EncodeForModel(content.Pair!, null, 16).Ids;
        Assert.Equal((2, 4, 4), (batch.Size, batch.Rows, batch.Inputs));
        Assert.Equal(length, batch.Values.Select(0, 1).ToArray<long>().Take(length.Length).Select(id => (int)id));
        Assert.Null(batch.TokenTypes);
        Assert.Equal(2L * data.Train.Count, data.RowsOf(data.Train));
    }

    [Fact]
    public void Remembered_answers_are_those_of_the_teacher_text_by_text()
    {
        using var data = DataPreparation.Prepare(Catalog.Standard, _work.Recipe("a.yaml"), default);
        using var model = ModelFolder.Load(_work.At("embedder"));
        using var teacher = data.Teacher(model);
        using var answers = CachedTeacherOutputs.Ask(teacher, data.All(data.Train, 7), data.Train.Count);
        Assert.Equal(data.Train.Count, answers.Count);
        using var scope = TensorScope.Open();
        using var batch = data.Collator.Collate([data.Train[5], data.Train[0], data.Train[17]], 0, 0);
        var (live, known) = (((DenseLogits)teacher.Answer(batch)).Logits, ((DenseLogits)answers.Answer(batch)).Logits);
        Assert.Equal([6, 16], known.Shape);
        Assert.All(live.ToArray<float>().Zip(known.ToArray<float>()), p => Assert.Equal(p.First, p.Second, 1e-4f));
        Assert.True(live.Select(0, 0).ToArray<float>().Zip(live.Select(0, 1).ToArray<float>()).Any(p => Math.Abs(p.First - p.Second) > 0.01f), "both texts of a pair have one vector");
    }

    [Fact]
    public void Relations_are_those_between_all_texts_of_a_batch()
    {
        var run = _work.Distill("a.yaml", "run", "--set", "distill.objectives=[{ kind: relation-distance, representation: logits }, { kind: pair-similarity, weight: 0.5 }]");
        Assert.Equal("1 · relation-distance + 0.5 · pair-similarity", Workplace.Record(run).Events.OfType<ArmStarted>().Single(a => a.Arm == "student").Objectives);
    }

    [Fact]
    public void The_latency_is_that_of_one_text()
    {
        using var data = DataPreparation.Prepare(Catalog.Standard, _work.Recipe("a.yaml"), default);
        _ = ((ITokenCollator)data.Collator).TokensOf(data.Test[0]); // remembered by its id, as two texts
        using var batch = data.Collator.Collate([OneText.Of(data.Test[0], data)], 0, 0);
        Assert.Equal(1, batch.Inputs);
    }

    [Fact]
    public void Without_scores_there_is_no_control_and_check_and_run_say_why()
    {
        string[] unscored = ["--set", "data.train={ kind: csv, file: pairs.csv, pair: other, label: null }"];
        var check = _work.Decant(["check", _work.At("a.yaml"), .. unscored]);
        Assert.True(check.Exit == 0, check.Error);
        Assert.Matches(@"control\s+none: the training samples of \S+pairs.csv have no scores of pairs", check.Out.ReplaceLineEndings(" ").Replace("  ", " ", StringComparison.Ordinal));
        var run = _work.Distill("a.yaml", "run", unscored);
        var record = Workplace.Record(run);
        Assert.DoesNotContain(record.Events.OfType<ArmStarted>(), a => a.Arm == "control");
        Assert.Contains(record.Events.OfType<RunNote>(), n => n.Text.Contains("There is no control: the training samples", StringComparison.Ordinal));
        Assert.Contains("spearman", record.Events.OfType<Evaluated>().Single(e => e.Arm == "student" && e.Split == "test").Metrics.Keys); // the test pairs have them
        Assert.Equal("teacher-cosine", record.Events.OfType<ArmFinished>().Single(a => a.Arm == "student").MetricName); // and the validation pairs do not
    }

    [Theory]
    [InlineData("data.train={ kind: csv, file: pairs.csv, target: [score] }", "'target' names the scores of pairs of texts, and the samples are no pairs")]
    [InlineData("data.train={ kind: csv, file: pairs.csv, pair: other, target: [score, again] }", "'target' names 2 columns (score, again); name one")]
    [InlineData("distill.objectives=[{ kind: cosine }, { kind: pair-similarity, lowest-score: 9 }]", "below the highest")]
    public void Scores_that_are_none_are_refused_before_anything_is_trained(string set, string said)
    {
        _work.Write("pairs.csv", Pairs(40, 1).Replace("\n", ",1\n", StringComparison.Ordinal).Replace("score,1\n", "score,again\n", StringComparison.Ordinal));
        var answer = _work.Decant("distill", _work.At("a.yaml"), "--quiet", "--out", _work.At("run"), "--set", set);
        Assert.NotEqual(0, answer.Exit);
        Assert.Contains(said, answer.Error);
        Assert.False(Directory.Exists(_work.At("run")));
    }

    [Fact]
    public void MiniLM_has_its_published_correlation_on_STS_B()
    {
        var source = $"{{ kind: tsv, file: {TestData.Need("sts-b/dev.tsv")}, text: sentence1, pair: sentence2, target: [score] }}";
        var recipe = _work.Recipe("a.yaml", $"data.train={source}", $"data.test={source}", "input.max-tokens=128", "evaluate.latency-runs=0", "threads=2");
        var spearman = new EvaluateJob(Catalog.Standard).Run([TestData.Need("checkpoints/minilm-l6-f16")], recipe).Models.Single().Metrics["spearman"].Mean;
        Assert.Equal(0.867, spearman, 5e-4);
    }

    private static float[] Vector(Model model, ITokenizer tokenizer, string text)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        long[] ids = [.. tokenizer.EncodeForModel(text, null, 16).Ids];
        return model.Forward(new ModelInput(Tensor.From(ids, 1, ids.Length), null, null, null, null, null)).ToArray<float>();
    }

    private static double Cosine(float[] a, float[] b) =>
        a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x));

    private static string Pairs(int count, int seed)
    {
        var random = new Random(seed);
        string[] words = ["kala", "mita", "soro", "nepa", "bundo", "grak", "wolt", "fimp", "tolu"];
        string Sentence() => string.Join(' ', Enumerable.Range(0, 2 + random.Next(5)).Select(_ => words[random.Next(words.Length)]));
        var text = new StringBuilder("text,other,score\n");
        for (var i = 0; i < count; i++)
        {
            var (first, second) = (Sentence(), Sentence());
            text.Append(CultureInfo.InvariantCulture, $"{first},{second},{first.Split(' ').Intersect(second.Split(' ')).Count() + (0.25 * random.Next(4))}\n");
        }

        return text.ToString();
    }
}
