using Decant.Runs.Fitting;

namespace Decant.Bench.Budgets;

/// <summary>What the search found for each budget, beside all candidates trained to the end.</summary>
/// <param name="Candidates">How many candidates there are.</param>
/// <param name="Lines">A line for each budget.</param>
internal sealed record BudgetBenchReport(int Candidates, IReadOnlyList<BudgetLine> Lines)
{
    /// <summary>Whether every budget was kept, or refused where no candidate keeps it.</summary>
    public bool IsRight => Lines.All(l => l.IsRight);

    /// <summary>Those for which there is a student.</summary>
    public IEnumerable<BudgetLine> Answered => Lines.Where(l => l is { Chosen: not null, Best: not null });

    /// <summary>How much less accurate the chosen students are than the best of the grid on the test split, mean, in points.</summary>
    public double MeanLoss => Answered.Select(l => 100 * (l.Best!.Test - l.Chosen!.Test)).DefaultIfEmpty(0).Average();

    /// <summary>The mean cost of a search, over that of the grid.</summary>
    public double MeanCost => Answered.Select(l => l.Cost / Candidates).DefaultIfEmpty(0).Average();
}

/// <summary>One budget.</summary>
/// <param name="Limits">The budget.</param>
/// <param name="Keeping">How many candidates keep it.</param>
/// <param name="Chosen">What the search chose; null: it refused.</param>
/// <param name="Best">The best candidate that keeps it, by the validation split; null: none keeps it.</param>
/// <param name="Cost">What the search trained, in whole trainings.</param>
internal sealed record BudgetLine(FitLimits Limits, int Keeping, GridFigure? Chosen, GridFigure? Best, double Cost)
{
    /// <summary>Whether the budget was kept, or refused where no candidate keeps it.</summary>
    public bool IsRight => Chosen is null ? Best is null : Chosen.Keeps(Limits);
}

/// <summary>A candidate that was trained to the end.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Figures">What it takes.</param>
/// <param name="Validation">Its accuracy on the validation split.</param>
/// <param name="Test">Its accuracy on the test split.</param>
internal sealed record GridFigure(string Name, CandidateFigures Figures, double Validation, double Test)
{
    /// <summary>Whether it keeps a budget.</summary>
    public bool Keeps(FitLimits limits) => limits.Share(Figures.Parameters, Figures.Bytes, Figures.Milliseconds) <= 1;
}
