using System.CommandLine;
using System.CommandLine.Parsing;

namespace Decant.Cli.Commands;

/// <summary><c>--resume</c>: going on with a run that was stopped or killed.</summary>
internal static class ResumeOption
{
    public static Option<string?> Create() => new("--resume") { Description = "Resume a run that was stopped or killed; the result is that of an uninterrupted run.", HelpName = "run" };

    /// <summary>The recipe, which must be there when no run is resumed.</summary>
    public static string Needed(string? recipe, ParseResult parse) => recipe ?? throw new DecantException(
        $"{parse.CommandResult.Command.Name}: expected a recipe, or --resume with the folder of a run; 'decant recipes' lists the recipes that come with Decant.");

    /// <summary>Refuses options that a run has settled when it began.</summary>
    public static void Refuse(ParseResult parse, string? recipe, Option output, IReadOnlyList<Option> changes)
    {
        if (IsGiven(output))
            throw new DecantException("--out: a run is resumed in its own folder; remove --out.");
        if (recipe is null && changes.FirstOrDefault(IsGiven) is { } change)
            throw new DecantException($"{change.Name}: a run is resumed with the recipe that it was begun with; leave {change.Name} out, or start a new run.");

        bool IsGiven(Option option) => parse.GetResult(option) is OptionResult { Implicit: false };
    }
}
