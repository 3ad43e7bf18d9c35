using Decant.Objectives;
using Decant.Objectives.Logits;
using Decant.Objectives.Temperatures;
using Decant.Runs;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Reading;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Recipes.Writing;

namespace Decant.Tests.Runs.Recipes;

/// <summary>A number, or a mapping that says how it changes.</summary>
public class FormTests
{
    private const string At = "distill.objectives[0].temperature";
    private const string Kinds = "constant, linear, cosine, entropy, confidence, learned";

    [Fact]
    public void A_plain_number_stays_and_a_mapping_says_its_kind()
    {
        Assert.Equal(new ConstantTemperature { Value = 4 }, Temperature($"{At}=4"));
        Assert.Equal(new ConstantTemperature { Value = 4 }, Temperature($"{At}={{ kind: constant, value: 4 }}"));
        Assert.Equal(new LinearTemperature { From = 8, To = 2 }, Temperature($"{At}={{ kind: linear, from: 8, to: 2 }}"));
        Assert.Equal(new EntropyTemperature { Confident = 6, Uncertain = 1 }, Temperature($"{At}={{ kind: entropy, confident: 6, uncertain: 1 }}"));
        Assert.Equal(new LearnedTemperature { Max = 30 }, Temperature($"{At}={{ kind: learned, max: 30 }}"));
        var weight = Read("distill.objectives[0].weight={ kind: cosine, from: 1, to: 0.5 }").Recipe.Distill.Objectives[0].Weight;
        Assert.Equal(new CosineScalar { From = 1, To = 0.5 }, weight);
    }

