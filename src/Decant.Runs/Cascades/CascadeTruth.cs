namespace Decant.Runs.Cascades;

/// <summary>What the student's answers are compared with.</summary>
internal enum CascadeTruth
{
    /// <summary>The teacher's answers: what a request would get otherwise.</summary>
    Teacher,

    /// <summary>The labels of the rows.</summary>
    Labels,
}
