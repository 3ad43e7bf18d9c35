using System.Text;
using System.Text.Json.Nodes;
using Decant.Export;
using Decant.Models.Configuration;

namespace Decant.Tests.Runs;

/// <summary>Samples with any number of labels from the recipe to the prediction.</summary>
public sealed class MultiLabelFlowTests : IDisposable
{
    private static readonly string[] s_labels = ["fish", "fruit", "meat", "soup"];

    private readonly Workplace _work = new();

    public MultiLabelFlowTests()
    {
        _work.Write("train.jsonl", Rows(240, 1));
        _work.Write("test.jsonl", Rows(60, 2));
        _work.Write("a.yaml", Recipe);
    }

    public void Dispose() => _work.Dispose();

    private const string Recipe = """
        name: labels
        task: multi-label
        seed: 3
        threads: 1
        data:
          train: { kind: jsonl, file: train.jsonl, labels: tags }
          test: { kind: jsonl, file: test.jsonl, labels: tags }
          split: { validation: 0.2 }
        input: { kind: text, tokenizer: { kind: wordpiece, vocabulary: 300 }, max-tokens: 12 }
        teacher:
          model: { kind: encoder, layers: 1, hidden: 32, heads: 2 }
          train: { epochs: 12, batch: 16, optimizer: { kind: adamw, learning-rate: 5e-3 }, objectives: [{ kind: binary-cross-entropy }] }
        student:
          model: { kind: textcnn, embedding: 32, filters: 16 }
        distill:
          epochs: 20
          batch: 16
          optimizer: { kind: adamw, learning-rate: 5e-3 }
          objectives:
            - { kind: binary-soft-targets, temperature: 2, weight: 0.7 }
            - { kind: binary-cross-entropy, weight: 0.3 }
        evaluate: { bootstrap: 100, latency-runs: 0 }
        export: { quantize: [] }
        """;

