using System.Globalization;
using System.Text;
using System.Text.Json;
using Decant.Data.Batching;
using Decant.Export;
using Decant.Models.Bert;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Reports.Record;
using Decant.Signals;
using Decant.Tests.Runs.Resuming;
using Decant.Text;

namespace Decant.Tests.Runs;

/// <summary>Every task through a tiny recipe of its own: it runs, measures what its task is measured by, and leaves models that load.</summary>
public sealed class TaskFlowTests : IDisposable
{
    private static readonly string[] s_arms = ["teacher", "student", "control"];
    private readonly Workplace _work = new();
    private readonly string? _cache = Environment.GetEnvironmentVariable("DECANT_CACHE");

    public TaskFlowTests()
    {
        Environment.SetEnvironmentVariable("DECANT_CACHE", _work.At("cache")); // token files
        _work.Write("train.txt", string.Join('\n', Sentences(60, 1)) + "\n");
        _work.Write("test.txt", string.Join('\n', Sentences(20, 2)) + "\n");
        _work.Write("train.conll", Tagged(40, 1));
        _work.Write("test.conll", Tagged(20, 2));
        _work.Write("pairs.csv", Pairs(40, 1));
        _work.Write("pairs-test.csv", Pairs(20, 2));
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("DECANT_CACHE", _cache);
        _work.Dispose();
    }

    [Fact]
    public void A_causal_language_model()
    {
        _work.Write("a.yaml", Recipe("causal-lm", Text, "byte-bpe", "gpt2, layers: 2, hidden: 16, heads: 2", "gpt2, layers: 1, hidden: 8, heads: 2")
            .Replace("latency-runs: 0", "latency-runs: 0, prompts: [kala mita], continuation-tokens: 4", StringComparison.Ordinal));
        var run = _work.Distill("a.yaml", "run");
        Measured(run, ModelTask.CausalLanguageModel, s_arms, "bits-per-byte", "perplexity", "nll", "token-accuracy");
        Assert.True(Directory.Exists(_work.At("cache", "tokens")));
        Assert.Contains("kala mita", File.ReadAllText(Path.Combine(run, "report.html")));
        EndsTexts(run);
        Trains("a.yaml", run);
        Predicts(run, "kala mita", "perplexity");
    }

    [Fact]
    public void A_recurrent_language_model_that_carries_its_state_on()
    {
        _work.Write("a.yaml", Recipe("causal-lm", Text, "byte-bpe", "lstm-lm, hidden: 16, layers: 2", "lstm-lm, hidden: 8, layers: 1", "carry-state: true"));
        var run = _work.Distill("a.yaml", "run");
        Measured(run, ModelTask.CausalLanguageModel, s_arms, "bits-per-byte", "perplexity");
        EndsTexts(run);
        Trains("a.yaml", run);
        Predicts(run, "kala mita", "bits_per_byte");
    }

    [Fact]
    public void Answers_of_a_language_model_are_kept_as_logits_or_states_where_every_epoch_shows_the_same()
    {
        string Written(string task, string tokenizer, string kind, string input = "") => Recipe(task, Text, tokenizer, $"{kind}, hidden: 16", $"{kind}, hidden: 8", input);
        var (gpt, lstm) = (Written("causal-lm", "byte-bpe", "gpt2, layers: 1, heads: 2"), Written("causal-lm", "byte-bpe", "lstm-lm, layers: 1", "carry-state: true"));
        Assert.Equal((CachedOutputs.Logits, ""), Keeping(gpt, outputs: null, "distill.steps=100"));
        Assert.Equal((CachedOutputs.States, ""), Keeping(gpt, outputs: 1 << 24, "distill.steps=100"));
        Assert.Equal((CachedOutputs.None, "every sample is seen once"), Keeping(gpt, outputs: 1 << 24, "distill.steps=null", "distill.epochs=1"));
        Assert.Equal((CachedOutputs.None, "the training ends before it has seen every sample once"), Keeping(gpt, outputs: null));
        Assert.Equal((CachedOutputs.None, "its state is carried from batch to batch"), Keeping(lstm, outputs: null, "distill.steps=100"));
        Assert.Equal(
            (CachedOutputs.None, "other tokens are hidden in every epoch"),
            Keeping(Written("masked-lm", "wordpiece", "encoder, layers: 1, heads: 2", "mask: { probability: 0.3 }"), outputs: null, "distill.steps=100"));
    }

