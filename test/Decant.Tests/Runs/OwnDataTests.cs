using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Decant.Export;
using Decant.Models.Configuration;
using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs;

/// <summary>Runs on data as people have it: one class, cells without a label, pairs; and their folders where a model is wanted.</summary>
public sealed class OwnDataTests : IDisposable
{
    private const string Language = """
        name: words
        task: causal-lm
        seed: 1
        threads: 1
        data:
          train: { kind: text, files: [words.txt], documents: line }
          split: { validation: 0.2, test: 0.2 }
        input: { kind: text, tokenizer: { kind: byte-bpe, vocabulary: 300 }, max-tokens: 8 }
        teacher:
          model: { kind: gpt2, layers: 1, hidden: 8, heads: 2 }
          train: { epochs: 1, batch: 8, optimizer: { kind: adamw, learning-rate: 1e-3 } }
        student:
          model: { kind: gpt2, layers: 1, hidden: 8, heads: 2 }
        distill:
          epochs: 1
          batch: 8
          optimizer: { kind: adamw, learning-rate: 1e-3 }
          objectives:
            - { kind: soft-targets, weight: 1 }
        evaluate: { latency-runs: 0, bootstrap: 100 }
        """;

    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void A_model_of_one_class_comes_back_as_a_classifier()
    {
        _work.Write("train.csv", "text,label\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"sky blue {i},a\n")));
        _work.Write("test.csv", "text,label\n" + string.Concat(Enumerable.Range(0, 8).Select(i => $"red rose {i},a\n")));
        var run = _work.Distill("text.yaml", "run", "--set", "data.student-labels=null");
        var config = ModelFolder.ReadConfig(Path.Combine(run, "student"));
        Assert.Equal((ModelTask.Classification, "a"), (config.Task, Assert.Single(config.ClassNames)));
        var answer = _work.Decant("predict", run, "red rose");
        Assert.True(answer.Exit == 0, answer.Error);
        Assert.Equal("a", (string)JsonNode.Parse(answer.Out)!["prediction"]!["label"]!);
        Assert.Contains(Workplace.Record(run).Events.OfType<RunNote>(), n => n.Text.Contains("All labels are the one class 'a'", StringComparison.Ordinal));
    }

    [Fact]
    public void Cells_without_a_label_are_told_in_check_and_in_the_run()
    {
        _work.Write("train.csv", File.ReadAllText(_work.At("train.csv")) + "kala mita,\nbundo grak,\n");
        const string Said = "train.csv: 2 of 162 rows have nothing in 'label'";
        var check = _work.Decant("check", _work.At("text.yaml"));
        Assert.Contains(Said, Regex.Replace(check.Out, @"\s+", " "));
        var run = _work.Distill("text.yaml", "run");
        Assert.Contains(Workplace.Record(run).Events.OfType<RunNote>(), n => n.Text.Contains(Said, StringComparison.Ordinal));
    }

    [Fact]
    public void A_model_that_was_trained_on_pairs_answers_pairs_alone()
    {
        _work.Write("pairs.csv", "a,b,label\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"kala mita {i},bundo {i},{i % 2}\n")));
        _work.Write("pairs.yaml", Workplace.Text.Replace("train: { kind: csv, file: train.csv }", "train: { kind: csv, file: pairs.csv, text: a, pair: b }", StringComparison.Ordinal)
            .Replace("test: { kind: csv, file: test.csv }", "test: { kind: csv, file: pairs.csv, text: a, pair: b }", StringComparison.Ordinal).Replace("  student-labels: 40\n", "", StringComparison.Ordinal));
        var run = _work.Distill("pairs.yaml", "run");
        Assert.Equal(0, _work.Decant("predict", run, "kala\tbundo").Exit);
        var one = _work.Decant("predict", run, "kala");
        Assert.Equal(2, one.Exit);
        Assert.Contains("this model was trained on pairs of texts, and this is one text; give both, with a tab between, or as 'text' and 'pair' of a JSON line", one.Error);
        Assert.Equal(ModelTask.Classification, ModelFolder.ReadConfig(Path.Combine(run, "student")).Task);
    }

    [Fact]
    public void A_run_is_its_student_where_a_model_is_wanted()
    {
        _work.Write("words.txt", string.Concat(Enumerable.Range(0, 60).Select(i => $"the soup number {i} was hot and the rain fell\n")));
        var run = _work.Distill(_work.Write("words.yaml", Language), "run");
        var written = _work.Decant("generate", run, "--prompt", "the soup", "--max-tokens", "4");
        Assert.True(written.Exit == 0, written.Error);
        Assert.StartsWith("the soup", written.Out);
        var shown = _work.Decant("tokenize", run, "the soup", "--json");
        Assert.True(shown.Exit == 0, shown.Error);
        Assert.Equal(shown.Out, _work.Decant("tokenize", Path.Combine(run, "student", "tokenizer.json"), "the soup", "--json").Out);
    }

    [Fact]
    public void A_run_without_a_student_names_the_models_that_it_has()
    {
        var run = _work.At("trained");
        Assert.Equal(0, _work.Decant("train", _work.At("text.yaml"), "--quiet", "--out", run).Exit);
        var answer = _work.Decant("predict", run, "kala");
        Assert.Equal((2, $"{run} is a run's folder without a student/ of its own; give the model that is meant: {Path.Combine(run, "teacher")}.\n"), (answer.Exit, answer.Error));
    }

    [Fact]
    public void Tokens_are_shown_with_their_place_in_the_text()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Golden", "tokenizers", "wordpiece");
        var file = _work.Write("texts.jsonl", "{\"text\": \"a cat\"}\n{\"text\": \"a cat\", \"pair\": \"the dog\"}\n");
        var answer = _work.Decant("tokenize", folder, "--file", file);
        Assert.True(answer.Exit == 0, answer.Error);
        var lines = answer.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).ToArray();
        Assert.Equal(2, lines.Length);
        var expected = Decant.Text.Files.TokenizerFile.Load(folder).Tokenize("a cat", "the dog");
        Assert.Equal(expected.Ids, lines[1]["ids"]!.AsArray().Select(i => (int)i!));
        Assert.Equal(expected.Tokens, lines[1]["tokens"]!.AsArray().Select(t => (string)t!));
        Assert.Equal(expected.Offsets, lines[1]["offsets"]!.AsArray().Select(o => ((int)o![0]!, (int)o[1]!)));
        Assert.Equal(expected.TypeIds, lines[1]["type_ids"]!.AsArray().Select(t => (byte)(int)t!));
        Assert.Null(lines[0]["pair"]);
        Assert.Contains("has no tokenizer", _work.Decant("tokenize", _work.Root, "a").Error);
    }
}
