using System.Globalization;
using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Sections;

/// <summary>From which confidence on the student may answer instead of the teacher.</summary>
internal static class CascadeSection
{
    public static Markup Of(RunView run)
    {
        if (run.Cascade is not { } chosen)
            return Markup.Empty;
        var test = chosen.Policy.Threshold is null || chosen.TestAccepted == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture, $" On the test split: {chosen.TestAccepted} of {chosen.TestRows} answered locally, {chosen.TestWrong} of them unlike the teacher ({100.0 * chosen.TestWrong / chosen.TestAccepted:0.##} %).");
        return Markup.Of($"""
            <section><h2>Cascade</h2><p>{CascadeCurves.Sentence(chosen.Policy)}{test}</p>{CascadeCurves.Of(chosen.Policy)}</section>

            """);
    }
}
