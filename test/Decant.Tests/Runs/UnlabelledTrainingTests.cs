using System.Text;
using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs;

/// <summary>Training samples without labels beside a test split with some: the loaded teacher says what is to be learned.</summary>
public sealed class UnlabelledTrainingTests : IDisposable
{
    private const string Unlabelled = "data.train={ kind: csv, file: train.csv, label: null }";
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Classes_and_their_order_are_those_of_the_teacher()
    {
        var labelled = Teacher("text.yaml", "data.train={ kind: csv, file: train.csv, classes: [天气, cooking] }");
        _work.Write("a.yaml", Student);
        var run = _work.Distill("a.yaml", "run", "--set", Unlabelled);
        var record = Workplace.Record(run);
        Assert.Equal(["天气", "cooking"], record.Events.OfType<DataDescribed>().Single().Classes); // sorted, cooking would come first
        Assert.Equal(Accuracy(labelled, "teacher"), Accuracy(run, "teacher"), 1e-12);
        Assert.Equal(["student"], record.Events.OfType<ArmStarted>().Select(a => a.Arm));
        Assert.Contains(record.Events.OfType<RunNote>(), n => n.Text.Contains("There is no control: the training samples of", StringComparison.Ordinal) && n.Text.Contains("have no labels", StringComparison.Ordinal));
    }

    [Fact]
    public void The_student_is_the_one_that_learns_from_the_same_samples_with_labels_that_it_does_not_look_at()
    {
        Teacher("text.yaml");
        _work.Write("a.yaml", Student);
        var without = _work.Distill("a.yaml", "without", "--set", Unlabelled);
        var with = _work.Distill("a.yaml", "with", "--set", "control=false");
        Assert.Equal(Workplace.Weights(with, "student"), Workplace.Weights(without, "student"));
    }

