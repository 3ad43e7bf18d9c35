using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Cards;

/// <summary>What a model card says of a run, in words.</summary>
/// <param name="Student">The student and its size.</param>
/// <param name="Teacher">The teacher and its size.</param>
/// <param name="Data">Where the samples come from, and how many.</param>
/// <param name="Test">What it was measured on.</param>
/// <param name="Licences">Those of teacher and data, as far as the recipe says them.</param>
/// <param name="Pipeline">The task as model hubs name it; null: they have no name for it.</param>
internal sealed record CardFacts(string Student, string Teacher, string Data, string Test, string Licences, string? Pipeline)
{
    /// <summary>Those of a run.</summary>
    public static CardFacts Of(RunView run) => new(
        Sized(run.Student), Sized(run.Teacher) + From(run), Source(run.Data),
        run.Student?.Tests is [var test, ..] ? $"{Words.Count(test.Samples)} test samples that were not used before" : "no test samples",
        Terms(run), PipelineOf(run.Data?.Task ?? run.Started?.Task));

    private static string Sized(ArmView? arm) => arm?.Model is { IsRemote: true } remote ? $"unknown size ({remote.Summary})" : arm?.Model is { } model
        ? $"{Words.Large(model.Parameters)} parameters ({(model.Summary.Length > 0 ? model.Summary : model.Kind)})"
        : "unknown size";

    // Its address where it was fetched, so that a reader finds the very model.
    private static string From(RunView run) => run.Started?.Models?.Where(m => m.Key.StartsWith("teacher", StringComparison.Ordinal)).Select(m => m.Value).Distinct().ToArray() is { Length: > 0 } models
        ? $", {string.Join(", ", models)}"
        : "";

    private static string Source(DataDescribed? data) => data is null
        ? "unknown"
        : $"{data.Source}: {string.Join(", ", data.Splits.Select(s => $"{Words.Count(s.Value)} {s.Key}"))}{(data.StudentLabels is { } labels ? $"; {Words.Count(labels)} labels for the student" : "")}";

    private static string Terms(RunView run)
    {
        var licences = run.Licences;
        string Of(string what, string? licence) => $"{what} {licence ?? "not stated"}";
        return $"{Of("teacher", licences?.Teacher)}, {Of("data", licences?.Data)}; what is made of them is bound by theirs";
    }

    private static string? PipelineOf(string? task) => task switch
    {
        "classification" => "text-classification",
        "token-classification" => "token-classification",
        "embedding" => "sentence-similarity",
        "masked-lm" => "fill-mask",
        "causal-lm" => "text-generation",
        _ => null,
    };
}
