using Decant.Inference.Cascades;

namespace Decant.Runs.Reports.Record;

/// <summary>From which confidence on the student may answer instead of the teacher.</summary>
internal sealed record CascadeChosen : RunEvent
{
    /// <summary>The policy, without the confidences of the rows.</summary>
    public required CascadePolicy Policy { get; init; }

    /// <summary>The rows of the test split, on which it was not chosen.</summary>
    public int TestRows { get; init; }

    /// <summary>How many of them the student answers.</summary>
    public int TestAccepted { get; init; }

    /// <summary>How many of those differ from the teacher.</summary>
    public int TestWrong { get; init; }
}
