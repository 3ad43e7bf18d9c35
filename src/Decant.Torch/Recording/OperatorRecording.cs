namespace Decant.Torch.Recording;

/// <summary>What a program did with tensors, from its inputs to its outputs.</summary>
/// <param name="Values">Every tensor, in the order in which it was seen first.</param>
/// <param name="Calls">Every operator that was called, in order.</param>
/// <param name="Outputs">What it gave, by name and index.</param>
internal sealed record OperatorRecording(
    IReadOnlyList<RecordedValue> Values, IReadOnlyList<RecordedCall> Calls, IReadOnlyList<KeyValuePair<string, int>> Outputs);
