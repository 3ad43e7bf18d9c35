using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.Table;
using Decant.Tests.Runs.Resuming;

namespace Decant.Tests.Runs;

/// <summary>What is learnt one after the other, and by whom.</summary>
public sealed class StageFlowTests : IDisposable
{
    private const string Stages = """
          batch: 16
          optimizer: { kind: adamw, learning-rate: 5e-3 }
          stages:
            - { name: first, epochs: 1, objectives: [{ kind: logits-mse }] }
            - { name: second, steps: 5, batch: 32, objectives: [{ kind: soft-targets }, { kind: labels }] }

        """;

    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void A_student_learns_stage_by_stage_and_the_control_makes_as_many_updates()
    {
        var run = Distill("stages", Staged());
        var started = Workplace.Record(run).Events.OfType<ArmStarted>().ToDictionary(a => a.Arm);
        Assert.Equal(["teacher", "student.first", "student", "control", "all-labels"], started.Keys);
        Assert.Equal((8, "1 · logits-mse", "first"), (started["student.first"].Steps, started["student.first"].Objectives, started["student.first"].Stage));
        Assert.Equal((5, "1 · soft-targets + 1 · labels", "second"), (started["student"].Steps, started["student"].Objectives, started["student"].Stage));
        Assert.Equal((13, "1 · labels"), (started["control"].Steps, started["control"].Objectives));
        Assert.False(Directory.Exists(Path.Combine(run, "student.first")), "a stage's weights are no model of the result");
    }

    [Fact]
    public void A_stage_begins_with_the_weights_that_the_one_before_ended_with()
    {
        var one = Distill("one", Staged().Replace("steps: 5", "steps: 1", StringComparison.Ordinal).Replace("learning-rate: 5e-3 }\n  stages", "learning-rate: 5e-3 }\n  schedule: { kind: constant }\n  stages", StringComparison.Ordinal));
        var alone = Distill("alone", Staged().Replace("    - { name: first, epochs: 1, objectives: [{ kind: logits-mse }] }\n", "", StringComparison.Ordinal).Replace("steps: 5", "steps: 1", StringComparison.Ordinal));
        // One update moves no weight by more than about its rate: the student of both stages is far from the one of the second alone.
        var (a, b) = (Numbers(one), Numbers(alone));
        Assert.True(a.Zip(b).Max(p => Math.Abs(p.First - p.Second)) > 0.012, "the first stage left no trace");
    }

    [Fact]
    public void A_stage_that_is_added_changes_nothing_that_comes_before()
    {
        var two = Losses(Distill("two", Staged()));
        var three = Losses(Distill("three", Staged().Replace("evaluate:", "    - { name: third, steps: 3, objectives: [{ kind: soft-targets }] }\nevaluate:", StringComparison.Ordinal)));
        Assert.Equal(two["student.first"], three["student.first"]);
        Assert.Equal(two["student"], three["student.second"]);
        Assert.Equal(two["teacher"], three["teacher"]);
    }

    [Fact]
    public void One_stage_is_the_same_as_none()
    {
        var plain = Distill("plain", Workplace.Text.Replace("  warm-up: { epochs: 1 }\n", "", StringComparison.Ordinal));
        var staged = Distill("staged", Workplace.Text.Replace("  warm-up: { epochs: 1 }\n", "", StringComparison.Ordinal)
            .Replace("  epochs: 2\n  batch: 16", "  batch: 16", StringComparison.Ordinal)
            .Replace("  objectives:\n    - { kind: soft-targets, temperature: 2, weight: 0.7 }\n    - { kind: labels, weight: 0.3 }\n",
                "  stages:\n    - { name: only, epochs: 2, objectives: [{ kind: soft-targets, temperature: 2, weight: 0.7 }, { kind: labels, weight: 0.3 }] }\n", StringComparison.Ordinal));
        foreach (var arm in new[] { Arms.Teacher, Arms.Student, Arms.Control })
            Assert.Equal(Workplace.Weights(plain, arm), Workplace.Weights(staged, arm));
    }

    [Fact]
    public void A_warm_up_is_a_stage_of_the_objectives_that_use_the_teacher()
    {
        var losses = Losses(Distill("warm", Workplace.Text));
        Assert.Equal(["teacher", "warm-up", "student", "control", "all-labels"], losses.Keys);
    }

    [Fact]
    public void Assistants_stand_between_teacher_and_student_in_the_record_the_report_and_the_summary()
    {
        var run = Distill("assistants", Workplace.Text.Replace("student:\n", """
            assistants:
              - from-teacher: { layers: 1, intermediate: 32 }
              - model: { kind: textcnn, embedding: 12, filters: 8 }
                distill:
                  epochs: 1
                  batch: 8
                  optimizer: { kind: sgd, learning-rate: 0.1 }
                  objectives: [{ kind: logits-mse }]
            student:

            """, StringComparison.Ordinal));
        string[] row = ["teacher", "assistant-1", "assistant-2", "student", "control", "all-labels"];
        var events = Workplace.Record(run).Events;
        Assert.Equal(row, events.OfType<ModelDescribed>().Select(m => m.Role));
        Assert.Equal(row, events.OfType<Evaluated>().Select(e => e.Arm));
        Assert.Equal(row, ComparisonTable.Of(Workplace.Record(run)).Columns.Select(c => c.Key));
        var started = events.OfType<ArmStarted>().ToDictionary(a => a.Arm);
        Assert.Contains("assistant-1.warm-up", started.Keys); // without a distillation of its own it learns as the student does
        Assert.Equal((16, "1 · logits-mse"), (started["assistant-2"].Steps, started["assistant-2"].Objectives));
        Assert.Equal(24, started["control"].Steps);
        foreach (var arm in row) Assert.NotEmpty(Workplace.Weights(run, arm));
        var report = File.ReadAllText(Path.Combine(run, "report.html"));
        Assert.Contains("Assistant-2", report);
        Assert.Contains("\"assistant-2\"", File.ReadAllText(Path.Combine(run, "summary.json")));
    }

