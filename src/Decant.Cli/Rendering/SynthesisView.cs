using System.Globalization;
using Decant.Runs.Jobs.Synthesizing;
using Decant.Runs.Recipes.Schema;
using Decant.Teachers.Remote.Synthesizing;
using Spectre.Console;

namespace Decant.Cli.Rendering;

/// <summary>Shows what a synthesis came to.</summary>
internal static class SynthesisView
{
    public static void Write(IAnsiConsole console, SynthesisRecipe recipe, SynthesizeResult result)
    {
        var (rows, tally) = (result.Synthesis.Rows.Count, result.Synthesis.Tally);
        var lines = new List<(string, string)>
        {
            ("rows", Invariant($"{rows:N0} of {recipe.Write.Rows:N0} in {result.File}; {tally.Written:N0} texts were written in {tally.Requests:N0} requests")),
        };
        if (recipe.Write.Classes.Count > 0)
            lines.Add(("classes", string.Join(", ", result.Synthesis.Classes.Select(c => Invariant($"{c.Name} {c.Rows:N0}")))));
        lines.AddRange(tally.SetAside.OrderByDescending(s => s.Value).Select((s, i) => (i == 0 ? "set aside" : "", Invariant($"{s.Value:N0} {SynthesisWords.Of(s.Key)}"))));
        lines.AddRange(tally.Forms.Where(f => f.Key != ListForm.None).Select((f, i) => (i == 0 ? "answers" : "", Invariant($"{f.Value:N0} {Form(f.Key)}"))));
        if (tally.Unusable.Count > 0)
            lines.Add(("", $"without a list: {SynthesisWords.Counted(tally.Unusable, why => $"{why}".ToLowerInvariant())}{(tally.UnusableExample is { } example ? $", such as '{example}'" : "")}"));
        if (tally.JudgeReasons.Count > 0)
            lines.Add(("judge", $"dropped because: {string.Join("; ", tally.JudgeReasons.Take(3))}"));
        lines.AddRange(result.Sent.Select((sent, i) => (i == 0 ? "sent" : "", sent)));
        lines.Add(("terms", recipe.Chat.Terms));
        lines.Add(("manifest", result.Manifest));
        lines.AddRange(result.Synthesis.Classes.Where(c => c.IsGivenUp).Select(c => ("given up", Invariant($"{(c.Name is null ? "" : $"{c.Name}: ")}{c.Rows:N0} of {c.Wanted:N0} rows; {recipe.Write.Patience} rounds in a row brought none"))));
        TwoColumns.Write(console, lines);
    }

    private static string Form(ListForm form) => form switch
    {
        ListForm.Clean => "as asked for",
        ListForm.Fenced => "in a code fence",
        ListForm.Framed => "with other text around the list",
        _ => "that break off; their whole elements were read",
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
