namespace Decant.Torch.Recording;

/// <summary>A program does what no graph of operators can hold.</summary>
/// <param name="message">What, and what to do instead.</param>
internal sealed class RecordingException(string message) : DecantException(message);