    [Fact]
    public void Each_learns_from_the_one_before_it()
    {
        // A student that only imitates an assistant which never learned is as unsure as that one.
        const string Idle = "distill: { steps: 1, batch: 8, optimizer: { kind: sgd, learning-rate: 1e-9 }, objectives: [{ kind: logits-mse }] }";
        var yaml = Workplace.Text.Replace("student:\n", $"assistants:\n  - model: {{ kind: textcnn, embedding: 8, filters: 4 }}\n    {Idle}\nstudent:\n", StringComparison.Ordinal)
            .Replace("    - { kind: soft-targets, temperature: 2, weight: 0.7 }\n    - { kind: labels, weight: 0.3 }\n", "    - { kind: logits-mse }\n", StringComparison.Ordinal)
            .Replace("  epochs: 2\n", "  epochs: 12\n", StringComparison.Ordinal)
            .Replace("    epochs: 1\n", "    epochs: 6\n", StringComparison.Ordinal);
        var test = Workplace.Record(Distill("idle", yaml)).Events.OfType<Evaluated>().ToDictionary(e => e.Arm, e => e.Agreement?.MeanKl ?? 0);
        Assert.True(test["student"] > 0.5 * test["assistant-1"], $"the student learned from the teacher past its assistant: {test["student"]} against {test["assistant-1"]}");
    }

    [Fact]
    public void Generations_are_fresh_students_of_the_same_size_and_the_last_begins_as_the_control_does()
    {
        var one = Distill("one", Workplace.Text);
        var three = Distill("three", Workplace.Text.Replace("filters: 4 }\n", "filters: 4 }\n  generations: 3\n", StringComparison.Ordinal));
        var models = Workplace.Record(three).Events.OfType<ModelDescribed>().ToDictionary(m => m.Role, m => m.Parameters);
        Assert.Equal(["teacher", "generation-1", "generation-2", "student", "control", "all-labels"], models.Keys);
        Assert.Single(new[] { models["generation-1"], models["generation-2"], models["student"], models["control"], models["all-labels"] }.Distinct());
        Assert.Equal(Workplace.Weights(one, Arms.Control), Workplace.Weights(three, Arms.Control));
        Assert.Equal(Workplace.Weights(one, Arms.Teacher), Workplace.Weights(three, Arms.Teacher));
        var weights = new[] { "generation-1", "generation-2", "student" }.Select(arm => Convert.ToHexString(Workplace.Weights(three, arm))).Distinct();
        Assert.Equal(3, weights.Count());
        var two = Distill("two", Workplace.Text.Replace("filters: 4 }\n", "filters: 4 }\n  generations: 2\n", StringComparison.Ordinal));
        Assert.Equal(Workplace.Weights(two, "generation-1"), Workplace.Weights(three, "generation-1"));
    }

    [Fact]
    public void A_plan_tells_every_stage_of_everyone()
    {
        _work.Write("more.csv", Workplace.Texts(40, seed: 7));
        _work.Write("all.yaml", KillRecipes.Stages);
        var lines = new PlanJob(Catalog.Standard).Run(_work.Recipe("all.yaml")).ToDictionary(l => l.Title, l => l.Text);
        Assert.Equal(
            ["data", "tokenizer", "teacher", "assistant-1.imitation: teacher outputs", "assistant-1.imitation",
                "assistant-1.wide: teacher outputs", "assistant-1.wide", "assistant-1: teacher outputs", "assistant-1",
                "generation-1.imitation: teacher outputs", "generation-1.imitation", "generation-1.wide: teacher outputs", "generation-1.wide", "generation-1: teacher outputs", "generation-1",
                "student.imitation: teacher outputs", "student.imitation", "student.wide: teacher outputs", "student.wide", "teacher outputs", "student", "control", "all-labels", "memory", "total"],
            lines.Keys);
        Assert.Contains("4 steps of 16 samples", lines["student.wide"]);
    }

    private static string Staged() => Workplace.Text.Replace("  warm-up: { epochs: 1 }\n", "", StringComparison.Ordinal)
        .Replace("  epochs: 2\n  batch: 16\n  optimizer: { kind: adamw, learning-rate: 5e-3 }\n  objectives:\n    - { kind: soft-targets, temperature: 2, weight: 0.7 }\n    - { kind: labels, weight: 0.3 }\n", Stages, StringComparison.Ordinal);

    private string Distill(string name, string yaml) => _work.Distill(_work.Write(name + ".yaml", yaml), name);

    private static Dictionary<string, string> Losses(string run) => Workplace.Record(run).Events.OfType<StepTaken>()
        .GroupBy(s => s.Arm).ToDictionary(g => g.Key, g => string.Join(' ', g.Select(s => s.Loss.ToString("R", System.Globalization.CultureInfo.InvariantCulture))));

    private static float[] Numbers(string run)
    {
        var bytes = Workplace.Weights(run, Arms.Student);
        var header = (int)BitConverter.ToInt64(bytes) + 8;
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes.AsSpan(header)).ToArray();
    }
}
