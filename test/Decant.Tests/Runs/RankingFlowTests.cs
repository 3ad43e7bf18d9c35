using System.Text;
using System.Text.Json.Nodes;
using Decant.Export;
using Decant.Models.Configuration;
using Decant.Torch;

namespace Decant.Tests.Runs;

/// <summary>Queries with documents from the recipe to the search: cross-encoders, bi-encoders and tables, which teach each other.</summary>
public sealed class RankingFlowTests : IDisposable
{
    private static readonly string[][] s_words = [["trout", "herring", "salmon", "cod"], ["mango", "pear", "cherry", "plum"], ["beef", "lamb", "pork", "veal"], ["oak", "pine", "birch", "elm"]];

    private readonly Workplace _work = new();

    public RankingFlowTests()
    {
        _work.Write("train.jsonl", Rows(300, 1));
        _work.Write("test.jsonl", Rows(60, 2));
        _work.Write("cross.yaml", Recipe("regression", "student:\n  model: { kind: encoder, layers: 1, hidden: 32, heads: 2, dropout: 0 }", Teacher));
    }

    public void Dispose() => _work.Dispose();

    private const string Teacher = """
        teacher:
          model: { kind: encoder, layers: 1, hidden: 48, heads: 2, dropout: 0 }
          train: { epochs: 30, batch: 8, optimizer: { kind: adamw, learning-rate: 1e-3 }, objectives: [{ kind: ranking-labels }] }
        """;

    private static string Recipe(string task, string student, string teacher, string objectives = "[{ kind: listwise-kl }, { kind: ranking-labels }]", string tokenizer = "tokenizer: { kind: wordpiece, vocabulary: 300 }, ") => $$"""
        name: search
        task: {{task}}
        seed: 3
        threads: 1
        data:
          train: { kind: rankings, file: train.jsonl }
          test: { kind: rankings, file: test.jsonl }
          split: { validation: 0.2 }
        input: { kind: text, {{tokenizer}}max-tokens: 16 }
        {{teacher}}
        {{student}}
        distill:
          epochs: 30
          batch: 8
          optimizer: { kind: adamw, learning-rate: 1e-3 }
          objectives: {{objectives}}
        evaluate: { bootstrap: 100, latency-runs: 1 }
        export: { quantize: [] }
        """;

    [Fact]
    public void A_cross_encoder_teaches_a_cross_encoder_a_bi_encoder_and_a_table()
    {
        var cross = _work.Distill("cross.yaml", "cross");
        Assert.InRange(Figure(cross, "student"), 0.75, 1);
        Assert.Equal(ModelTask.Regression, TaskOf(Path.Combine(cross, "student")));
        var report = File.ReadAllText(Path.Combine(cross, "report.html"));
        Assert.All(new[] { "nDCG@10", "MRR@10", "Recall@10" }, word => Assert.Contains(word, report));
        Assert.Contains("BM25, which compares words, on the same documents: nDCG@10", Workplace.Notes(cross));
        _work.Write("pairs.txt", "query about trout\tdocument on salmon\n");
        var scored = _work.Decant("predict", Path.Combine(cross, "student"), "--file", _work.At("pairs.txt"));
        Assert.True(scored.Exit == 0, scored.Error);

        // Its scores teach a student that makes vectors, which reads other texts; the student begins as a model of its own.
        _work.Write("bi.yaml", Recipe("embedding", "student:\n  model: { kind: encoder, layers: 1, hidden: 32, heads: 2 }", "teacher: { load: cross/teacher }", "[{ kind: listwise-kl }]", tokenizer: ""));
        var bi = _work.Distill("bi.yaml", "bi");
        Assert.Equal(Figure(cross, "teacher"), Figure(bi, "teacher"), 1e-9);
        Assert.InRange(Figure(bi, "student"), 0.75, 1);
        Assert.Equal(ModelTask.Embedding, TaskOf(Path.Combine(bi, "student")));
        Assert.True(File.Exists(Path.Combine(bi, "student", "modules.json")));

        _work.Write("static.yaml", Recipe("embedding", "student:\n  load: bi/student\n  from-teacher: { static: { dimensions: 16 } }", "teacher: { load: cross/teacher }", tokenizer: ""));
        var table = _work.Distill("static.yaml", "table");
        Assert.InRange(Figure(table, "student"), 0.6, 1);

        var compared = _work.Decant("compare", Path.Combine(cross, "student"), Path.Combine(bi, "student"), Path.Combine(table, "student"), "--recipe", Path.Combine(cross, "recipe.yaml"), "--json");
        Assert.Equal(0, compared.Exit);
        var figures = JsonNode.Parse(compared.Out)!["models"]!.AsArray().Select(m => m!["metrics"]!["ndcg@10"]!.GetValue<double>()).ToArray();
        Assert.Equal(Figure(cross, "student"), figures[0], 1e-6);
        Assert.Equal(Figure(bi, "student"), figures[1], 1e-6);
    }

