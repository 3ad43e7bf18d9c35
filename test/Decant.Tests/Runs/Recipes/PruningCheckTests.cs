using Decant.Runs.Recipes.Writing;

namespace Decant.Tests.Runs.Recipes;

/// <summary>What can be wrong with pruning before anything is opened.</summary>
public class PruningCheckTests
{
    [Theory]
    [InlineData("student={ from-teacher: { importance: taylor } }", "'importance' says which units are kept, and none is left out; give heads, key-value-heads, intermediate, hidden, channels or inner-channels, or leave importance out")]
    [InlineData("student={ from-teacher: { choose: importance } }", "'importance' chooses among the teacher's layers, and their number is not given; give layers")]
    [InlineData("student={ from-teacher: { choose: loss-increase } }", "'loss-increase' chooses among the teacher's layers, and their number is not given; give layers")]
    [InlineData("student={ from-teacher: { intermediate: 4, importance: magnitude, calibration: 8 } }", "nothing is measured on samples here; leave calibration out, or say importance: activation or taylor, or choose: importance or loss-increase")]
    [InlineData("student={ from-teacher: { intermediate: 4, importance: activation, calibration: 0 } }", "expected a whole number from 1 to 16777216, came the number 0")]
    [InlineData("student={ from-teacher: { intermediate: 4, importance: second } }", "expected one of first, magnitude, activation, taylor, came the text 'second'")]
    [InlineData("distill.taught-by=teacher", "'taught-by' says who teaches where assistants or generations stand before the student, and there are none; leave it out")]
    [InlineData("distill.pruning={ sparsity: 1 }", "sparsity: expected a number above 0 and below 1")]
    [InlineData("distill.pruning={ sparsity: -0.1 }", "sparsity: expected a number above 0 and below 1")]
    [InlineData("distill.pruning={ }", "missing key 'sparsity' under distill.pruning")]
    [InlineData("distill.pruning={ sparsity: 0.5, begin: 0.7, end: 0.2 }", "pruning begins at 0.7 of the training and is to be finished at 0.2; let end come after begin")]
    [InlineData("distill.pruning={ sparsity: 0.6, pattern: '2:4' }", "two of every four weights are half of them, and the sparsity is 0.6; say sparsity: 0.5, or pattern: unstructured")]
    [InlineData("distill.pruning={ sparsity: 0.5, pattern: '2:4', scope: global }", "the pattern 2:4 compares four weights among themselves")]
    public void Faults_are_told(string set, string expected) => Assert.Contains(Fakes.Faults(Fakes.Image, set), f => f.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Of_several_stages_the_last_can_prune()
    {
        const string Stages = "distill.stages=[{ name: first, epochs: 1, objectives: [{ kind: soft-targets }] }, { name: second, epochs: 1, objectives: [{ kind: soft-targets }] }]";
        var staged = Fakes.Image.Replace("distill:\n  epochs: 2\n", "distill:\n", StringComparison.Ordinal).Replace("  objectives:\n    - { kind: soft-targets, temperature: 4, weight: 0.5 }\n    - { kind: labels, weight: 0.5 }\n", "", StringComparison.Ordinal);
        Assert.Contains("each stage would begin to prune anew; move 'pruning' to the last stage", Assert.Single(Fakes.Faults(staged, Stages, "distill.pruning={ sparsity: 0.5 }")));
        Assert.Contains("the stages after it would train the pruned weights again; move 'pruning' to the last stage", Assert.Single(Fakes.Faults(staged, Stages, "distill.stages[0].pruning={ sparsity: 0.5 }")));
        var recipe = Fakes.Read(staged, Stages, "distill.stages[1].pruning={ sparsity: 0.5, pattern: '2:4' }");
        Assert.Null(recipe.Recipe.Distill.Stages![0].Options.Pruning);
        Assert.Equal(0.5, recipe.Recipe.Distill.Stages[1].Options.Pruning!.Sparsity);
        Assert.Equal(recipe.Recipe, Fakes.Read(recipe.ToYaml()).Recipe);
    }
}
