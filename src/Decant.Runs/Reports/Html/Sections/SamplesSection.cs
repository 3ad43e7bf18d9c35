using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Sections;

/// <summary>Samples that the student lost and won, to look at.</summary>
internal static class SamplesSection
{
    private const int MaximumText = 400;

    public static Markup Of(RunView run)
    {
        if (run.Changed is not { } changed || changed.Lost.Count + changed.Won.Count == 0)
            return Markup.Empty;
        var lost = run.Teacher is null ? "The student is wrong" : "Lost: the teacher is right, the student wrong";
        var won = run.Teacher is null ? "The student is right" : "Won: the student is right, the teacher wrong";
        return Markup.Of($"""
            <div class="samples">{List(run, lost, changed.Lost, changed.LostCount)}{List(run, won, changed.Won, changed.WonCount)}</div>
            <p class="fine">In bold the true class; after ✗ stands what was answered instead.</p>
            """);
    }

    private static Markup List(RunView run, string title, IReadOnlyList<ChangedSample> samples, int total)
    {
        if (samples.Count == 0)
            return Markup.Empty;
        var all = total > samples.Count ? $"{samples.Count} of {Words.Count(total)}" : Words.Count(samples.Count);
        var pictures = samples.All(s => s.Image is not null && s.Text is null);
        return Markup.Of($"""<div><h3>{title} <small>{all}</small></h3><ul class="{(pictures ? "pictures" : "texts")}">{samples.Select(s => Sample(run, s))}</ul></div>""");
    }

    private static Markup Sample(RunView run, ChangedSample sample)
    {
        var image = sample.Image is { } thumbnail && Png.DataUri(thumbnail) is { } uri
            ? Markup.Of($"""<img src="{uri}" alt="{run.ClassName(sample.Label)}" width="{thumbnail.Width}" height="{thumbnail.Height}">""")
            : Markup.Empty;
        var text = sample.Text is null ? Markup.Empty : Markup.Of($"""<blockquote dir="auto">{Cut(sample.Text)}</blockquote>""");
        return Markup.Of($"""
            <li>{image}{text}<p class="answers"><span class="truth"><bdi>{run.ClassName(sample.Label)}</bdi></span>{Answer(run, Arms.Teacher, sample.Teacher, sample.Label)}{Answer(run, Arms.Student, sample.Student, sample.Label)}{Answer(run, Arms.Control, sample.Control, sample.Label)}</p></li>

            """);
    }

    private static Markup Answer(RunView run, string arm, int? answer, int label)
    {
        if (answer is not { } given)
            return Markup.Empty;
        var said = given == label ? Markup.Text("✓") : Markup.Of($"✗ <bdi>{run.ClassName(given)}</bdi>");
        return Markup.Of($"""<span><i class="dot {ArmStyle.Class(arm)}"></i>{Words.Capital(arm)} {said}</span>""");
    }

    private static string Cut(string text)
    {
        if (text.Length <= MaximumText)
            return text;
        var end = char.IsHighSurrogate(text[MaximumText - 1]) ? MaximumText - 1 : MaximumText;
        return text[..end] + " …";
    }
}