    private (CachedOutputs Kept, string WhyLive) Keeping(string written, int? outputs, params string[] sets)
    {
        _work.Write("kept.yaml", written);
        var recipe = _work.Recipe("kept.yaml", sets);
        using var data = DataPreparation.Prepare(Catalog.Standard, recipe, default);
        using var model = new RecipeArms(Catalog.Standard, recipe, data).NewTeacher(3);
        using var teacher = data.Teacher(model);
        return TeacherProvider.Keeping(recipe.Distill, recipe, data, outputs is { } many ? new Wide((IChunkedHeadTeacher)teacher, many) : teacher);
    }

    /// <summary>Says that it has a larger vocabulary than it has.</summary>
    private sealed class Wide(IChunkedHeadTeacher teacher, int outputs) : IChunkedHeadTeacher
    {
        public TeacherOffer Offer => teacher.Offer with { Outputs = outputs };

        public OutputHead? Head => teacher.Head;

        public ChunkedHeadLogits States(Batch batch, CancellationToken cancellationToken = default) => teacher.States(batch, cancellationToken);

        public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default) => teacher.Answer(batch, cancellationToken);

        public void Dispose() => teacher.Dispose();
    }

    /// <summary>The token after each text that it was trained on stands in both files of settings, for every program that generates.</summary>
    private static void EndsTexts(string run)
    {
        foreach (var arm in s_arms)
        {
            var folder = Path.Combine(run, arm);
            var end = TextBoundaries.EndOfText(Decant.Text.Files.TokenizerFile.Load(folder));
            foreach (var file in new[] { "config.json", "generation_config.json" })
            {
                using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, file)));
                Assert.Equal(end, json.RootElement.GetProperty("eos_token_id").GetInt32());
            }
        }
    }

    [Fact]
    public void A_masked_language_model()
    {
        _work.Write("a.yaml", Recipe("masked-lm", Text, "wordpiece", "encoder, layers: 2, hidden: 16, heads: 2", "encoder, layers: 1, hidden: 8, heads: 2", "mask: { probability: 0.3 }"));
        var run = _work.Distill("a.yaml", "run");
        Measured(run, ModelTask.MaskedLanguageModel, s_arms, "perplexity", "nll", "token-accuracy");
        Trains("a.yaml", run);
        Predicts(run, "kala [MASK]", "masks");
    }

    [Fact]
    public void Tagged_words()
    {
        _work.Write("a.yaml", Recipe("token-classification", "{ kind: conll, file: FILE.conll }", "wordpiece", "lstm, embedding: 8, hidden: 8", "lstm, embedding: 4, hidden: 4"));
        var run = _work.Distill("a.yaml", "run");
        Measured(run, ModelTask.TokenClassification, s_arms, "entity-f1", "entity-precision", "entity-recall", "word-accuracy");
        Trains("a.yaml", run);
        Predicts(run, "kala bundo", "entities");
    }

    [Fact]
    public void Chinese_tagged_by_BMES_has_whole_entities_in_figures_predictions_and_report()
    {
        _work.Write("train.conll", TaggedChinese(40));
        _work.Write("test.conll", TaggedChinese(20));
        _work.Write("a.yaml", Recipe("token-classification", "{ kind: conll, file: FILE.conll }", "wordpiece", "lstm, embedding: 8, hidden: 8", "lstm, embedding: 4, hidden: 4")
            .Replace("steps: 4", "steps: 150", StringComparison.Ordinal));
        var run = _work.Distill("a.yaml", "run", "--set", "distill.optimizer.learning-rate=0.05", "--set", "teacher.train.optimizer.learning-rate=0.05");
        var entities = Workplace.Record(run).Events.OfType<Evaluated>().First(e => e.Arm == Arms.Student && e.Split == "test").Entities!;
        Assert.Equal([("LOC", 10), ("ORG", 20)], entities.Select(e => (e.Type, e.Support)).Order());
        var answer = _work.Decant("predict", run, "中 国 银 行 在 京");
        Assert.True(answer.Exit == 0, answer.Error);
        using var json = JsonDocument.Parse(answer.Out);
        var found = json.RootElement.GetProperty("prediction").GetProperty("entities").EnumerateArray().Select(e => (e.GetProperty("type").GetString(), e.GetProperty("text").GetString()));
        Assert.Equal([("ORG", "中国银行"), ("LOC", "京")], found);
    }

    [Fact]
    public void A_tag_that_no_scheme_has_is_refused_with_its_place_before_anything_is_trained()
    {
        _work.Write("test.conll", TaggedChinese(20));
        _work.Write("train.conll", TaggedChinese(40) + "去 O\n沪 X-LOC\n\n");
        _work.Write("a.yaml", Recipe("token-classification", "{ kind: conll, file: FILE.conll }", "wordpiece", "lstm, embedding: 8, hidden: 8", "lstm, embedding: 4, hidden: 4"));
        foreach (var command in new[] { "check", "distill" })
        {
            var answer = _work.Decant(command, _work.At("a.yaml"));
            Assert.NotEqual(0, answer.Exit);
            Assert.Contains("train.conll:281, word 2: The tag 'X-LOC' has the unknown prefix 'X-'", answer.Error);
        }
    }

    [Fact]
    public void A_scheme_that_the_recipe_names_goes_with_the_model()
    {
        _work.Write("train.conll", Tagged(40, 1).Replace("B-thing", "S-500", StringComparison.Ordinal).Replace("I-thing", "E-200", StringComparison.Ordinal));
        _work.Write("test.conll", Tagged(20, 2).Replace("B-thing", "S-500", StringComparison.Ordinal).Replace("I-thing", "E-200", StringComparison.Ordinal));
        _work.Write("a.yaml", Recipe("token-classification", "{ kind: conll, file: FILE.conll }", "wordpiece", "lstm, embedding: 8, hidden: 8", "lstm, embedding: 4, hidden: 4"));
        Assert.Contains("may be positions or types", _work.Decant("check", _work.At("a.yaml")).Error);
        var run = _work.Distill("a.yaml", "run", "--set", "data.tag-scheme=io");
        var types = Workplace.Record(run).Events.OfType<Evaluated>().First(e => e.Arm == Arms.Student && e.Split == "test").Entities!.Select(e => e.Type);
        Assert.Equal(["E-200", "S-500"], types.Order(StringComparer.Ordinal));
        Assert.Contains("\"tag_scheme\": \"io\"", File.ReadAllText(Path.Combine(run, "student", "config.json")));
        Assert.DoesNotContain("\"entities\":null", _work.Decant("predict", run, "kala bundo").Out);
    }

    [Fact]
    public void A_regression_on_pairs()
    {
        _work.Write("a.yaml", Recipe("regression", "{ kind: csv, file: pairsFILE.csv, pair: other, target: [score] }", "wordpiece", "encoder, layers: 2, hidden: 16, heads: 2", "encoder, layers: 1, hidden: 8, heads: 2")
            .Replace("pairstrain", "pairs", StringComparison.Ordinal).Replace("pairstest", "pairs-test", StringComparison.Ordinal)
            .Replace("{ kind: soft-targets, weight: 0.5 }", "{ kind: logits-mse, weight: 0.5 }", StringComparison.Ordinal)
            .Replace("{ kind: labels, weight: 0.5 }", "{ kind: target-mse, weight: 0.5 }", StringComparison.Ordinal));
        var run = _work.Distill("a.yaml", "run");
        Measured(run, ModelTask.Regression, s_arms, "pearson", "spearman", "mse", "mae");
        Trains("a.yaml", run);
        Predicts(run, "kala mita\tsoro", "score");
    }

    [Theory]
    [InlineData("causal-lm", "byte-bpe", "gpt2, layers: 1, hidden: 16, heads: 2", "lstm-lm, hidden: 8, layers: 1", "gpt2, layers: 1, hidden: 8, heads: 2", "bits-per-byte")]
    [InlineData("masked-lm", "wordpiece", "encoder, layers: 1, hidden: 16, heads: 2", "encoder, layers: 2, hidden: 8, heads: 2", "encoder, layers: 1, hidden: 8, heads: 2", "perplexity")]
    [InlineData("token-classification", "wordpiece", "lstm, embedding: 8, hidden: 8", "encoder, layers: 1, hidden: 16, heads: 2", "lstm, embedding: 4, hidden: 4", "entity-f1")]
    public void Two_teachers_of_different_architectures(string task, string tokenizer, string first, string second, string student, string metric)
    {
        var mask = task == "masked-lm" ? "mask: { probability: 0.3 }" : "";
        var recipe = Recipe(task, task == "token-classification" ? "{ kind: conll, file: FILE.conll }" : Text, tokenizer, first, student, mask);
        _work.Write("several.yaml", Several(recipe, first, second) + "\nensemble: { weights: confidence }\n");
        var run = _work.Distill("several.yaml", "several");
        using var summary = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(run, "summary.json")));
        foreach (var arm in new[] { "teacher-first", "teacher-second", "teacher", "student", "control" })
            Assert.True(double.IsFinite(summary.RootElement.GetProperty(arm).GetProperty("metrics").GetProperty(metric).GetDouble()), arm);
    }

    [Fact]
    public void Numbers_of_several_teachers_are_averaged()
    {
        const string Teacher = "lstm, embedding: 8, hidden: 8";
        _work.Write("several.yaml", Several(
            Recipe("regression", "{ kind: csv, file: pairsFILE.csv, pair: other, target: [score] }", "wordpiece", Teacher, "lstm, embedding: 4, hidden: 4")
                .Replace("pairstrain", "pairs", StringComparison.Ordinal).Replace("pairstest", "pairs-test", StringComparison.Ordinal)
                .Replace("{ kind: soft-targets, weight: 0.5 }", "{ kind: logits-mse, weight: 0.5 }", StringComparison.Ordinal)
                .Replace("{ kind: labels, weight: 0.5 }", "{ kind: target-mse, weight: 0.5 }", StringComparison.Ordinal),
            Teacher, Teacher));
        var run = _work.Distill("several.yaml", "several");
        // Of a mean the error of every sample lies between those of its members, so its mean square is at most theirs.
        var errors = Workplace.Record(run).Events.OfType<Evaluated>().ToDictionary(e => e.Arm, e => e.Metrics["mse"]);
        Assert.True(errors["teacher"] <= (errors["teacher-first"] + errors["teacher-second"]) / 2 + 1e-9);
        Assert.Equal("2 models, mean of logits", Workplace.Record(run).Events.OfType<ModelDescribed>().Single(m => m.Role == "teacher").Summary);
    }

    /// <summary>The recipe with its teacher listed twice, the second time with another network.</summary>
    private static string Several(string recipe, string first, string second)
    {
        var (from, to) = (recipe.IndexOf("teacher:\n", StringComparison.Ordinal), recipe.IndexOf("student:\n", StringComparison.Ordinal));
        var body = string.Join('\n', recipe[(from + "teacher:\n".Length)..to].Split('\n').Select(line => line.Length == 0 ? line : "  " + line));
        return $"{recipe[..from]}teachers:\n  - name: first\n{body}  - name: second\n{body.Replace(first, second, StringComparison.Ordinal)}{recipe[to..]}";
    }

    [Fact]
    public void An_embedding_that_begins_as_a_part_of_its_teacher()
    {
        _work.Write("first.yaml", Recipe("masked-lm", Text, "wordpiece", "encoder, layers: 2, hidden: 16, heads: 2", "encoder, layers: 1, hidden: 16, heads: 2"));
        var trained = _work.Decant("train", _work.At("first.yaml"), "--quiet", "--out", _work.At("first"));
        Assert.True(trained.Exit == 0, trained.Error);
        var config = (BertConfig)ModelFolder.ReadConfig(_work.At("first", "teacher"));
        Directory.CreateDirectory(_work.At("embedder"));
        using (var embedder = (config with { Task = ModelTask.Embedding }).Build())
        {
            ModelFolder.Save(_work.At("embedder"), embedder);
            foreach (var file in new[] { "tokenizer.json", "tokenizer_config.json" })
                File.Copy(_work.At("first", "teacher", file), _work.At("embedder", file));
        }

        _work.Write("a.yaml", $$"""
            name: vectors
            task: embedding
            control: false
            seed: 3
            threads: 1
            data:
              train: { kind: csv, file: train.csv, label: null }
              test: { kind: csv, file: test.csv, label: null }
            input: { kind: text, max-tokens: 16 }
            teacher: { load: embedder }
            student: { from-teacher: { layers: 1 } }
            distill:
              steps: 4
              batch: 8
              optimizer: { kind: adamw, learning-rate: 1e-3 }
              objectives: [{ kind: logits-mse }]
            evaluate: { bootstrap: 100, latency-runs: 0 }
            """);
        var run = _work.Distill("a.yaml", "run");
        Measured(run, ModelTask.Embedding, ["teacher", "student"], "teacher-cosine");
        Predicts(run, "kala mita", "embedding");
        Assert.Equal(1, ((BertConfig)ModelFolder.ReadConfig(Path.Combine(run, "student"))).NumHiddenLayers);
    }

    [Fact]
    public void A_student_that_begins_as_a_part_of_its_teacher_is_the_same_when_its_run_was_stopped_and_goes_on()
    {
        _work.Write("part.yaml", Workplace.Text.Replace("encoder, layers: 1", "encoder, layers: 3", StringComparison.Ordinal)
            .Replace("  model: { kind: textcnn, embedding: 8, filters: 4 }", "  from-teacher: { layers: 2, choose: first-and-last, intermediate: 32 }", StringComparison.Ordinal)
            .Replace("latency-runs: 3", "latency-runs: 0", StringComparison.Ordinal));
        var whole = _work.Distill("part.yaml", "whole");
        foreach (var arm in new[] { "student", "control" })
        {
            var config = (BertConfig)ModelFolder.ReadConfig(Path.Combine(whole, arm));
            Assert.Equal((2, 16, 2, 32), (config.NumHiddenLayers, config.HiddenSize, config.NumAttentionHeads, config.IntermediateSize));
        }

        using var soon = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(
            _work.Recipe("part.yaml"),
            new Decant.Runs.Running.RunOptions { Out = _work.At("stopped") },
            new Watcher(happened =>
            {
                if (happened is StepTaken { Arm: Arms.Student, Step: 3 }) soon.Cancel();
            }),
            soon.Token));
        Assert.False(Directory.Exists(_work.At("stopped", "student")));
        var resumed = _work.Decant("distill", "--resume", _work.At("stopped"), "--quiet");
        Assert.True(resumed.Exit == 0, resumed.Error);
        foreach (var arm in s_arms)
            Assert.Equal(Workplace.Weights(whole, arm), Workplace.Weights(_work.At("stopped"), arm));
    }

    [Fact]
    public void A_part_that_the_teacher_does_not_have_is_told_before_it_learns()
    {
        _work.Write("part.yaml", Workplace.Text.Replace("  model: { kind: textcnn, embedding: 8, filters: 4 }", "  from-teacher: { layers: 2 }", StringComparison.Ordinal));
        var answer = _work.Decant("distill", _work.At("part.yaml"), "--out", _work.At("out"));
        Assert.Equal((2, "student.from-teacher: 2 layers were requested, and the teacher has 1.\n"), (answer.Exit, answer.Error));
        Assert.False(Directory.Exists(_work.At("out")));
    }

    private const string Text = "{ kind: text, files: [FILE.txt], documents: line }";

    private static string Recipe(string task, string source, string tokenizer, string teacher, string student, string input = "") => $$"""
        name: tiny
        task: {{task}}
        seed: 3
        threads: 1
        data:
          train: {{source.Replace("FILE", "train", StringComparison.Ordinal)}}
          test: {{source.Replace("FILE", "test", StringComparison.Ordinal)}}
        input:
          kind: text
          tokenizer: { kind: {{tokenizer}}, vocabulary: 300 }
          max-tokens: 16
          {{input}}
        teacher:
          model: { kind: {{teacher}} }
          train:
            steps: 4
            batch: 4
            optimizer: { kind: adamw, learning-rate: 5e-3 }
        {{(task == "regression" ? "    objectives: [{ kind: target-mse }]\n" : "")}}student:
          model: { kind: {{student}} }
        distill:
          steps: 4
          batch: 4
          optimizer: { kind: adamw, learning-rate: 5e-3 }
          objectives:
            - { kind: soft-targets, weight: 0.5 }
            - { kind: labels, weight: 0.5 }
        evaluate: { bootstrap: 100, latency-runs: 0 }
        """;

    private static void Measured(string run, ModelTask task, string[] arms, params string[] metrics)
    {
        using var summary = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(run, "summary.json")));
        foreach (var arm in arms)
        {
            var figures = summary.RootElement.GetProperty(arm).GetProperty("metrics");
            foreach (var metric in metrics)
                Assert.True(figures.TryGetProperty(metric, out var figure) && double.IsFinite(figure.GetDouble()), $"{arm} has no {metric}: {figures}");
            using var model = ModelFolder.Load(Path.Combine(run, arm));
            Assert.Equal(task, ((IConfigured)model).Config.Task);
        }

        Assert.Equal(arms.Contains("control"), summary.RootElement.TryGetProperty("verdict", out _));
        Assert.True(summary.RootElement.GetProperty("finished").GetBoolean());
        Assert.True(new FileInfo(Path.Combine(run, "report.html")).Length > 1000);
    }

    /// <summary>The teacher alone comes out the same and is measured the same, and so does <c>evaluate</c> see it.</summary>
    private void Trains(string recipe, string run)
    {
        var trained = _work.Decant("train", _work.At(recipe), "--quiet", "--out", _work.At("alone"));
        Assert.True(trained.Exit == 0, trained.Error);
        Assert.Equal(Workplace.Weights(run, "teacher"), Workplace.Weights(_work.At("alone"), "teacher"));
        var recorded = Tested(run);
        Assert.Equal(recorded, Tested(_work.At("alone")));
        var measured = new EvaluateJob(Catalog.Standard).Run([Path.Combine(run, "teacher")]).Models.Single().Metrics;
        Assert.Equal(recorded, measured.Select(m => (m.Key, m.Value.Mean)).Order());
    }

    private static IEnumerable<(string, double)> Tested(string run) =>
        Workplace.Record(run).Events.OfType<Evaluated>().Single(e => e.Arm == Arms.Teacher).Metrics.Select(m => (m.Key, m.Value)).Order();

    private void Predicts(string run, string text, string key)
    {
        var answer = _work.Decant("predict", run, text);
        Assert.True(answer.Exit == 0, answer.Error);
        using var line = JsonDocument.Parse(answer.Out);
        Assert.True(line.RootElement.GetProperty("prediction").TryGetProperty(key, out _), answer.Out);
    }

    private static IEnumerable<string> Sentences(int count, int seed) =>
        Workplace.Texts(count, seed).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')[0]);

    /// <summary>Sentences of six words, each with an organisation of four characters, every other one with a place of one.</summary>
    private static string TaggedChinese(int count)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
            text.Append("中 B-ORG\n国 M-ORG\n银 M-ORG\n行 E-ORG\n在 O\n").Append(i % 2 == 0 ? "京 S-LOC\n\n" : "此 O\n\n");
        return text.ToString();
    }

    private static string Tagged(int count, int seed)
    {
        var text = new StringBuilder();
        foreach (var sentence in Sentences(count, seed))
        {
            var inside = false;
            foreach (var word in sentence.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var isEntity = word is "kala" or "bundo" or "mita";
                text.Append(word).Append('\t').Append(isEntity ? inside ? "I-thing" : "B-thing" : "O").Append('\n');
                inside = isEntity;
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Pairs(int count, int seed)
    {
        var text = new StringBuilder("text,other,score\n");
        var sentences = Sentences(count + 1, seed).ToArray();
        for (var i = 0; i < count; i++)
            text.Append(CultureInfo.InvariantCulture, $"{sentences[i]},{sentences[i + 1]},{sentences[i].Split(' ').Intersect(sentences[i + 1].Split(' ')).Count() + (0.5 * (i % 3))}\n");
        return text.ToString();
    }
}
