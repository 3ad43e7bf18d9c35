using System.Globalization;
using Decant.Runs.Recipes.Schema;
using Decant.Teachers.Remote.Synthesizing;

namespace Decant.Runs.Jobs.Synthesizing;

/// <summary>What a synthesis came to, for people.</summary>
internal static class SynthesisSummary
{
    private const int MostReasons = 3;

    /// <summary>Lines of a name and a text; a line without a name goes on with what the one before is about.</summary>
    public static IReadOnlyList<(string Name, string Text)> Lines(SynthesisRecipe recipe, SynthesizeResult result)
    {
        var (rows, tally) = (result.Synthesis.Rows.Count, result.Synthesis.Tally);
        var lines = new List<(string, string)> { ("rows", Invariant($"{rows:N0} of {recipe.Write.Rows:N0} in {result.File}; {tally.Written:N0} texts were written in {tally.Requests:N0} requests")) };
        if (recipe.Write.Classes.Count > 0)
            lines.Add(("classes", string.Join(", ", result.Synthesis.Classes.Select(c => Invariant($"{c.Name} {c.Rows:N0}")))));
        Add("set aside", tally.SetAside.OrderByDescending(s => s.Value).Select(s => Invariant($"{s.Value:N0} {SynthesisWords.Of(s.Key)}")));
        Add("answers", tally.Forms.Where(f => f.Key != ListForm.None).Select(f => Invariant($"{f.Value:N0} {Form(f.Key)}")));
        if (tally.Unusable.Count > 0)
            lines.Add(("unusable", $"{SynthesisWords.Counted(tally.Unusable, why => $"{why}".ToLowerInvariant())}{(tally.UnusableExample is { } example ? $", such as '{example}'" : "")}"));
        if (tally.JudgeReasons.Count > 0)
            lines.Add(("judge", $"dropped because: {string.Join("; ", tally.JudgeReasons.Take(MostReasons))}"));
        Add("sent", result.Sent);
        lines.Add(("terms", recipe.Chat.Terms));
        lines.Add(("manifest", result.Manifest));
        Add("given up", result.Synthesis.Classes.Where(c => c.IsGivenUp).Select(c => Invariant($"{(c.Name is null ? "" : $"{c.Name}: ")}{c.Rows:N0} of {c.Wanted:N0} rows; {recipe.Write.Patience} rounds in a row brought none")));
        return lines;

        void Add(string name, IEnumerable<string> texts) => lines.AddRange(texts.Select((text, i) => (i == 0 ? name : "", text)));
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
