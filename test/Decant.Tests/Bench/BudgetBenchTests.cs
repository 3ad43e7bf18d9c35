using Decant.Bench.Budgets;
using Decant.Runs.Fitting;

namespace Decant.Tests.Bench;

public class BudgetBenchTests
{
    private static readonly CandidateFigures[] s_figures = [.. Enumerable.Range(1, 30).Select(i => new CandidateFigures(i * 10_000, i * 41_000, i * 0.1))];

    [Fact]
    public void Budgets_are_the_same_for_the_same_seed_and_some_cannot_be_kept()
    {
        var budgets = DrawnBudgets.Of(s_figures, 100, seed: 1);
        Assert.Equal(budgets, DrawnBudgets.Of(s_figures, 100, seed: 1));
        Assert.NotEqual(budgets, DrawnBudgets.Of(s_figures, 100, seed: 2));
        Assert.All(budgets, b => Assert.False(b is { Parameters: null, Bytes: null, Milliseconds: null }));
        var kept = budgets.Select(b => s_figures.Count(f => b.Share(f.Parameters, f.Bytes, f.Milliseconds) <= 1)).ToArray();
        Assert.Contains(0, kept);
        Assert.Contains(kept, k => k > 20);
    }

    [Fact]
    public void A_search_is_right_where_it_keeps_the_budget_or_none_could()
    {
        var (small, large) = (new GridFigure("small", s_figures[0], 0.7, 0.68), new GridFigure("large", s_figures[9], 0.8, 0.79));
        var limits = new FitLimits(50_000, null, null);
        Assert.True(new BudgetLine(limits, 1, small, small, 3).IsRight);
        Assert.False(new BudgetLine(limits, 1, large, small, 3).IsRight);
        Assert.False(new BudgetLine(limits, 1, null, small, 3).IsRight);
        Assert.True(new BudgetLine(new FitLimits(1, null, null), 0, null, null, 0).IsRight);
        var report = new BudgetBenchReport(30, [new(new FitLimits(200_000, null, null), 2, small, large, 3), new(limits, 1, small, small, 1.5), new(new FitLimits(1, null, null), 0, null, null, 0)]);
        Assert.True(report.IsRight);
        Assert.Equal(5.5, report.MeanLoss, 9); // 11 points and none
        Assert.Equal(0.075, report.MeanCost, 9);
        Assert.False((report with { Lines = [.. report.Lines, new(limits, 1, null, small, 0)] }).IsRight);
    }
}
