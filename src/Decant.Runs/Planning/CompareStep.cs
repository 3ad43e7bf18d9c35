namespace Decant.Runs.Planning;

/// <summary>Compares two arms over all seeds, with an interval and a verdict.</summary>
/// <param name="Id">Its id.</param>
/// <param name="A">The one.</param>
/// <param name="B">The other.</param>
internal sealed record CompareStep(string Id, string A, string B) : RunStep(Id)
{
    public override string Words => $"compare {A} and {B}";
}

/// <summary>Says in what the arms differ sample by sample and for frequent and rare classes.</summary>
/// <param name="Id">Its id.</param>
internal sealed record DifferencesStep(string Id) : RunStep(Id)
{
    public override string Words => "describe the differences";
}

/// <summary>Writes the summary and the report.</summary>
/// <param name="Id">Its id.</param>
internal sealed record WriteStep(string Id) : RunStep(Id)
{
    public override string Words => "write the summary and the report";
}
