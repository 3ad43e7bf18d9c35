using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Sections;

/// <summary>All that is needed to judge the run and to do it again.</summary>
internal static class DetailsSection
{
    public static Markup Of(RunView run) => Markup.Of($"""
        {Notes(run)}<section><h2>How it was done</h2><dl>{Models(run)}{Data(run)}{Training(run)}{Machine(run)}{Resumed(run)}</dl>{Command(run)}{Recipe(run)}</section>

        """);

    /// <summary>What is one task's own in a run of several.</summary>
    public static Markup OfTask(RunView run) => Markup.Of($"""
        <section><h2>How it was done</h2><dl>{Models(run)}{Data(run)}{Training(run)}</dl>{(run.Notes.Count == 0 ? Markup.Empty : Markup.Of($"""<ul class="notes">{run.Notes.Select(n => Markup.Of($"<li><bdi>{n}</bdi></li>"))}</ul>"""))}</section>

        """);

    private static Markup Notes(RunView run)
    {
        string[] notes = [.. run.Notes, .. run.Problems, .. Unfinished(run)];
        return notes.Length == 0 ? Markup.Empty : Markup.Of($"""<section><h2>Notes</h2><ul class="notes">{notes.Select(n => Markup.Of($"<li><bdi>{n}</bdi></li>"))}</ul></section>""");
    }

    private static IEnumerable<string> Unfinished(RunView run)
    {
        if (run.Finished is null)
            yield return "The record is incomplete: the run was stopped, or is still running.";
        else if (run.Finished.Exit != 0)
            yield return $"The run ended with exit code {run.Finished.Exit}.";
    }

    private static Markup Item(string term, Markup value) => value.IsEmpty ? Markup.Empty : Markup.Of($"<div><dt>{term}</dt><dd>{value}</dd></div>");

    private static Markup Models(RunView run) => Markup.Join(run.Models.Where(m => m.Model is not null && !Arms.IsBaseline(m.Name)).Select(m => Item(
        m.Title,
        m.Model!.IsRemote ? Markup.Of($"<bdi>{m.Model.Summary}</bdi>") : Markup.Of($"<bdi>{Kind(m.Model!)}</bdi>; {Words.Count(m.Model!.Parameters)} parameters"))));

    /// <summary>The kind and the summary, unless the summary begins with the kind.</summary>
    private static string Kind(ModelDescribed model) =>
        model.Summary.StartsWith(model.Kind, StringComparison.OrdinalIgnoreCase) ? model.Summary
        : model.Summary.Length == 0 ? model.Kind
        : $"{model.Kind}: {model.Summary}";

    private static Markup Data(RunView run)
    {
        if (run.Data is not { } data)
            return Markup.Empty;
        var splits = string.Join(", ", data.Splits.Select(s => $"{Words.Count(s.Value)} {s.Key}"));
        var duplicates = data.DuplicatesRemoved > 0 ? $"; {Words.Count(data.DuplicatesRemoved)} exact duplicates removed before the split" : "";
        var labels = data.StudentLabels is { } known ? $"; {Words.Count(known)} labels for student and control{(run.Started is { Seeds.Count: > 1 } ? ", drawn anew for every seed" : "")}" : "";
        return Item("Data", Markup.Of($"<bdi>{data.Source}</bdi>{(splits.Length > 0 ? ": " + splits : "")}{labels}{duplicates}"));
    }

    private static Markup Training(RunView run) => Markup.Join(run.Models.SelectMany(m => run.StagesOf(m.Name).Append(m)).Where(m => m.Started is not null).Select(m =>
    {
        var started = m.Started!;
        var time = m.Finished.Count > 0 ? $"; {Words.Duration(m.Finished.Sum(f => f.Seconds))}" + (m.Finished.Count > 1 ? $" for {m.Finished.Count} seeds" : "") : "";
        var answers = m.AnswersAsked.Count > 0 ? $"; {Words.Duration(m.AnswersAsked.Sum(a => a.Seconds))} before it for the teacher's outputs for {Words.Count(m.AnswersAsked[0].Total)} samples" : "";
        var why = m.Finished.Count > 0 && m.Finished[^1].Stopped.Length > 0 ? $"; {m.Finished[^1].Stopped}" : "";
        return Item(
            $"Training, {m.Title.ToLowerInvariant()}",
            Markup.Of($"{Words.Count(started.Epochs)} {(started.Epochs == 1 ? "epoch" : "epochs")}, {Words.Count(started.Steps)} steps{(started.Objectives.Length > 0 ? ": " + started.Objectives : "")}{time}{answers}{why}"));
    }));

    private static Markup Machine(RunView run)
    {
        if (run.Started?.Machine is not { } machine)
            return Markup.Empty;
        string[] parts =
        [
            machine.Cpu,
            machine.Cores > 0 ? $"{machine.Cores} {(machine.Cores == 1 ? "core" : "cores")}, {machine.Threads} used" : "",
            machine.Os,
            machine.Libtorch.Length > 0 ? "libtorch " + machine.Libtorch : "",
            machine.BlasKernels is { Length: > 0 } ? $"{machine.Blas} with {machine.BlasKernels} kernels" : machine.Blas,
            run.Started.DecantVersion.Length > 0 ? "Decant " + run.Started.DecantVersion : "",
        ];
        return Item("Machine", Markup.Text(string.Join("; ", parts.Where(p => p.Length > 0))));
    }

    private static Markup Resumed(RunView run) => Item("Resumed", Markup.Text(string.Join("; ", run.Resumed.Select(Words.Of))));

    private static Markup Command(RunView run) => string.IsNullOrWhiteSpace(run.Started?.Command)
        ? Markup.Empty
        : Markup.Of($"<h3>To reproduce</h3><pre class=\"command\"><code>{run.Started.Command}</code></pre>");

    private static Markup Recipe(RunView run) => string.IsNullOrWhiteSpace(run.Started?.Recipe)
        ? Markup.Empty
        : Markup.Of($"<h3>The recipe, as run</h3><pre><code>{run.Started.Recipe.Trim('\n', '\r')}</code></pre>");
}
