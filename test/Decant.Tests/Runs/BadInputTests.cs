using System.Text;
using Decant.Export;
using Decant.Export.Safetensors;
using Decant.Runs;
using Decant.Runs.Hardware;
using Decant.Runs.Jobs;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Tests.Runs.Resuming;
using Decant.Torch;

namespace Decant.Tests.Runs;

/// <summary>Whatever a user can get wrong, through the real command line: one message, an exit code, nothing written.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void A_file_that_is_missing() => Refuses("text.yaml", "nowhere.csv", "--set", "data.train.file=nowhere.csv");

    [Fact]
    public void A_column_that_is_missing() => Refuses("text.yaml", "train.csv:1: there is no column 'body'", "--set", "data.train.text=body");

    [Fact]
    public void A_label_that_only_the_test_split_has()
    {
        _work.Write("test.csv", Workplace.Texts(60, 2) + "kala mita,politics\n");
        Refuses("text.yaml", "politics");
    }

    [Fact]
    public void A_split_that_is_empty()
    {
        _work.Write("test.csv", "text,label\n");
        Refuses("text.yaml", "test.csv");
    }

    [Fact]
    public void A_class_with_one_sample()
    {
        _work.Write("train.csv", Workplace.Texts(160, 1) + "kala mita,politics\n");
        Refuses("text.yaml", "politics");
    }

    [Fact]
    public void Text_that_is_not_UTF_8()
    {
        _work.Write("train.csv", [.. Encoding.UTF8.GetBytes(Workplace.Texts(160, 1)), 0xD6, 0xD0, (byte)',', (byte)'a', (byte)'\n']);
        Refuses("text.yaml", "train.csv:162");
    }

    [Theory]
    [InlineData("train-images", 100, "cut off")]
    [InlineData("train-labels", 5, "cut off in its head")]
    public void An_IDX_file_that_is_cut_off(string file, int length, string said)
    {
        _work.Write(file, File.ReadAllBytes(_work.At(file))[..length]);
        Refuses("image.yaml", said);
    }

    [Fact]
    public void An_IDX_file_with_a_wrong_magic_number() =>
        Refuses("image.yaml", "expected the magic number 0x00000803 or 0x00000804 of an IDX file of images, came 0x00000801; these are labels", "--set", "data.train.images=train-labels");

    [Fact]
    public void IDX_files_whose_counts_disagree() => Refuses("image.yaml", "60 labels for the 120 images", "--set", "data.train.labels=test-labels");

    [Fact]
    public void Test_images_of_another_size_than_those_to_train_on()
    {
        _work.WriteImages("test", 60, 10, seed: 2);
        Refuses("image.yaml", ": This model of kind 'mlp' expects [B, 1, 8, 8]; [1, 1, 10, 10] came.");
    }

    [Theory]
    [InlineData(10, 3, "expects [B, 1, 10, 10]; [1, 1, 8, 8] came")]
    [InlineData(8, 4, "knows 4 classes, the data has 3 (0, 1, 2)")]
    public void A_loaded_teacher_of_other_images_or_another_number_of_classes(int size, int classes, string said)
    {
        var teacher = TrainTeacher(size, classes);
        Refuses(Loading(teacher), said);
    }

    [Theory]
    [InlineData("'7', '8', '9'", "knows other classes (7, 8, 9) than the data has (0, 1, 2)")]
    [InlineData("'0', '1', 'x'", "knows other classes (0, 1, x) than the data has (0, 1, 2)")]
    public void A_loaded_teacher_whose_classes_have_other_names(string names, string said)
    {
        var teacher = TrainTeacher(8, 3);
        var given = names.Split(", ").Select(n => n.Trim('\'')).ToArray();
        var config = Path.Combine(teacher, "config.json");
        var json = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(config))!;
        json["id2label"] = new System.Text.Json.Nodes.JsonObject(given.Select((n, i) => KeyValuePair.Create(i.ToString(), (System.Text.Json.Nodes.JsonNode?)n)));
        json["label2id"] = new System.Text.Json.Nodes.JsonObject(given.Select((n, i) => KeyValuePair.Create(n, (System.Text.Json.Nodes.JsonNode?)i)));
        File.WriteAllText(config, json.ToJsonString());
        Refuses(Loading(teacher), said);
    }

    [Fact]
    public void A_loaded_teacher_without_a_head_is_refused_unless_a_new_one_is_allowed_and_trained()
    {
        Assert.Equal(0, _work.Decant("train", _work.At("text.yaml"), "--quiet", "--out", _work.At("own")).Exit);
        var weights = _work.At("own", "teacher", ModelFolder.WeightsName);
        using (TensorScope.Open())
        {
            using var file = SafetensorsFile.Open(weights);
            var ofBase = file.Entries.Keys.Where(n => n.StartsWith("bert.", StringComparison.Ordinal)).ToDictionary(n => n["bert.".Length..], file.Read);
            SafetensorsWriter.Write(weights, ofBase);
        }

        _work.Write("base.yaml", Workplace.Text.Replace("  tokenizer: { kind: wordpiece, vocabulary: 300 }\n", "", StringComparison.Ordinal)
            .Replace("  model: { kind: encoder, layers: 1, hidden: 16, heads: 2 }\n", $"  load: {_work.At("own", "teacher")}\n", StringComparison.Ordinal));
        Refuses("base.yaml", "missing: classifier.weight [2, 16]");
        Assert.Equal(0, _work.Decant("train", _work.At("base.yaml"), "--quiet", "--out", _work.At("new"), "--set", "teacher.new-head=true").Exit);
        Assert.Contains("new, since the file has no such head: classifier.bias, classifier.weight", File.ReadAllText(_work.At("new", "record.jsonl")));
    }

    [Fact]
    public void A_new_head_that_nothing_trains() =>
        Refuses("text.yaml", "nothing is loaded, so all of the teacher is new", "--set", "teacher.new-head=true");

    [Fact]
    public void A_teacher_with_a_tokenizer_of_its_own_and_a_recipe_that_trains_another()
    {
        Assert.Equal(0, _work.Decant("train", _work.At("text.yaml"), "--quiet", "--out", _work.At("own")).Exit);
        _work.Write("two.yaml", Workplace.Text.Replace("kind: wordpiece", "kind: byte-bpe", StringComparison.Ordinal)
            .Replace("    epochs: 1\n    batch: 16\n    optimizer: { kind: adamw, learning-rate: 5e-3 }\nstudent", "student", StringComparison.Ordinal)
            .Replace("  model: { kind: encoder, layers: 1, hidden: 16, heads: 2 }\n  train:\n", $"  load: {_work.At("own", "teacher")}\n", StringComparison.Ordinal));
        // The teacher goes on reading with its own: it is as good as it was when it was trained.
        Assert.Equal(0, _work.Decant("distill", _work.At("two.yaml"), "--quiet", "--out", _work.At("both")).Exit);
        Assert.Equal(Accuracy("own"), Accuracy("both"));
        Refuses("two.yaml", "An objective compares inner values of the tokens", "--set", "distill.objectives=[{ kind: hidden-states }, { kind: soft-targets }]", "--set", "student.model={ kind: encoder, layers: 1, hidden: 16, heads: 2 }");

        double Accuracy(string run) => Workplace.Record(_work.At(run)).Events.OfType<Evaluated>().Single(e => e is { Arm: "teacher", Split: "test" }).Metrics["accuracy"];
    }

    [Theory]
    [InlineData("image.yaml", "evaluate.tune-bias=[nine]", "'tune-bias' needs validation samples")]
    [InlineData("text.yaml", "evaluate.tune-bias=[nine]", "evaluate.tune-bias: 'nine' is not one of the 2 classes")]
    [InlineData("text.yaml", "distill.transfer-set.without-classes=[nine]", "without-classes: 'nine' is not one of the 2 classes")]
    [InlineData("text.yaml", "data.student-labels=4000", "student-labels: 4,000 were requested, and the training split has 128")]
    [InlineData("image.yaml", "distill.schedule.kind=plateau", "The schedule waits for validation scores")]
    [InlineData("text.yaml", "teacher.model.heads=3", "heads")]
    [InlineData("image.yaml", "distill.objectives=[{ kind: soft-targets }, { kind: labels, class-weights: [1, 2] }]", "2 class weights are given, and the student has 3 classes")]
    public void What_does_not_fit_is_told_before_the_teacher_learns(string recipe, string set, string said) => Refuses(recipe, said, "--set", set);

    [Fact]
    public void An_output_folder_that_is_not_empty_is_left_as_it_is()
    {
        Directory.CreateDirectory(_work.At("full"));
        _work.Write("full/precious.txt", "mine");
        var answer = _work.Decant("distill", _work.At("image.yaml"), "--out", _work.At("full"));
        Assert.Equal((2, $"The output folder {_work.At("full")} exists and is not empty. Nothing is overwritten: choose another with --out, or remove it.\n"), (answer.Exit, answer.Error));
        Assert.Equal([_work.At("full", "precious.txt")], Directory.GetFileSystemEntries(_work.At("full")));
    }

    [Theory]
    [InlineData("train.csv/run")]
    [InlineData("/proc/decant-run")]
    public void An_output_folder_that_cannot_be_written(string folder)
    {
        var answer = _work.Decant("distill", _work.At("image.yaml"), "--out", Path.Combine(_work.Root, folder));
        Assert.Equal(3, answer.Exit);
        Told(answer, "cannot be written");
    }

    [Fact]
    public void A_loss_that_becomes_NaN_leaves_the_last_good_weights()
    {
        var answer = _work.Decant("distill", _work.At("image.yaml"), "--quiet", "--out", _work.At("nan"), "--set", "distill.objectives=[{ kind: logits-mse }]", "--set", "distill.optimizer.learning-rate=1e6");
        Assert.True(answer.Exit == 4, answer.Error);
        Assert.Equal(4, answer.Exit);
        Told(answer, "The student of seed 5 diverged.");
        Assert.Matches(@"at step \d+; the loss was last finite at step \d+: ", answer.Error);
        var kept = _work.At("nan", "checkpoints", "student-seed-5", "best.safetensors");
        Assert.Contains(kept, answer.Error);
        using var model = ModelFolder.Load(_work.At("nan", "teacher"));
        using var weights = SafetensorsFile.Open(kept);
        using var scope = TensorScope.Open();
        foreach (var tensor in weights.ViewAll().Values)
            Assert.All(tensor.Reshape(-1).ToArray<float>(), w => Assert.True(float.IsFinite(w)));
        Assert.Equal(4, Workplace.Record(_work.At("nan")).Events.OfType<RunFinished>().Single().Exit);
        Assert.False(File.Exists(_work.At("nan", "student", "model.safetensors")));
    }

    [Fact]
    public void An_interrupted_run_leaves_a_checkpoint()
    {
        var stopped = false;
        using var soon = new CancellationTokenSource();
        var thrown = Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(
            _work.Recipe("image.yaml"),
            new RunOptions { Out = _work.At("stopped") },
            new Watcher(happened =>
            {
                if (happened is StepTaken { Arm: Arms.Student, Step: 3 }) soon.Cancel();
                stopped |= happened is RunNote { Text: var text } && text.Contains("Stopped after step 3 of the student", StringComparison.Ordinal);
            }),
            soon.Token));
        Assert.Contains("checkpoint", thrown.Message);
        Assert.True(stopped);
        Assert.Equal(["000001-step-3"], Directory.GetDirectories(_work.At("stopped", "checkpoints", "student-seed-5")).Select(Path.GetFileName));
        Assert.Equal(130, Workplace.Record(_work.At("stopped")).Events.OfType<RunFinished>().Single().Exit);

        var pressed = _work.Decant(interruption => interruption.Request(), "distill", _work.At("image.yaml"), "--quiet", "--out", _work.At("pressed"));
        Assert.Equal(130, pressed.Exit);
    }

    [Theory]
    [InlineData("1.13.0", true)]
    [InlineData("2.11.0+cu128", true)]
    [InlineData("1.12.1", false)]
    [InlineData("1.130.0", false)]
    [InlineData("3.0.0", false)]
    public void A_libtorch_of_an_unknown_version_is_named(string version, bool isKnown)
    {
        var problem = TorchVersions.Problem(version);
        Assert.Equal(isKnown, problem is null);
        if (!isKnown) Assert.Contains(version, problem);
    }

    private void Refuses(string recipe, string said, params string[] set)
    {
        var before = Directory.GetFileSystemEntries(_work.Root).Length;
        var answer = _work.Decant(["distill", _work.At(recipe), "--out", _work.At("out"), .. set]);
        Assert.True(answer.Exit == 2, $"{answer.Exit}: {answer.Error}");
        Told(answer, said);
        Assert.False(Directory.Exists(_work.At("out")), "the run's folder was made");
        Assert.Equal(before, Directory.GetFileSystemEntries(_work.Root).Length);
    }

    private static void Told(Answer answer, string said)
    {
        Assert.True(answer.Error.Contains(said, StringComparison.Ordinal), answer.Error);
        Assert.DoesNotContain("   at ", answer.Error);
        Assert.DoesNotContain("fault of Decant", answer.Error);
    }

    private string TrainTeacher(int size, int classes)
    {
        _work.WriteImages("other", 60, size, seed: 4, classes);
        _work.Write("teacher.yaml", Workplace.Image.Replace("train-", "other-", StringComparison.Ordinal).Replace("test-", "other-", StringComparison.Ordinal));
        var answer = _work.Decant("train", _work.At("teacher.yaml"), "--quiet", "--out", _work.At("other"));
        Assert.True(answer.Exit == 0, answer.Error);
        return _work.At("other", "teacher");
    }

    private string Loading(string teacher)
    {
        var from = Workplace.Image.IndexOf("teacher:\n", StringComparison.Ordinal);
        var to = Workplace.Image.IndexOf("student:\n", StringComparison.Ordinal);
        _work.Write("loading.yaml", $"{Workplace.Image[..from]}teacher: {{ load: {teacher} }}\n{Workplace.Image[to..]}");
        return "loading.yaml";
    }
}
