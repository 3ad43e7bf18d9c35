using Decant.Data.Sources;
using Decant.Export.Gguf;
using Decant.LLama;
using Decant.Models.Configuration;
using Decant.Models.LstmText;
using Decant.Objectives.Logits;
using Decant.Runs;
using Decant.Runs.Distilling;
using Decant.Runs.Jobs;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Tests.Export.Gguf;
using Decant.Tests.LLama;
using Decant.Text.Training;
using Decant.Training.Optimizers;

namespace Decant.Tests.Runs;

/// <summary>Students that learn from GGUF files.</summary>
public sealed class GgufTeacherFlowTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void A_language_model_learns_from_a_file_and_reads_with_its_tokenizer()
    {
        Stories();
        var run = _work.Distill("stories.yaml", "run");
        var record = Workplace.Record(run).Events;
        var teacher = record.OfType<ModelDescribed>().Single(e => e.Role == Arms.Teacher);
        Assert.Equal("a GGUF file (llama, F16)", teacher.Summary);
        Assert.Equal(new FileInfo(_work.At("teacher.gguf")).Length, teacher.Bytes);
        Assert.InRange(teacher.Parameters, 250_000, 270_000);
        Assert.Contains(record.OfType<LatencyMeasured>(), l => l.Arm == Arms.Teacher);
        var (taught, itself) = (Figure(record, Arms.Student), Figure(record, Arms.Teacher));
        Assert.InRange(itself, 0.5, taught);
        Assert.True(taught < Figure(record, Arms.Control) + 0.2);
        Assert.True(File.Exists(Path.Combine(run, "student", "tokenizer.json")));
        Assert.Equal(Workplace.Weights(run, "student"), Workplace.Weights(_work.Distill("stories.yaml", "again"), "student"));
    }

    [Fact]
    public void A_student_of_a_file_in_float32_equals_one_of_the_weights_it_was_made_of()
    {
        Stories(GgufWeights.F32);
        var run = _work.Distill("stories.yaml", "run");
        _work.Write("own.yaml", File.ReadAllText(_work.At("stories.yaml")).Replace("gguf: { file: teacher.gguf }", "load: own", StringComparison.Ordinal));
        Directory.CreateDirectory(_work.At("own"));
        foreach (var name in new[] { "config.json", "model.safetensors" })
            File.Copy(Path.Combine(RealData.Find("stories260K/hf"), name), _work.At(Path.Combine("own", name)));
        foreach (var name in new[] { "tokenizer.json", "tokenizer_config.json" })
            File.Copy(Path.Combine(run, "student", name), _work.At(Path.Combine("own", name)));
        var other = _work.Distill("own.yaml", "other");
        Assert.Equal(Figure(Workplace.Record(other).Events, Arms.Student), Figure(Workplace.Record(run).Events, Arms.Student), 1e-4);
        Assert.Equal(Figure(Workplace.Record(other).Events, Arms.Teacher), Figure(Workplace.Record(run).Events, Arms.Teacher), 1e-4);
    }

    [Fact]
    public void The_chat_template_of_a_tokenizer_goes_with_the_student_to_the_letter()
    {
        const string Template = "{% for m in messages %}{{ m.content }}  \n{% endfor %}中";
        Stories(GgufWeights.F32);
        Directory.CreateDirectory(_work.At("own"));
        foreach (var name in new[] { "config.json", "model.safetensors", "tokenizer.model" })
            File.Copy(Path.Combine(RealData.Find("stories260K/hf"), name), _work.At("own", name));
        _work.Write(Path.Combine("own", "tokenizer_config.json"), new System.Text.Json.Nodes.JsonObject
        {
            ["chat_template"] = new System.Text.Json.Nodes.JsonArray(
                new System.Text.Json.Nodes.JsonObject { ["name"] = "default", ["template"] = Template }, new System.Text.Json.Nodes.JsonObject { ["name"] = "tool_use", ["template"] = "tools" }),
        }.ToJsonString());
        _work.Write("own.yaml", File.ReadAllText(_work.At("stories.yaml")).Replace("gguf: { file: teacher.gguf }", "load: own", StringComparison.Ordinal));
        var student = Path.Combine(_work.Distill("own.yaml", "run"), "student");
        Assert.Equal(Template, File.ReadAllText(Path.Combine(student, "chat_template.jinja")));
        Assert.Equal("tools", File.ReadAllText(Path.Combine(student, "additional_chat_templates", "tool_use.jinja")));

        // From there into a GGUF file, and out of it into the student that learns from it.
        Assert.Equal(0, _work.Decant("export", student, "--to", "gguf", "--out", _work.At("taught.gguf"), "--quantize", "f32").Exit);
        _work.Write("second.yaml", File.ReadAllText(_work.At("stories.yaml")).Replace("teacher.gguf", "taught.gguf", StringComparison.Ordinal));
        var second = Path.Combine(_work.Distill("second.yaml", "second"), "student");
        Assert.Equal(Template, File.ReadAllText(Path.Combine(second, "chat_template.jinja")));
        Assert.Equal("tools", File.ReadAllText(Path.Combine(second, "additional_chat_templates", "tool_use.jinja")));
    }

    [Fact]
    public void Stored_answers_are_those_of_the_file()
    {
        Stories();
        _work.Write("stories.yaml", File.ReadAllText(_work.At("stories.yaml")).Replace("gguf: { file: teacher.gguf }", "gguf: { file: teacher.gguf }\n  answers: { kind: top-k, k: 8, folder: answers }", StringComparison.Ordinal));
        var first = _work.Distill("stories.yaml", "first");
        var second = _work.Distill("stories.yaml", "second");
        Assert.Single(Directory.GetDirectories(_work.At("answers")));
        Assert.Contains("the teacher was asked about 0 samples", Workplace.Notes(second), StringComparison.Ordinal);
        Assert.Equal(Workplace.Weights(first, "student"), Workplace.Weights(second, "student"));
        using (var other = GgufModels.Stories(GgufWeights.Q8))
            File.Copy(other.File, _work.At("teacher.gguf"), overwrite: true);
        Assert.DoesNotContain("the teacher was asked about 0 samples", Workplace.Notes(_work.Distill("stories.yaml", "third")), StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetDirectories(_work.At("answers")).Length);
    }

    [Fact]
    public void Files_are_members_of_an_ensemble()
    {
        Stories();
        using (var other = GgufModels.Stories(GgufWeights.Q8))
            File.Copy(other.File, _work.At("other.gguf"));
        _work.Write("stories.yaml", File.ReadAllText(_work.At("stories.yaml")).Replace("teacher:\n  gguf: { file: teacher.gguf }", "teachers:\n  - { name: one, gguf: { file: teacher.gguf } }\n  - { name: two, gguf: { file: other.gguf } }", StringComparison.Ordinal));
        var record = Workplace.Record(_work.Distill("stories.yaml", "run")).Events;
        Assert.Equal("a GGUF file (llama, Q8_0)", record.OfType<ModelDescribed>().Single(e => e.Role == Arms.Member("two")).Summary);
        Assert.InRange(Figure(record, Arms.Teacher), 0.5, Figure(record, Arms.Student));
    }

    [Theory]
    [InlineData("mean", "")]
    [InlineData("first", "tokenizer: { kind: wordpiece, vocabulary: 300 }, ")]
    public void An_embedding_learns_vectors_of_a_file_with_its_tokenizer_or_one_of_its_own(string pooling, string tokenizer)
    {
        using (var made = GgufModels.Encoder(pooling))
            File.Copy(made.File, _work.At("teacher.gguf"));
        _work.Write("train.csv", Csv(70, 0));
        _work.Write("test.csv", Csv(25, 70));
        _work.Write("vectors.yaml", $$"""
            name: vectors
            task: embedding
            seed: 3
            threads: 1
            data:
              train: { kind: csv, file: train.csv, text: one, pair: other, target: [score] }
              test: { kind: csv, file: test.csv, text: one, pair: other, target: [score] }
            input: { kind: text, {{tokenizer}}max-tokens: 32 }
            teacher: { gguf: { file: teacher.gguf, normalize: true } }
            student:
              model: { kind: lstm, embedding: 16, hidden: 16 }
            distill:
              epochs: 2
              batch: 16
              optimizer: { kind: adamw, learning-rate: 1e-2 }
              objectives: [{ kind: vectors }]
            evaluate: { bootstrap: 100, latency-runs: 3 }
            """);
        var record = Workplace.Record(_work.Distill("vectors.yaml", "run")).Events;
        Assert.Equal("a GGUF file (bert, F16)", record.OfType<ModelDescribed>().Single(e => e.Role == Arms.Teacher).Summary);
        Assert.Equal(1, record.OfType<Evaluated>().Single(e => e.Arm == Arms.Teacher).Metrics["teacher-cosine"], 1e-4);
        if (tokenizer.Length == 0) // one batch of tokens cannot be shown to both otherwise
            Assert.InRange(record.OfType<Evaluated>().Single(e => e.Arm == Arms.Student).Metrics["teacher-cosine"], 0.2, 1.0001);
    }

    [Theory]
    [InlineData("task=classification", "and the task is classification; use causal-lm or embedding")]
    [InlineData("teacher.load=somewhere", "leave 'load' out, or 'gguf'")]
    [InlineData("teacher.model={ kind: gpt2 }", "leave 'model' out, or 'gguf'")]
    [InlineData("teacher.quantization={ kind: weight-only }", "leave 'quantization' out, or 'gguf'")]
    [InlineData("teacher.seed=4", "leave 'seed' out, or 'gguf'")]
    [InlineData("student={ from-teacher: { layers: 1 } }", "shows no weights to begin with")]
    [InlineData("distill.objectives=[{ kind: hidden-states }]", "reads inner values, and teacher.gguf gives its logits alone")]
    [InlineData("teacher.gguf.context=32", "texts have up to 64 tokens (input.max-tokens), and there is room for 32")]
    [InlineData("teacher.gguf.normalize=true", "'normalize' is for the vectors of an embedding")]
    [InlineData("input.vocabulary=used", "the tokens of teacher.gguf stay as they are")]
    [InlineData("input.carry-state=true", "reads each text from its beginning")]
    public void What_does_not_go_together_is_refused(string set, string expected) => Refused(set, expected);

    [Theory]
    [InlineData("input.max-tokens=600", "texts have up to 600 tokens, and")]
    [InlineData("input.tokenizer={ kind: byte-bpe, vocabulary: 400 }", "input.end-of-text: the tokenizer has no token '<s>'")]
    [InlineData("teacher.gguf.file=none.gguf", "none.gguf cannot be read")]
    [InlineData("teacher.gguf.file=stories.yaml", "its first four bytes are not GGUF")]
    public void What_the_file_cannot_do_is_refused_before_the_training(string set, string expected) => Refused(set, expected);

    [Fact]
    public void A_student_with_another_tokenizer_learns_where_tokens_of_both_end()
    {
        Stories();
        string[] other = ["--set", "input.tokenizer={ kind: byte-bpe, vocabulary: 400 }", "--set", "input.end-of-text=null", "--set", "teacher.end-of-text=<s>", "--set", "control=false"];
        var run = _work.Distill("stories.yaml", "run", [.. other, "--set", "distill.objectives=[{ kind: aligned-spans }, { kind: labels }]"]);
        var record = Workplace.Record(run).Events;
        Assert.Contains(record.OfType<StepTaken>(), s => s.Parts.ContainsKey("aligned-spans"));
        Assert.InRange(Figure(record, Arms.Teacher), 0.5, Figure(record, Arms.Student));
        var answer = _work.Decant(["check", _work.At("stories.yaml"), .. other]);
        Assert.Contains("use aligned-spans or universal-logit", Workplace.Words(answer.Error + answer.Out), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_embeddings_cannot_teach_a_language_model()
    {
        Stories();
        using (var made = GgufModels.SmallEncoder())
            File.Copy(made.File, _work.At("teacher.gguf"), overwrite: true);
        Refused("name=again", "gives no logits of tokens: expected a language model", write: false);
    }

    [Fact]
    public void A_run_that_was_stopped_goes_on_to_the_same_student_and_notices_another_file()
    {
        Stories();
        var whole = _work.Distill("stories.yaml", "whole");
        using var stop = new CancellationTokenSource();
        var watch = new Resuming.Watcher(e =>
        {
            if (e is StepTaken { Arm: Arms.Student, Step: 3 })
                stop.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(_work.Recipe("stories.yaml"), new RunOptions { Out = _work.At("run") }, watch, stop.Token));
        File.Copy(_work.At("teacher.gguf"), _work.At("kept.gguf"));
        using (var other = GgufModels.Stories(GgufWeights.Q8))
            File.Copy(other.File, _work.At("teacher.gguf"), overwrite: true);
        var (exit, _, error) = _work.Decant("distill", "--resume", _work.At("run"), "--quiet");
        Assert.NotEqual(0, exit);
        Assert.Contains("the GGUF file of the teacher", Workplace.Words(error), StringComparison.Ordinal);
        File.Copy(_work.At("kept.gguf"), _work.At("teacher.gguf"), overwrite: true);
        Assert.Equal(0, _work.Decant("distill", "--resume", _work.At("run"), "--quiet").Exit);
        Assert.Equal(Workplace.Weights(whole, "student"), Workplace.Weights(_work.At("run"), "student"));
    }

    [Fact]
    public void A_file_is_inspected_without_native_code()
    {
        Stories();
        var (exit, text, _) = _work.Decant("inspect", _work.At("teacher.gguf"));
        Assert.Equal(0, exit);
        Assert.Contains("llama.embedding_length 64", Workplace.Words(text), StringComparison.Ordinal);
        Assert.Contains("tokenizer.ggml.tokens [<unk>, <s>, </s>, <0x00>, <0x01>, … (512 items)]", Workplace.Words(text), StringComparison.Ordinal);
        Assert.Contains("blk.0.attn_q.weight F16 [64, 64]", Workplace.Words(text), StringComparison.Ordinal);
        Assert.Contains("GGUF, llama: 47 tensors, 260,032 numbers", Workplace.Words(text), StringComparison.Ordinal);
        var json = System.Text.Json.Nodes.JsonNode.Parse(_work.Decant("inspect", _work.At("teacher.gguf"), "--json").Out)!;
        Assert.Equal("64", (string?)json["settings"]!["llama.embedding_length"]);
        Assert.Equal(47, json["tensors"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_program_learns_from_a_file_with_the_distiller()
    {
        using var made = GgufModels.Encoder();
        _work.Write("texts.csv", Csv(70, 0));
        _work.Write("test.csv", Csv(25, 70));
        var student = new LstmOptions { Embedding = 16, Hidden = 16 };
        var done = await Distiller.Create(new GgufTeacherOptions { File = made.File }, student)
            .On(new CsvOptions { File = _work.At("texts.csv"), Text = "one", Label = null }, test: new CsvOptions { File = _work.At("test.csv"), Text = "one", Label = null })
            .For(ModelTask.Embedding)
            .WithTokenizer((TokenizerOptions?)null, maxTokens: 32) // the file's
            .With(new Vectors())
            .Train(o => { o.Epochs = 2; o.Batch = 16; o.Optimizer = new AdamW { LearningRate = 1e-2 }; })
            .SaveTo(_work.At("own")).RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.InRange(done.Figure(Arms.Student), 0.2, 1);
        Assert.Contains("it as the teacher", Assert.Throws<DecantException>(() => Distiller.Create(student, new GgufTeacherOptions { File = made.File }).RunAsync().GetAwaiter().GetResult()).Message, StringComparison.Ordinal);
    }

    private void Refused(string set, string expected, bool write = true)
    {
        if (write)
            Stories();
        var (exit, _, error) = _work.Decant("check", _work.At("stories.yaml"), "--set", set);
        Assert.NotEqual(0, exit);
        Assert.Contains(expected, Workplace.Words(error), StringComparison.Ordinal);
    }

    private void Stories(GgufWeights weights = GgufWeights.F16)
    {
        using (var made = GgufModels.Stories(weights))
            File.Copy(made.File, _work.At("teacher.gguf"));
        string[] texts = [.. GgufFixture.Texts.Select(text => string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
        _work.Write("train.txt", string.Join('\n', texts.Take(150)));
        _work.Write("test.txt", string.Join('\n', texts.Skip(150)));
        _work.Write("stories.yaml", """
            name: stories
            task: causal-lm
            seed: 1
            threads: 1
            data:
              train: { kind: text, files: [train.txt], documents: line }
              test: { kind: text, files: [test.txt], documents: line }
            input: { kind: text, max-tokens: 64, end-of-text: "<s>" }
            teacher:
              gguf: { file: teacher.gguf }
            student:
              model: { kind: llama, layers: 1, hidden: 16, heads: 2, intermediate: 32 }
            distill:
              epochs: 1
              batch: 8
              optimizer: { kind: adamw, learning-rate: 2e-3 }
              objectives: [{ kind: soft-targets, temperature: 1, weight: 0.9 }, { kind: labels, weight: 0.1 }]
            evaluate: { bootstrap: 100, latency-runs: 3, prompts: ["Once upon a time"], continuation-tokens: 5 }
            """);
    }

    private static double Figure(IEnumerable<RunEvent> record, string arm) => record.OfType<Evaluated>().Single(e => e.Arm == arm).Metrics["nll"];

    private static string Csv(int rows, int skip) =>
        "one,other,score\n" + string.Join('\n', GgufFixture.Texts.Skip(skip * 2).Chunk(2).Take(rows).Select((pair, i) => $"\"{pair[0].Replace('"', '\'')}\",\"{pair[1].Replace('"', '\'')}\",{i % 5}"));
}
