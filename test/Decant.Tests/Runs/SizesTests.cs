using System.Text.Json.Nodes;
using Decant.Export;
using Decant.Models;
using Decant.Models.Configuration;
using Decant.Models.Llama;
using Decant.Tests.Runs.Resuming;

namespace Decant.Tests.Runs;

/// <summary>Sizes in other people's files are not believed: each command runs in a process of its own, whose time and memory are bounded.</summary>
public sealed class SizesTests : IDisposable
{
    private const long MostBytes = 500L << 20;

    // A command takes one or two seconds on a quiet machine.
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(20);

    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    /// <summary>What is changed in the settings of a Llama with weights, and what is said.</summary>
    public static TheoryData<string, string, string> Changed => new()
    {
        { "vocab_size", "30000000", "model.embed_tokens.weight is [30000000, 16] in the model, [40, 16] in the weights" },
        { "num_hidden_layers", "100000", "layers is 100000; from 1 to 2,000 are built" },
        { "num_hidden_layers", "2000", "… 17991 faults in all" },
        { "hidden_size", "1000000", "model.embed_tokens.weight is [40, 1000000] in the model, [40, 16] in the weights" },
        { "hidden_size", "2000000000", "hidden is 2000000000; at most 16,777,216 is built" },
        { "intermediate_size", "16000000", "model.layers.0.mlp.down_proj.weight is [16, 16000000] in the model, [16, 32] in the weights" },
        { "num_attention_heads", "7", "7 heads do not divide a hidden width of 16" },
        { "num_key_value_heads", "3", "3 key-value-heads do not divide 4 heads" },
        { "head_dim", "100000000", "head_dim is 100000000; at most 16,777,216 is built" },
    };

    [Theory]
    [MemberData(nameof(Changed))]
    public void A_model_whose_settings_ask_for_other_sizes_than_its_weights_have_is_refused_by_every_command(string key, string value, string said)
    {
        var folder = Llama();
        Change(folder, key, value);
        Refused(said, "inspect", folder);
        Refused(said, "generate", folder, "--prompt", "a");
    }

    [Fact]
    public void A_large_model_without_weights_is_described_without_them_and_refused_where_they_are_needed()
    {
        var folder = Llama();
        File.Delete(Path.Combine(folder, ModelFolder.WeightsName));
        foreach (var (key, value) in new[] { ("hidden_size", "4096"), ("intermediate_size", "11008"), ("num_hidden_layers", "32"), ("num_attention_heads", "32"), ("num_key_value_heads", "32"), ("head_dim", "128"), ("vocab_size", "32000") })
            Change(folder, key, value);
        var (exit, text) = Run("inspect", folder, "--json");
        Assert.True(exit == 0, text);
        Assert.Contains("6738415616", text, StringComparison.Ordinal); // the published number of parameters of Llama 2 7B
        Refused("has no weights: expected model.safetensors", "generate", folder, "--prompt", "a");
    }

