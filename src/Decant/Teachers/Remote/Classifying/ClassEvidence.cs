namespace Decant.Teachers.Remote.Classifying;

/// <summary>Where the probabilities of the classes come from.</summary>
public enum ClassEvidence
{
    /// <summary>The probabilities of the answer's first token: one request, and the server must give them.</summary>
    Logprobs,

    /// <summary>How often each class is answered in several samples.</summary>
    Samples,

    /// <summary>The confidence that the teacher states in JSON; such numbers are seldom calibrated.</summary>
    Stated,
}