    [Fact]
    public void Plain_lines_are_training_samples_too()
    {
        Teacher("text.yaml");
        _work.Write("a.yaml", Student);
        _work.Write("lines.txt", string.Join('\n', Workplace.Texts(60, 9).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Split(',')[0])));
        var run = _work.Distill("a.yaml", "run", "--set", "data.train={ kind: text, files: [lines.txt], documents: line }");
        Assert.Equal(60, Workplace.Record(run).Events.OfType<DataDescribed>().Single().Splits["train"]);
    }

    [Fact]
    public void Check_says_that_there_is_no_control_and_why()
    {
        Teacher("text.yaml");
        _work.Write("a.yaml", Student);
        var answer = _work.Decant("check", _work.At("a.yaml"), "--set", Unlabelled);
        Assert.True(answer.Exit == 0, answer.Error);
        Assert.Contains("none: the training samples of", answer.Out);
    }

    [Theory]
    [InlineData("distill.objectives=[{ kind: soft-targets }, { kind: labels, weight: 0.1 }]", "distill.objectives[1] (labels): it learns from the labels of the training samples; leave it out")]
    [InlineData("distill.objectives=[{ kind: decoupled }]", "distill.objectives[0] (decoupled)")]
    [InlineData("teacher={ load: first/teacher, train: { epochs: 1, batch: 8, optimizer: { kind: adamw, learning-rate: 1e-3 } } }", "teacher.train.objectives[0] (labels): the teacher is to learn from the labels of the training samples; load one that has learned")]
    [InlineData("data.student-labels=10", "data.student-labels: there are none to hide")]
    [InlineData("distill.sampling={ classes: balanced }", "distill.sampling: samples are drawn by their class")]
    [InlineData("data.split={ validation: 0.2 }", "no sample has a label, so no split can be cut from it")]
    public void What_needs_labels_is_refused_by_its_key(string set, string said)
    {
        Teacher("text.yaml");
        _work.Write("a.yaml", Student);
        var answer = _work.Decant("distill", _work.At("a.yaml"), "--quiet", "--out", _work.At("run"), "--set", Unlabelled, "--set", set);
        Assert.NotEqual(0, answer.Exit);
        Assert.Contains(said, answer.Error.ReplaceLineEndings(" "));
        Assert.False(Directory.Exists(_work.At("run")));
    }

    [Fact]
    public void An_objective_on_labels_whose_weight_is_0_is_no_fault()
    {
        Teacher("text.yaml");
        _work.Write("a.yaml", Student);
        _work.Distill("a.yaml", "run", "--set", Unlabelled, "--set", "distill.objectives=[{ kind: soft-targets }, { kind: labels, weight: 0 }]");
    }

    [Fact]
    public void A_test_label_that_the_teacher_does_not_know_is_told_with_its_place()
    {
        Teacher("text.yaml");
        _work.Write("a.yaml", Student);
        _work.Write("test.csv", Workplace.Texts(60, 2) + "kala mita,politics\n");
        var answer = _work.Decant("check", _work.At("a.yaml"), "--set", Unlabelled);
        Assert.NotEqual(0, answer.Exit);
        Assert.Contains("test.csv:62: the label 'politics' is not one of the 2 classes of the teacher", answer.Error);
        Assert.Contains("The training samples have no labels, so the classes are the teacher's", answer.Error);
    }

    [Fact]
    public void Sentences_without_tags_are_learned_from_by_the_tags_of_the_teacher()
    {
        _work.Write("train.conll", Sentences(40));
        _work.Write("test.conll", Sentences(20));
        _work.Write("untagged.conll", Sentences(40).Replace(" B-x", "", StringComparison.Ordinal).Replace(" O", "", StringComparison.Ordinal));
        _work.Write("text.yaml", Words("token-classification", "{ kind: conll, file: train.conll }", "{ kind: conll, file: test.conll }", "model: { kind: lstm, embedding: 8, hidden: 8 }\n  train: { steps: 4, batch: 4, optimizer: { kind: adamw, learning-rate: 5e-3 } }", "soft-targets", "\n  tokenizer: { kind: wordpiece, vocabulary: 300 }"));
        Teacher("text.yaml");
        _work.Write("a.yaml", Words("token-classification", "{ kind: conll, file: untagged.conll, tags: false }", "{ kind: conll, file: test.conll }", "load: first/teacher", "soft-targets"));
        var run = _work.Distill("a.yaml", "run");
        Assert.Equal(["O", "B-x"], Workplace.Record(run).Events.OfType<DataDescribed>().Single().Classes);
        Assert.Contains("entity-f1", Workplace.Record(run).Events.OfType<Evaluated>().Single(e => e.Arm == "student" && e.Split == "test").Metrics.Keys);
    }

    [Fact]
    public void Texts_without_numbers_are_learned_from_by_those_of_a_regressions_teacher()
    {
        _work.Write("numbers.csv", "text,score\n" + string.Concat(Workplace.Texts(40, 1).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select((l, i) => $"{l.Split(',')[0]},{i % 5}\n")));
        const string Numbers = "{ kind: csv, file: numbers.csv, target: [score] }";
        _work.Write("text.yaml", Words("regression", Numbers, Numbers, "model: { kind: lstm, embedding: 8, hidden: 8 }\n  train: { steps: 4, batch: 4, optimizer: { kind: adamw, learning-rate: 5e-3 }, objectives: [{ kind: target-mse }] }", "logits-mse", "\n  tokenizer: { kind: wordpiece, vocabulary: 300 }"));
        Teacher("text.yaml");
        _work.Write("a.yaml", Words("regression", "{ kind: csv, file: numbers.csv, label: null }", Numbers, "load: first/teacher", "logits-mse"));
        var run = _work.Distill("a.yaml", "run");
        Assert.Equal(["score"], Workplace.Record(run).Events.OfType<DataDescribed>().Single().Classes);
        Assert.Contains("pearson", Workplace.Record(run).Events.OfType<Evaluated>().Single(e => e.Arm == "student" && e.Split == "test").Metrics.Keys);
    }

    private const string Student = """
        name: student
        seed: 3
        threads: 1
        data:
          train: { kind: csv, file: train.csv }
          test: { kind: csv, file: test.csv }
        input: { kind: text, max-tokens: 12 }
        teacher: { load: first/teacher }
        student: { model: { kind: textcnn, embedding: 8, filters: 4 } }
        distill:
          epochs: 1
          batch: 16
          optimizer: { kind: adamw, learning-rate: 5e-3 }
          objectives: [{ kind: soft-targets }]
        evaluate: { bootstrap: 100, latency-runs: 0 }
        """;

    private static string Words(string task, string train, string test, string teacher, string objective, string tokenizer = "") => $$"""
        name: words
        task: {{task}}
        seed: 3
        threads: 1
        data:
          train: {{train}}
          test: {{test}}
        input:
          kind: text
          max-tokens: 16{{tokenizer}}
        teacher:
          {{teacher}}
        student: { model: { kind: lstm, embedding: 4, hidden: 4 } }
        distill:
          steps: 4
          batch: 4
          optimizer: { kind: adamw, learning-rate: 5e-3 }
          objectives: [{ kind: {{objective}} }]
        evaluate: { bootstrap: 100, latency-runs: 0 }
        """;

    /// <summary>Trains a recipe's teacher alone; the run's folder.</summary>
    private string Teacher(string recipe, params string[] set)
    {
        var answer = _work.Decant(["train", _work.At(recipe), "--quiet", "--out", _work.At("first"), .. set.SelectMany(s => new[] { "--set", s })]);
        Assert.True(answer.Exit == 0, answer.Error);
        return _work.At("first");
    }

    private static double Accuracy(string run, string arm) => Workplace.Record(run).Events.OfType<Evaluated>().Single(e => e.Arm == arm && e.Split == "test").Metrics["accuracy"];

    private static string Sentences(int count)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
            text.Append(i % 2 == 0 ? "kala B-x\nmita O\n\n" : "grak O\nkala B-x\nwolt O\n\n");
        return text.ToString();
    }
}