    [Fact]
    public void A_student_learns_labels_its_thresholds_are_chosen_and_it_predicts_any_number_of_them()
    {
        var run = _work.Distill("a.yaml", "run");
        var student = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "student", "config.json")))!;
        Assert.Equal(["TextCnnForMultiLabelClassification"], student["architectures"]!.AsArray().Select(a => a!.GetValue<string>()));
        Assert.Equal("multi_label_classification", student["problem_type"]!.GetValue<string>());
        Assert.Equal(4, student["thresholds"]!.AsArray().Count);
        Assert.Equal(ModelTask.MultiLabel, ((IConfigured)ModelFolder.Load(Path.Combine(run, "teacher"))).Config.Task);
        var summary = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "summary.json")))!;
        Assert.InRange(Figure("student"), 0.8, 1);
        var report = File.ReadAllText(Path.Combine(run, "report.html"));
        Assert.All(new[] { "Micro F1", "Exact match", "fruit" }, word => Assert.Contains(word, report));
        Assert.True(File.Exists(Path.Combine(run, "student", "onnx", "model.onnx")));

        var predicted = _work.Decant("predict", run, "good mango with old trout of", "nothing here with a bit");
        Assert.Equal(0, predicted.Exit);
        var answers = predicted.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith('{')).Select(line => JsonNode.Parse(line)!["prediction"]!).ToArray();
        Assert.Equal(["fish", "fruit"], answers[0]["labels"]!.AsArray().Select(l => l!.GetValue<string>()));
        Assert.Empty(answers[1]["labels"]!.AsArray());
        Assert.Equal(s_labels, answers[0]["probabilities"]!.AsObject().Select(p => p.Key));

        var evaluated = _work.Decant("evaluate", Path.Combine(run, "student"), "--recipe", Path.Combine(run, "recipe.yaml"));
        Assert.Contains("Micro F1", evaluated.Out);

        double Figure(string arm) => summary[arm]!["metrics"]!["micro-f1"]!.GetValue<double>();
    }

    [Fact]
    public void A_teacher_that_reads_with_a_tokenizer_of_its_own_is_measured_with_thresholds_of_its_own_reading()
    {
        var first = _work.Distill("a.yaml", "first", "--set", "distill.steps=1", "--set", "distill.epochs=null");
        var text = Recipe.Replace("kind: wordpiece, vocabulary: 300", "kind: byte-bpe, vocabulary: 400", StringComparison.Ordinal);
        var (start, end) = (text.IndexOf("  model: { kind: encoder", StringComparison.Ordinal), text.IndexOf("student:", StringComparison.Ordinal));
        _work.Write("b.yaml", text[..start] + "  load: first/teacher\n" + text[end..]);
        // Without thresholds in its settings they are chosen anew, on the same samples.
        var config = _work.At("first", "teacher", "config.json");
        var json = JsonNode.Parse(File.ReadAllText(config))!.AsObject();
        Assert.True(json.Remove("thresholds"));
        File.WriteAllText(config, json.ToJsonString());
        var second = _work.Distill("b.yaml", "second", "--set", "distill.steps=1", "--set", "distill.epochs=null");
        Assert.Equal(Figure(first), Figure(second), 1e-9);

        static double Figure(string run) => JsonNode.Parse(File.ReadAllText(Path.Combine(run, "summary.json")))!["teacher"]!["metrics"]!["micro-f1"]!.GetValue<double>();
    }

    [Theory]
    [InlineData("kind: binary-soft-targets, temperature: 2", "kind: soft-targets", "'soft-targets' is about one class among others")]
    [InlineData("labels: tags }\n  split", "label: tags }\n  split", "must be the name or the number of a class")]
    [InlineData("task: multi-label", "task: classification", "is for samples with any number of labels (task: multi-label)")]
    [InlineData("evaluate: {", "evaluate: { tune-bias: [fish],", "'tune-bias' is for classification")]
    public void What_belongs_to_another_task_is_refused_by_name(string part, string instead, string expected)
    {
        _work.Write("b.yaml", Recipe.Replace(part, instead, StringComparison.Ordinal));
        var answer = _work.Decant("check", _work.At("b.yaml"));
        Assert.NotEqual(0, answer.Exit);
        Assert.Contains(expected, Workplace.Words(answer.Error));
    }

    [Fact]
    public void A_label_that_validation_lacks_keeps_a_half_and_is_named()
    {
        _work.Write("validation.jsonl", string.Concat(Rows(40, 5).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(row => !row.Contains("soup", StringComparison.Ordinal)).Select(row => row + "\n")));
        _work.Write("b.yaml", Recipe.Replace("split: { validation: 0.2 }", "validation: { kind: jsonl, file: validation.jsonl, labels: tags, classes: [fish, fruit, meat, soup] }", StringComparison.Ordinal));
        var run = _work.Distill("b.yaml", "run");
        Assert.Equal(0.5, JsonNode.Parse(File.ReadAllText(Path.Combine(run, "student", "config.json")))!["thresholds"]![3]!.GetValue<double>());
        Assert.Contains("No validation sample has the label 'soup'", Workplace.Notes(run));
    }

    // A row has the labels whose words stand in it.
    private static string Rows(int count, int seed)
    {
        string[][] words = [["trout", "herring", "salmon"], ["mango", "pear", "cherry"], ["beef", "lamb", "pork"], ["broth", "stew", "soup"]];
        string[] filler = ["nothing", "here", "with", "a", "bit", "of", "good", "old"];
        var random = new Random(seed);
        var rows = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            int[] labels = [.. Enumerable.Range(0, 4).Where(_ => random.Next(3) == 0)];
            string[] text = [.. labels.Select(l => words[l][random.Next(3)]), .. Enumerable.Range(0, 3).Select(_ => filler[random.Next(filler.Length)])];
            random.Shuffle(text);
            rows.Append(new JsonObject { ["text"] = string.Join(' ', text), ["tags"] = new JsonArray([.. labels.Select(l => (JsonNode)s_labels[l])]) }.ToJsonString()).Append('\n');
        }

        return rows.ToString();
    }
}
