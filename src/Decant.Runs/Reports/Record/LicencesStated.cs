namespace Decant.Runs.Reports.Record;

/// <summary>Under which licences the parts of a student stand, as its recipe says it.</summary>
internal sealed record LicencesStated : RunEvent
{
    /// <summary>That of the teacher; null: the recipe does not say it.</summary>
    public string? Teacher { get; init; }

    /// <summary>That of the data; null: the recipe does not say it.</summary>
    public string? Data { get; init; }
}
