using System.Text.RegularExpressions;
using Decant.Runs;
using Decant.Runs.Jobs;

namespace Decant.Tests.Runs;

/// <summary>What <c>decant check</c> says of time, and its one verdict, on real recipes.</summary>
public sealed partial class CheckTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Answers_that_are_asked_for_once_stand_under_their_own_name()
    {
        var lines = Plan("text.yaml");
        Assert.Matches("^128 samples computed once, before the training, about 1 s$", lines["warm-up: teacher outputs"]);
        Assert.False(lines.ContainsKey("teacher outputs"), "the student's last stage has the answers of the first");
    }

    [Fact]
    public void Augmentation_is_told_to_make_the_teacher_answer_in_every_batch_with_both_costs()
    {
        var line = Plan("image.yaml", "distill.augment={ shift: 1 }", "distill.epochs=3000")["teacher outputs"];
        var figures = Live().Match(line);
        Assert.True(figures.Success, line);
        Assert.StartsWith("120 samples computed once", Plan("image.yaml", "distill.epochs=3000")["teacher outputs"]);
    }

    [Fact]
    public void Augmented_views_are_counted()
    {
        Assert.StartsWith("120 samples in 4 views computed once, before the training, about ", Plan("image.yaml", "distill.augment={ shift: 1, views: 4 }", "distill.epochs=5")["teacher outputs"]);
        Assert.StartsWith("120 samples computed once", Plan("image.yaml", "distill.augment={ shift: 1, views: 1 }", "distill.epochs=5")["teacher outputs"]);
    }

    [Theory]
    [InlineData("image.yaml", "distill.augment={ flip: true, views: 5 }", "distill.epochs=5", "none of the views that 'augment' makes comes twice")]
    [InlineData("text.yaml", "distill.epochs=null", "distill.steps=2", "the training ends before it has seen every sample once")]
    [InlineData("text.yaml", "distill.objectives=[{ kind: hidden-states, weight: 1 }]", "student.model={ kind: encoder, layers: 1, hidden: 8, heads: 2 }", "an objective reads its features, and those of texts are not of one shape")]
    public void Other_reasons_to_ask_live_are_told(string recipe, string first, string second, string reason) =>
        Assert.StartsWith($"computed again in every batch, because {reason}: about ", Plan(recipe, first, second, "distill.warm-up=null")["teacher outputs"]);

    [Fact]
    public void There_is_one_verdict_and_it_comes_last()
    {
        var right = _work.Decant("check", _work.At("image.yaml"));
        Assert.Equal((0, ""), (right.Exit, right.Error));
        Assert.EndsWith($"{_work.At("image.yaml")}: nothing is wrong with this recipe.\n", right.Out);

        _work.Write("train-labels", [1, 2, 3]);
        var wrong = _work.Decant("check", _work.At("image.yaml"));
        Assert.Equal((2, ""), (wrong.Exit, wrong.Out));
        Assert.Contains("train-labels", wrong.Error);
    }

    [Fact]
    public void A_teachers_folder_without_a_model_is_told_as_that()
    {
        Directory.CreateDirectory(_work.At("nothing"));
        var answer = _work.Decant("check", _work.At("text.yaml"), "--set", "input.tokenizer=null", "--set", "teacher.model=null", "--set", "teacher.train=null", "--set", $"teacher.load={_work.At("nothing")}");
        Assert.Equal(2, answer.Exit);
        Assert.Contains("nothing: expected a model's folder, with config.json, weights and a tokenizer, came one without config.json.", answer.Error);
    }

    [Fact]
    public void A_study_is_checked_variant_by_variant()
    {
        _work.Write("study.yaml", "name: two\nrecipe: image.yaml\nseeds: [1, 2]\nvariants:\n  - { name: Soft }\n  - { name: Long, set: [distill.epochs=7] }\n");
        var answer = _work.Decant("check", _work.At("study.yaml"));
        Assert.True(answer.Exit == 0, answer.Error);
        Assert.EndsWith($"{_work.At("study.yaml")}: nothing is wrong with this study.\n", answer.Out);
        Assert.Contains("2 variants, 2 seeds, about", answer.Out);
        Assert.Contains("Long: student", answer.Out);
        Assert.Contains("42 steps of 20 samples", answer.Out); // 7 epochs of 120 samples
        Assert.DoesNotContain("Long: teacher  ", answer.Out); // the first variant's
        Assert.DoesNotContain("Long: control", answer.Out);
    }

    [Fact]
    public void A_variant_that_does_not_fit_its_data_is_named_and_nothing_else_is_said()
    {
        _work.Write("study.yaml", "name: two\nrecipe: image.yaml\nvariants:\n  - { name: Soft }\n  - { name: Narrow, set: [\"student.model={ kind: cnn, channels: [4], kernel: 99 }\"] }\n");
        var answer = _work.Decant("check", _work.At("study.yaml"));
        Assert.Equal((2, ""), (answer.Exit, answer.Out));
        Assert.Contains("'Narrow'", answer.Error);
    }

    [Fact]
    public void A_study_where_a_recipe_is_wanted_is_called_one()
    {
        _work.Write("study.yaml", "name: two\nrecipe: image.yaml\nvariants:\n  - { name: Soft }\n  - { name: Long, set: [distill.epochs=7] }\n");
        var answer = _work.Decant("distill", _work.At("study.yaml"));
        Assert.Equal(2, answer.Exit);
        Assert.StartsWith($"{_work.At("study.yaml")} is a study: it has 'variants', and a recipe has none. 'decant study {_work.At("study.yaml")}' runs it", answer.Error);
    }

    private Dictionary<string, string> Plan(string recipe, params string[] set) =>
        new PlanJob(Catalog.Standard).Run(_work.Recipe(recipe, set)).ToDictionary(l => l.Title, l => l.Text);

    [GeneratedRegex("^computed again in every batch, because 'augment' shows it other samples in every epoch \\('augment\\.views' says how many there are\\): about \\d+ s of the training below; computing all 120 samples once would take about 1 s$")]
    private static partial Regex Live();
}
