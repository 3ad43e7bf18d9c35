using System.ComponentModel;

namespace Decant.Runs.Recipes.Schema;

/// <summary>
/// How the cores are shared while each model is trained: <c>2</c> is two threads, <c>1+1</c> one for the student and one for a teacher that answers ahead.
/// What is left out is measured at the start, and written into the recipe in the run's folder: running that one again gives the same models, bit for bit.
/// </summary>
internal sealed record ThreadAllocationSection
{
    /// <summary>While the teacher is trained; null: measured.</summary>
    [Description("threads while the teacher is trained, such as 2")]
    public string? Teacher { get; init; }

    /// <summary>While the student is distilled; null: measured.</summary>
    [Description("threads while the student is distilled, such as 2, or 1+1 for student and teacher at the same time")]
    public string? Student { get; init; }

    /// <summary>While the control is trained; null: measured.</summary>
    [Description("threads while the control is trained, such as 2")]
    public string? Control { get; init; }
}
