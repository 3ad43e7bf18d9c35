using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Sections;

/// <summary>How the language models go on from the same words, side by side.</summary>
internal static class ContinuationsSection
{
    private const int Shown = 3;
    private const int ShownOfTest = 4;
    private const int MaximumText = 900;
    private static readonly string[] Order = [Arms.Teacher, Arms.Student, Arms.Control, Arms.FromScratch, Arms.Untrained];

    public static Markup Of(RunView run)
    {
        var there = run.Continued.Where(c => c.Continuations.Count > 0).ToLookup(c => c.IsOfTest);
        Continued[] shown = [.. there[false].Take(Shown), .. there[true].Take(ShownOfTest)];
        return shown.Length == 0 ? Markup.Empty : Markup.Of($"""
            <section><h2>How they go on</h2>{shown.Select(One)}
            <p class="fine">Each model was given the words in bold and wrote what stands below its name.{(there[true].Any() ? " Prompts with “The text itself” beside them are of the test split; all that the models wrote after those is in the run’s folder texts/." : "")}</p>{TextComparisonTable.Of(run)}</section>

            """);
    }

    private static Markup One(Continued continued)
    {
        var arms = Order.Where(continued.Continuations.ContainsKey).Concat(continued.Continuations.Keys.Except(Order));
        var truth = continued.Truth is { Length: > 0 } text ? Markup.Of($"<div><h3>The text itself</h3><p dir=\"auto\">{Cut(text)}</p></div>") : Markup.Empty;
        return Markup.Of($"""
            <figure class="continued"><blockquote dir="auto">{Cut(continued.Prompt)} …</blockquote><div class="columns">{arms.Select(a => Column(a, continued.Continuations[a]))}{truth}</div></figure>

            """);
    }

    private static Markup Column(string arm, string text) => Markup.Of($"""
        <div><h3><i class="dot {ArmStyle.Class(arm)}"></i>{Words.Arm(arm)}</h3><p dir="auto">{(string.IsNullOrWhiteSpace(text) ? Markup.Of($"<em>nothing</em>") : Markup.Text("… " + Cut(text.Trim())))}</p></div>
        """);

    private static string Cut(string text)
    {
        if (text.Length <= MaximumText)
            return text;
        var end = char.IsHighSurrogate(text[MaximumText - 1]) ? MaximumText - 1 : MaximumText;
        return text[..end] + " …";
    }
}
