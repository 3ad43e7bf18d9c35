using System.Globalization;
using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Sections;

/// <summary>What was done, in a sentence.</summary>
internal static class HeaderSection
{
    /// <summary>A longer summary stands in the details only; the sentence says the kind.</summary>
    private const int LongestSummary = 48;

    public static Markup Of(RunView run) => Of(run, Sentence(run));

    /// <summary>The same with another sentence.</summary>
    public static Markup Of(RunView run, Markup sentence) => Markup.Of($"""
        <header><p class="kicker">Distillation report{Facts(run)}</p>
        <h1><bdi>{Title(run)}</bdi></h1>
        <p class="lede">{sentence}</p>{About(run)}</header>

        """);

    public static string Title(RunView run) => run.Started is { Name.Length: > 0 } started ? started.Name : "A run without a name";

    private static Markup About(RunView run) =>
        string.IsNullOrWhiteSpace(run.Started?.About) ? Markup.Empty : Markup.Of($"""<p class="about"><bdi>{run.Started.About.Trim()}</bdi></p>""");

    private static Markup Facts(RunView run)
    {
        string[] facts =
        [
            .. run.Begin is { } begin && begin != default ? [begin.UtcDateTime.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture) + " UTC"] : Array.Empty<string>(),
            .. run.Finished is { } finished ? ["took " + Words.Duration(finished.Seconds)] : new[] { "not finished" },
            .. run.Resumed.Count > 0 ? [run.Resumed.Count == 1 ? "resumed once" : $"resumed {run.Resumed.Count} times"] : Array.Empty<string>(),
            .. run.Started is { Seeds.Count: > 1 } started ? [$"{started.Seeds.Count} seeds"] : Array.Empty<string>(),
        ];
        return Markup.Join(facts.Select(f => Markup.Of($" <i>·</i> {f}")));
    }

    private static Markup Sentence(RunView run)
    {
        var learned = (run.Student?.Model, run.Teacher?.Model) switch
        {
            ({ } student, { IsRemote: true } teacher) => Markup.Of($"A student of {Size(student)} learned from <bdi>{teacher.Summary}</bdi>,"),
            ({ } student, { } teacher) => Markup.Of($"A student of {Size(student)} learned from {(run.TeacherWord == "ensemble" ? "an" : "a")} {run.TeacherWord} of {Size(teacher)}"),
            ({ } student, null) => Markup.Of($"A student of {Size(student)} was trained"),
            (null, { } teacher) => Markup.Of($"A teacher of {Size(teacher)} was trained"),
            _ => Markup.Text("Models were trained"),
        };
        return Markup.Of($"{learned}{Classes(run)}.{Baselines(run)}");
    }

    /// <summary>What the models are that the student is compared with.</summary>
    private static string Baselines(RunView run) =>
        (run.Control is not { } control ? "" : " The control is the same student with the same budget, but without the teacher" + (control.StartsFromTeacher ? "; it begins with the teacher’s weights, as the student does." : "."))
        + (run.AllLabels is null ? "" : $" “{Words.Arm(Arms.AllLabels)}” is the control on all labels of the training split{(run.Teacher?.Model is { IsRemote: true } ? "" : ", which the teacher had")}.")
        + (run.FromScratch is null ? "" : $" “{Words.Arm(Arms.FromScratch)}” is the control with randomly initialized weights.")
        + (run.Models.Any(m => m.Name == Arms.Untrained) ? $" “{Words.Arm(Arms.Untrained)}” is {(run.Control is { StartsFromTeacher: false } ? "the student as it begins" : "the part of the teacher that the student was initialized from")}, before any training." : "");

    private static Markup Size(ModelDescribed model)
    {
        var kind = model.Summary.Length is > 0 and <= LongestSummary ? model.Summary : model.Kind;
        return Markup.Of($"{Words.Large(model.Parameters)} parameters (<bdi>{kind}</bdi>)");
    }

    private static string Aim(RunView run, DataDescribed data)
    {
        var types = run.Task.Name == "token-classification" ? data.Classes.Where(c => c.Length > 2 && c[1] == '-').Select(c => c[2..]).Distinct(StringComparer.Ordinal).Count() : 0;
        return run.Task.Aim + (types > 0 ? $" of {types} {(types == 1 ? "type" : "types")}" : "");
    }

    private static string Classes(RunView run)
    {
        if (run.Data is not { } data)
            return "";
        var classes = run.Task.Aim.Length > 0 ? Aim(run, data) : data.Classes.Count > 0 ? $" to predict {Words.Count(data.Classes.Count)} {(data.Classes.Count == 1 ? "class" : "classes")}" : "";
        var labels = data.StudentLabels is { } known ? $"; only {Words.Count(known)} of its examples had labels" : "";
        return classes + labels;
    }
}
