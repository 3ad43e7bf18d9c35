using System.Text.Json.Nodes;
using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;

namespace Decant.Tests.Runs.Resuming;

/// <summary>A student that shares its teacher's layers and has them in factors, with a part of the vocabulary, through a whole run.</summary>
public sealed class CompactResumptionTests : IDisposable
{
    private const string Recipe = """
        name: compact
        task: classification
        seed: 3
        threads: 1
        data:
          train: { kind: csv, file: train.csv }
          test: { kind: csv, file: test.csv }
          split: { validation: 8 }
        input: { kind: text, tokenizer: { kind: wordpiece, vocabulary: 300 }, max-tokens: 12 }
        teacher:
          model: { kind: encoder, layers: 4, hidden: 16, heads: 2 }
          train: { epochs: 1, batch: 8, optimizer: { kind: adamw, learning-rate: 1e-3 } }
        student:
          from-teacher: { unique-layers: 2, energy: 0.6, embedding: 6 }
        distill:
          epochs: 2
          batch: 8
          optimizer: { kind: adamw, learning-rate: 1e-3 }
          objectives: [{ kind: soft-targets }, { kind: hidden-states, layers: uniform }]
        evaluate: { latency-runs: 0 }
        """;

    private readonly Workplace _work = new();

    public CompactResumptionTests()
    {
        _work.Write("train.csv", Workplace.Texts(48, seed: 1));
        _work.Write("test.csv", Workplace.Texts(16, seed: 2));
        _work.Write("compact.yaml", Recipe);
    }

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Stopped_it_goes_on_to_the_same_student()
    {
        var whole = _work.Distill("compact.yaml", "whole");
        using var stop = new CancellationTokenSource();
        var run = _work.At("stopped");
        Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(
            _work.Recipe("compact.yaml"), new RunOptions { Out = run }, new Watcher(e => { if (e is StepTaken { Arm: "student", Step: 3 }) stop.Cancel(); }), stop.Token));
        var answer = _work.Decant("distill", "--resume", run);
        Assert.True(answer.Exit == 0, answer.Error);
        Assert.Contains("resumed after step 3 of the student", answer.Out);
        WholeRun.AreSame(whole, run);
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "student", "config.json")))!;
        Assert.Equal("[0,0,1,1]", config["share_layers"]!.ToJsonString());
        Assert.Contains("weights of 2 layers", File.ReadAllText(Path.Combine(run, "report.html")));
    }

    [Fact]
    public void Stopped_a_decoder_in_factors_goes_on_to_the_same_student_and_is_exported()
    {
        _work.Write("text.txt", string.Concat(Enumerable.Range(0, 24).Select(i => $"eins zwei drei {i} vier fünf sechs {i * i} sieben acht neun zehn\n")));
        _work.Write("other.txt", string.Concat(Enumerable.Range(40, 8).Select(i => $"sieben acht {i} neun zehn\n")));
        _work.Write("decoder.yaml", """
            name: compact-decoder
            task: causal-lm
            seed: 3
            threads: 1
            data: { train: { kind: text, files: [text.txt], documents: line }, test: { kind: text, files: [other.txt], documents: line }, split: { validation: 2 } }
            input: { kind: text, tokenizer: { kind: byte-bpe, vocabulary: 300 }, max-tokens: 16 }
            teacher:
              model: { kind: llama, layers: 2, hidden: 16, heads: 4, key-value-heads: 2 }
              train: { epochs: 1, batch: 2, optimizer: { kind: adamw, learning-rate: 1e-3 } }
            student:
              from-teacher: { energy: 0.7, factorize: feed-forward }
            distill:
              epochs: 2
              batch: 2
              optimizer: { kind: adamw, learning-rate: 1e-3 }
              objectives: [{ kind: soft-targets }]
            evaluate: { latency-runs: 0 }
            """);
        var whole = _work.Distill("decoder.yaml", "whole");
        using var stop = new CancellationTokenSource();
        var run = _work.At("stopped");
        Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(
            _work.Recipe("decoder.yaml"), new RunOptions { Out = run }, new Watcher(e => { if (e is StepTaken { Arm: "student", Step: 3 }) stop.Cancel(); }), stop.Token));
        var answer = _work.Decant("distill", "--resume", run);
        Assert.True(answer.Exit == 0, answer.Error);
        WholeRun.AreSame(whole, run);
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "student", "config.json")))!;
        Assert.Equal("llama-compact", config["model_type"]!.GetValue<string>());
        Assert.All(config["linear_ranks"]!.AsObject(), rank => Assert.Contains(".mlp.", rank.Key, StringComparison.Ordinal));
        answer = _work.Decant("export", run, "--quantize", "int4");
        Assert.True(answer.Exit == 0, answer.Error);
        Assert.True(File.Exists(Path.Combine(run, "student", "onnx", "model_q4.onnx")));
    }

    [Theory]
    [InlineData("energy: 0.6", "rank: 4, energy: 0.6", "both 'rank' and 'energy'")]
    [InlineData("energy: 0.6", "energy: 1.5", "energy")]
    [InlineData("energy: 0.6", "rank: 0", "rank")]
    [InlineData("unique-layers: 2, energy: 0.6", "unique-layers: 2, share-layers: [0, 0, 1, 1]", "both 'unique-layers' and 'share-layers'")]
    [InlineData("unique-layers: 2", "share-layers: [0, 0, 2, 1]", "puts layer 2 into group 2")]
    [InlineData("embedding: 6", "embedding: 17", "rank of at most 16")]
    [InlineData("energy: 0.6, ", "factorize: attention, ", "neither 'rank' nor 'energy'")]
    public void What_does_not_go_together_is_said_by_check(string was, string becomes, string said)
    {
        Assert.Contains(was, Recipe);
        _work.Write("bad.yaml", Recipe.Replace(was, becomes, StringComparison.Ordinal));
        var answer = _work.Decant("check", _work.At("bad.yaml"));
        Assert.NotEqual(0, answer.Exit);
        Assert.Contains(said, string.Join(' ', (answer.Error + answer.Out).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void Inspecting_the_student_of_a_recipe_says_whose_weights_a_layer_has_and_wants_a_rank()
    {
        var refused = _work.Decant("inspect", _work.At("compact.yaml"), "--model", "student", "--tokens", "8");
        Assert.NotEqual(0, refused.Exit);
        Assert.Contains("Say 'rank' instead", string.Join(' ', refused.Error.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)));
        _work.Write("ranked.yaml", Recipe.Replace("energy: 0.6", "rank: 4", StringComparison.Ordinal));
        var answer = _work.Decant("inspect", _work.At("ranked.yaml"), "--model", "student", "--tokens", "8", "--json");
        Assert.True(answer.Exit == 0, answer.Error);
        var layers = JsonNode.Parse(answer.Out)!["modules"]!.AsArray().Where(m => m!["layer"]?.GetValue<int>() > 0).Select(m => m!["weights_of"]?.GetValue<string>());
        Assert.Equal([null, "bert.encoder.layer.0", null, "bert.encoder.layer.2"], layers);
    }
}