    [Fact]
    public void A_bi_encoder_teaches_a_cross_encoder_and_its_answers_are_kept()
    {
        _work.Write("bi.yaml", Recipe("embedding", "student:\n  model: { kind: encoder, layers: 1, hidden: 16, heads: 2 }", Teacher, "[{ kind: margin-mse }, { kind: pairwise-ranking }, { kind: cosine, weight: 0 }]").Replace("{ kind: cosine, weight: 0 }", "{ kind: listwise-kl, weight: 0.1 }", StringComparison.Ordinal));
        var bi = _work.Distill("bi.yaml", "bi");
        _work.Write("cross.yaml", Recipe("regression", "student:\n  model: { kind: encoder, layers: 1, hidden: 32, heads: 2 }", "teacher: { load: bi/teacher, answers: { kind: logits, folder: kept } }", tokenizer: ""));
        var first = _work.Distill("cross.yaml", "first");
        Assert.Equal(Figure(bi, "teacher"), Figure(first, "teacher"), 1e-9);
        Assert.NotEmpty(Directory.GetFiles(_work.At("kept"), "*", SearchOption.AllDirectories));
        var again = _work.Distill("cross.yaml", "again");
        Assert.Equal(File.ReadAllBytes(ModelFile(first)), File.ReadAllBytes(ModelFile(again)));
        Assert.Contains("teacher answers: ", Workplace.Notes(again));
    }

    [Fact]
    public void A_teacher_of_the_other_kind_is_trained_here_where_the_recipe_says_so()
    {
        _work.Write("bi.yaml", Recipe("embedding", "student:\n  model: { kind: textcnn, embedding: 16, filters: 8, dimensions: 16 }", Teacher.Replace("teacher:\n", "teacher:\n  task: regression\n", StringComparison.Ordinal)));
        var run = _work.Distill("bi.yaml", "run");
        Assert.Equal(ModelTask.Regression, TaskOf(Path.Combine(run, "teacher")));
        Assert.InRange(Figure(run, "student"), 0.6, 1);
    }

    [Fact]
    public void A_student_begins_as_the_model_that_it_loads_and_so_does_its_control()
    {
        var first = _work.Distill("cross.yaml", "first");
        _work.Write("b.yaml", Recipe("regression", "student: { load: first/student }", "teacher: { load: first/teacher }", tokenizer: "").Replace("epochs: 30\n  batch: 8\n  optimizer", "steps: 1\n  batch: 8\n  optimizer", StringComparison.Ordinal).Replace("learning-rate: 1e-3", "learning-rate: 1e-9", StringComparison.Ordinal));
        var second = _work.Distill("b.yaml", "second");
        var begun = Weights(Path.Combine(first, "student"));
        foreach (var arm in new[] { "student", "control" })
            Assert.All(Weights(Path.Combine(second, arm)), (weight, i) => Assert.Equal(begun[i], weight, 1e-6f));
    }

