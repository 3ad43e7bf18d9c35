using Decant.Tests.Runs.Recipes;

namespace Decant.Tests.Runs.Fitting;

/// <summary>What can be wrong with a budget before anything is opened.</summary>
public class BudgetCheckTests
{
    [Theory]
    [InlineData("student={ from-teacher: {}, budget: {} }", "'budget' has no limit; give parameters, bytes or latency-ms, or leave it out")]
    [InlineData("student={ from-teacher: {}, budget: { bytes: 5M } }", "expected a size such as 500kB, 5MB or 5MiB, and it is '5M'")]
    [InlineData("student={ from-teacher: {}, budget: { parameters: lots } }", "expected a number such as 800000, 500k or 1M, and it is 'lots'")]
    [InlineData("student={ from-teacher: {}, budget: { latency-ms: 0 } }", "latency-ms: expected a number above 0")]
    [InlineData("student.budget={ bytes: 5MB }", "the student within a budget is a part of its teacher; say 'from-teacher: {}' for any part")]
    [InlineData("student={ from-teacher: { static: {} }, budget: { bytes: 5MB } }", "a static student has no layers and widths to choose among")]
    [InlineData("student={ from-teacher: {}, generations: 2, budget: { bytes: 5MB } }", "the recipe has 'student.generations'; leave that out, or the budget")]
    public void Faults_are_told(string set, string expected) => Assert.Contains(Fakes.Faults(Fakes.Image, set), f => f.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Units_may_be_chosen_by_importance_before_it_is_known_how_many_there_are() =>
        Assert.Equal("5MB", Fakes.Read(Fakes.Image, "student={ from-teacher: { importance: activation, calibration: 8 }, budget: { bytes: 5MB } }").Recipe.Student.Budget!.Bytes);
}
