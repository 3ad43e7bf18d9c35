namespace Decant.Inference.Cascades;

/// <summary>The student's answer to one row that it was not trained on.</summary>
/// <param name="Confidence">Its confidence, 0 to 1.</param>
/// <param name="IsWrong">Whether it is not the teacher's answer, or not the label: what the risk counts.</param>
/// <param name="Length">The text's length in characters, with which those of requests are compared; 0: not known.</param>
public readonly record struct HeldOutAnswer(double Confidence, bool IsWrong, int Length = 0);