    [Theory]
    [InlineData(", { kind: ranking-labels }]", ", { kind: target-mse }]", "'target-mse' learns from other labels than the grades of documents; use ranking-labels")]
    [InlineData("task: regression", "task: classification", "the samples are queries with documents, which 'classification' does not put in order")]
    [InlineData("train: { kind: rankings, file: train.jsonl }", "train: { kind: csv, file: train.csv }", "the documents here have grades, and the training data has")]
    [InlineData("file: train.jsonl }", "file: none.jsonl }", ":2: 'positives' is empty")]
    [InlineData("\nteacher:", "\nteacher:\n  task: causal-lm", "teacher.task: 'causal-lm' does not put documents in order")]
    [InlineData("\nstudent:", "\nstudent:\n  load: nowhere", "the folder says what network it is, and student.model names another")]
    public void What_does_not_go_together_is_refused_by_name(string part, string instead, string expected)
    {
        _work.Write("none.jsonl", Rows(1, 7) + "{\"query\":\"q\",\"positives\":[],\"negatives\":[\"a\"]}\n");
        var text = File.ReadAllText(_work.At("cross.yaml"));
        Assert.Contains(part, text);
        _work.Write("b.yaml", text.Replace(part, instead, StringComparison.Ordinal));
        var answer = _work.Decant("check", _work.At("b.yaml"));
        Assert.NotEqual(0, answer.Exit);
        Assert.Contains(expected, Workplace.Words(answer.Error));
    }

    [Fact]
    public void A_student_that_begins_as_nothing_is_refused()
    {
        _ = _work.Distill("cross.yaml", "first");
        _work.Write("b.yaml", Recipe("regression", "student: { load: train.jsonl }", "teacher: { load: first/teacher }", tokenizer: ""));
        Assert.Contains("student.load", _work.Decant("check", _work.At("b.yaml")).Error);
        _work.Write("c.yaml", Recipe("regression", "student: { load: first/student }", "teacher: { load: first/teacher }").Replace("kind: wordpiece, vocabulary: 300", "kind: byte-bpe, vocabulary: 400", StringComparison.Ordinal));
        Assert.Contains("the student reads with its own", Workplace.Words(_work.Decant("check", _work.At("c.yaml")).Error));
    }

    [Fact]
    public void Samples_without_documents_refuse_what_is_about_their_order()
    {
        _work.Write("b.yaml", Workplace.Text.Replace("kind: soft-targets, temperature: 2", "kind: listwise-kl", StringComparison.Ordinal));
        var answer = _work.Decant("check", _work.At("b.yaml"));
        Assert.NotEqual(0, answer.Exit);
        Assert.Contains("'listwise-kl' is about the order of a query's documents, and the samples are none", Workplace.Words(answer.Error));
    }