    [Theory]
    [InlineData("warm", $"{At}: expected a number from 0.01 to 1000, or {{ kind: … }} with one of {Kinds}, came the text 'warm'")]
    [InlineData("0", $"{At}: expected a number from 0.01 to 1000, or {{ kind: … }} with one of {Kinds}, came the number 0")]
    [InlineData("null", $"{At}: expected a number from 0.01 to 1000, or {{ kind: … }} with one of {Kinds}, came nothing")]
    [InlineData("[1, 2]", $"{At}: expected a number from 0.01 to 1000, or {{ kind: … }} with one of {Kinds}, came a list of 2")]
    [InlineData("{ from: 8, to: 2 }", $"missing key 'kind' under {At}; one of {Kinds}")]
    [InlineData("{ kind: liner, from: 8, to: 2 }", $"unknown kind 'liner' at {At}; did you mean 'linear'?")]
    [InlineData("{ kind: step, from: 8, to: 2 }", $"unknown kind 'step' at {At}; there are: {Kinds}")]
    [InlineData("{ kind: [1], from: 8, to: 2 }", $"{At}.kind: expected one of {Kinds}, came a list of one")]
    [InlineData("{ kind: linear, from: 8 }", $"missing key 'to' under {At}: temperature at the last optimizer step")]
    [InlineData("{ kind: linear, from: 8, to: 2, at: 1 }", $"unknown key 'at' under {At}; it takes: kind, from, to")]
    [InlineData("{ kind: linear, from: 8, to: 0 }", $"{At}.to: expected a number from 0.01 to 1000, came the number 0")]
    [InlineData("{ kind: learned, start: 30 }", $"{At}.start: a learned temperature begins between its bounds; came min 1, start 30, max 20")]
    public void What_is_neither_is_told_with_what_was_expected(string value, string said)
    {
        var error = Assert.Throws<RecipeException>(() => Read($"{At}={value}"));
        Assert.Contains(said, Assert.Single(error.Faults).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("distill.objectives[1].sample-weighting={ kind: confidence, confident: 1, uncertain: 0.2 }", null)]
    [InlineData("distill.objectives=[{ kind: logits-mse, sample-weighting: { kind: entropy, confident: 0, uncertain: 2 } }]", null)]
    [InlineData("distill.objectives[1].sample-weighting=0.5", "distill.objectives[1].sample-weighting: expected { kind: … } with one of entropy, confidence, came the number 0.5")]
    [InlineData("distill.objectives[1].sample-weighting={ kind: confidence, confident: -1, uncertain: 0.2 }", "distill.objectives[1].sample-weighting.confident: expected a number from 0 to 1000000, came the number -1")]
    [InlineData("distill.objectives=[{ kind: dist, sample-weighting: { kind: entropy, confident: 1, uncertain: 0 } }]", "unknown key 'sample-weighting' under distill.objectives[0]")]
    [InlineData("distill.objectives=[{ kind: hidden-states, sample-weighting: { kind: entropy, confident: 1, uncertain: 0 } }]", "unknown key 'sample-weighting' under distill.objectives[0]")]
    [InlineData("distill.objectives=[{ kind: logit-standardization, objective: { kind: soft-targets, sample-weighting: { kind: entropy, confident: 1, uncertain: 0 } } }]", "the teacher's logits are standardized here, which removes its confidence; leave 'sample-weighting' out")]
    [InlineData("teacher.train.objectives=[{ kind: labels, sample-weighting: { kind: entropy, confident: 1, uncertain: 0 } }]", "'sample-weighting' needs the confidence of a teacher, and the teacher itself has none; leave 'sample-weighting' out")]
    public void How_much_a_sample_counts_may_depend_on_its_teacher(string set, string? said)
    {
        if (said is null)
            Assert.Contains(Read(set).Recipe.Distill.Objectives, o => o is RowObjectiveOptions { SampleWeighting: not null });
        else
            Assert.Contains(said, Assert.Single(Assert.Throws<RecipeException>(() => Read(set)).Faults).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_read_as_the_same()
    {
        var document = Read($"{At}={{ kind: linear, from: 8, to: 2.5 }}", "distill.objectives[1].weight={ kind: linear, from: 0, to: 1 }");
        var yaml = document.ToYaml();
        Assert.Contains("temperature:\n        kind: linear\n        from: 8\n        to: 2.5\n", yaml, StringComparison.Ordinal);
        Assert.Contains("weight: 0.9\n", yaml, StringComparison.Ordinal);
        Assert.Equal(document.Recipe, new RecipeReader(Catalog.Standard.Kinds).Parse(yaml, "y.yaml", "/recipes").Recipe);
    }

    [Fact]
    public void A_key_below_may_be_set_by_itself() => Assert.Equal(
        new LinearTemperature { From = 9, To = 2 }, Temperature($"{At}={{ kind: linear, from: 8, to: 2 }}", $"{At}.from=9"));

    [Fact]
    public void A_convex_balance_is_looked_at_over_the_whole_training()
    {
        const string Convex = "distill.combination=convex";
        static string Weights(string first, string second) => $"distill.objectives=[{{ kind: soft-targets, weight: {first} }}, {{ kind: labels, weight: {second} }}]";
        _ = Read(Convex, Weights("{ kind: linear, from: 1, to: 0.2 }", "{ kind: linear, from: 0, to: 0.8 }"));
        foreach (var second in new[] { "0.5", "{ kind: cosine, from: 0, to: 0.8 }" })
        {
            var error = Assert.Throws<RecipeException>(() => Read(Convex, Weights("{ kind: linear, from: 1, to: 0.2 }", second)));
            Assert.Contains("at some point of the training; use combination: sum", Assert.Single(error.Faults).ToString(), StringComparison.Ordinal);
        }
    }

    private static Temperature Temperature(params string[] set) => Read(set).Recipe.Distill.Objectives[0].As<SoftTargets>().Temperature;

    private static RecipeDocument Read(params string[] set) =>
        new RecipeReader(Catalog.Standard.Kinds).Parse(File.ReadAllText(Repository.Find("recipes/quickstart.yaml")), "x.yaml", "/recipes", set);
}