    [Fact]
    public void Classes_that_are_counted_and_not_named_are_bounded()
    {
        var folder = _work.At("classes");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, ModelFolder.ConfigName), """{ "model_type": "bert", "architectures": ["BertForSequenceClassification"], "vocab_size": 100, "num_labels": 1000000000 }""");
        Refused("num_labels is 1000000000, and no id2label names them; from 1 to 1,000,000 classes", "inspect", folder);
    }

    /// <summary>What is set in a recipe, and what is said.</summary>
    public static TheoryData<string, string> Set => new()
    {
        { "student.model={ kind: encoder, hidden: 16384, heads: 16, layers: 128 }", "The student does not fit into memory: its weights take 1.7 TB" },
        { "teacher.model={ kind: encoder, hidden: 16384, heads: 16, layers: 128 }", "The teacher does not fit into memory: its weights take 1.7 TB" },
        { "student.model={ kind: textcnn, embedding: 8192, filters: 8192, widths: [1000000] }", "The student does not fit into memory: its weights take 268.4 TB" },
        { "student.model={ kind: textcnn, widths: [2000000000] }", "widths has 2000000000; at most 16,777,216 is built" },
        { "student.model={ kind: encoder, hidden: 32, heads: 5 }", "5 heads do not divide a hidden width of 32" },
        { "student.model={ kind: encoder, hidden: 1000000, layers: 1000 }", "student.model.layers: expected a whole number from 1 to 128, came the number 1000" },
        { "student.model={ kind: encoder, hidden: 8192, heads: 1, layers: 1, max-positions: 1000000 }", "The student does not fit into memory" },
        { "distill.batch=10000000", "distill.batch: expected a whole number from 1 to 1000000" },
        { "input.max-tokens=10000000", "input.max-tokens: expected a whole number from 2 to 1048576" },
        { "input.tokenizer={ kind: wordpiece, vocabulary: 1000000000 }", "input.tokenizer.vocabulary: expected a whole number from 300 to 1000000" },
        { "distill.epochs=1000000000000000000", "distill.epochs: expected a whole number from 1 to 1000000" },
        { "distill.steps=1000000000000000000", "distill.steps: expected a whole number from 1 to 1000000000" },
        { "distill.objectives=[{ kind: contrastive-representation, dimensions: 1000000000 }]", "dimensions: expected a whole number from 2 to 4096" },
        { "data.train={ kind: dotnet-docs, max-per-class: 1000000000000 }", "max-per-class: expected a whole number of at least 1 and at most 2147483647, came" },
    };

    [Theory]
    [MemberData(nameof(Set))]
    public void A_recipe_of_sizes_that_cannot_be_is_refused_before_anything_is_allocated(string set, string said)
    {
        Write();
        Refused(said, "check", _work.At("sizes.yaml"), "--set", set);
        if (set.StartsWith("student.model", StringComparison.Ordinal))
            Refused(said, "distill", _work.At("sizes.yaml"), "--out", _work.At("run"), "--set", set);
        Assert.False(Directory.Exists(_work.At("run")));
    }

    [Fact]
    public void The_student_of_a_recipe_is_inspected_without_its_weights()
    {
        Write("{ kind: encoder, hidden: 16384, heads: 16, layers: 100 }");
        var (exit, text) = Run("inspect", _work.At("sizes.yaml"), "--json", "--tokens", "12", "--path", "classifier");
        Assert.True(exit == 0, text);
        Assert.Contains("\"parameters\": 3224", text, StringComparison.Ordinal); // 12·16,384²·100, and little else
    }

    private void Write(string student = "{ kind: textcnn, embedding: 6, filters: 5 }")
    {
        _work.Write("sizes.csv", Workplace.Texts(40, seed: 3));
        _work.Write("sizes.yaml", $$"""
            name: sizes
            threads: 1
            data:
              train: { kind: csv, file: sizes.csv, text: text, label: label }
              split: { test: 0.25 }
            input: { kind: text, tokenizer: { kind: wordpiece, vocabulary: 300 }, max-tokens: 12 }
            teacher:
              model: { kind: encoder, hidden: 16, heads: 2, layers: 1 }
              train: { epochs: 1, batch: 4, optimizer: { kind: adamw, learning-rate: 1e-3 } }
            student: { model: {{student}} }
            distill: { epochs: 1, batch: 4, optimizer: { kind: adamw, learning-rate: 1e-3 }, objectives: [{ kind: soft-targets }] }
            """);
    }

    private string Llama()
    {
        var folder = _work.At("llama");
        var context = new ModelContext { Task = ModelTask.CausalLanguageModel, Classes = 0, VocabularySize = 40, MaxTokens = 32 };
        using var model = ModelFamilies.All.Single(f => f.Kind == "llama").Create(new LlamaOptions { Hidden = 16, Layers = 1, Heads = 4, Intermediate = 32, Tied = false }, context);
        ModelFolder.Save(folder, model);
        return folder;
    }

    private static void Change(string folder, string key, string value)
    {
        var file = Path.Combine(folder, ModelFolder.ConfigName);
        var json = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        json[key] = JsonNode.Parse(value);
        if (key is "hidden_size" or "num_attention_heads")
            json.Remove("head_dim");
        File.WriteAllText(file, json.ToJsonString());
    }

    private void Refused(string said, params string[] args)
    {
        var (exit, text) = Run(args);
        Assert.True(exit is ExitCodes.BadInput or ExitCodes.Machine, $"{exit}: {text}");
        Assert.Contains(said, text, StringComparison.Ordinal);
        Assert.DoesNotContain("fault of Decant", text, StringComparison.Ordinal);
    }

    private (int Exit, string Text) Run(params string[] args)
    {
        using var command = CommandProcess.Start(_work.At(), args);
        var (exit, peak) = command.WaitMeasured();
        Assert.True(peak < MostBytes, $"{peak >> 20} MiB were taken by {string.Join(' ', args)}");
        Assert.True(command.Elapsed < s_most, $"{command.Elapsed} passed in {string.Join(' ', args)}");
        return (exit, command.Said);
    }
}