    [Fact]
    public void Hard_negatives_are_mined_by_words_by_a_student_and_less_what_a_judge_takes_for_relevant()
    {
        var cross = _work.Distill("cross.yaml", "cross");
        _work.Write("bi.yaml", Recipe("embedding", "student:\n  model: { kind: encoder, layers: 1, hidden: 32, heads: 2 }", "teacher: { load: cross/teacher }", tokenizer: ""));
        var bi = _work.Distill("bi.yaml", "bi");
        var documents = s_words.SelectMany((words, group) => words.Select((word, i) => $"{group}-{i}\tdocument on {word}")).ToArray();
        _work.Write("corpus.tsv", string.Join('\n', documents) + "\n");
        _work.Write("queries.tsv", "q1\tquery about trout on\nq2\tquery about oak on\n");
        _work.Write("qrels.tsv", "q1\t0-1\t1\nq1\t0-2\t1\nq2\t3-1\t2\nq2\t3-2\t1\n");
        string[] files = ["--queries", _work.At("queries.tsv"), "--documents", _work.At("corpus.tsv"), "--relevance", _work.At("qrels.tsv")];

        var words = _work.Decant(["mine", .. files, "--negatives", "3", "--out", _work.At("words.jsonl"), "--json"]);
        Assert.Equal(0, words.Exit);
        Assert.Equal(6, JsonNode.Parse(words.Out)!["negatives"]!.GetValue<int>());
        Assert.Contains("Nothing was found for any of 2 queries", _work.Decant(["mine", .. files, "--skip", "99", "--out", _work.At("none.jsonl")]).Error);
        Assert.False(File.Exists(_work.At("none.jsonl")));

        var mined = _work.Decant(["mine", .. files, "--negatives", "4", "--model", bi, "--out", _work.At("student.jsonl"), "--json"]);
        Assert.Equal((0, 8), (mined.Exit, JsonNode.Parse(mined.Out)!["negatives"]!.GetValue<int>()));
        var line = JsonNode.Parse(File.ReadAllLines(_work.At("student.jsonl"))[1])!;
        Assert.Equal(["document on pine", "document on birch"], line["positives"]!.AsArray().Select(d => d!.GetValue<string>()));
        Assert.Equal([2, 1, 0, 0, 0, 0], line["grades"]!.AsArray().Select(g => g!.GetValue<double>()));
        Assert.DoesNotContain(line["negatives"]!.AsArray(), d => d!.GetValue<string>() is "document on pine" or "document on birch");

        var judged = _work.Decant(["mine", .. files, "--negatives", "14", "--model", bi, "--judge", Path.Combine(cross, "teacher"), "--out", _work.At("judged.jsonl"), "--json"]);
        Assert.True(judged.Exit == 0, judged.Error);
        var doubtful = JsonNode.Parse(judged.Out)!["doubtful-documents"]!.GetValue<int>();
        Assert.InRange(doubtful, 1, 27);
        Assert.Equal(28, doubtful + JsonNode.Parse(judged.Out)!["negatives"]!.GetValue<int>());
        Assert.Contains("is there already", _work.Decant(["mine", .. files, "--out", _work.At("judged.jsonl")]).Error);
        Assert.Contains("--margin is about the scores of a judge", _work.Decant(["mine", .. files, "--margin", "1", "--out", _work.At("x.jsonl")]).Error);

        var searched = _work.Decant(["compare", Path.Combine(cross, "student"), Path.Combine(bi, "student"), .. files, "--json"]);
        Assert.True(searched.Exit == 0, searched.Error);
        Assert.Equal(["words", "reranks 100", "float32", "int8", "binary"], JsonNode.Parse(searched.Out)!["rows"]!.AsArray().Select(r => r!["form"]!.GetValue<string>()));
    }

    private static float[] Weights(string folder)
    {
        using var model = ModelFolder.Load(folder);
        using var scope = TensorScope.Open();
        return [.. model.StateDict().OrderBy(w => w.Key, StringComparer.Ordinal).SelectMany(w => w.Value.To(DType.Float32).ToArray<float>())];
    }

    private static string ModelFile(string run) => Path.Combine(run, "student", ModelFolder.WeightsName);

    private static ModelTask TaskOf(string folder)
    {
        using var model = ModelFolder.Load(folder);
        return ((IConfigured)model).Config.Task;
    }

    private static double Figure(string run, string arm) => JsonNode.Parse(File.ReadAllText(Path.Combine(run, "summary.json")))![arm]!["metrics"]!["ndcg@10"]!.GetValue<double>();

    // A document is relevant where its word is of the query's group; words alone do not find it, for its own word is another.
    private static string Rows(int count, int seed)
    {
        var random = new Random(seed);
        var rows = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            var group = random.Next(4);
            string[] words = [.. s_words[group]];
            random.Shuffle(words);
            JsonArray Documents(IEnumerable<string> of) => new([.. of.Select(w => (JsonNode)$"document on {w}")]);
            string[] others = [.. s_words.Where((_, g) => g != group).SelectMany(w => w)];
            random.Shuffle(others);
            rows.Append(new JsonObject { ["query"] = $"query about {words[0]}", ["positives"] = Documents(words[1..2]), ["negatives"] = Documents(others[..4]) }.ToJsonString()).Append('\n');
        }

        return rows.ToString();
    }
}
