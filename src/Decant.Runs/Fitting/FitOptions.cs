namespace Decant.Runs.Fitting;

/// <summary>How a student within a budget is searched for, beside what the recipe says.</summary>
internal sealed record FitOptions
{
    /// <summary>The folder of the search; what is done in it is not done again.</summary>
    public required string Out { get; init; }

    /// <summary>Whether it ends with the recipe of the chosen student, without distilling that.</summary>
    public bool OnlyChoose { get; init; }

    /// <summary>The command as the user typed it, which also resumes the search.</summary>
    public string Command { get; init; } = "";

    /// <summary>The exit code that the record gives a run that was cancelled.</summary>
    public Func<int> ExitWhenStopped { get; init; } = () => ExitCodes.Interrupted;
}
