using System.Text.Json.Serialization;

namespace Decant.Inference.Cascades;

/// <summary>A request that is kept: a line of JSON that <c>kind: jsonl</c> reads as a text with its label.</summary>
/// <param name="Text">The text, redacted once it is written.</param>
/// <param name="Label">The teacher's answer.</param>
/// <param name="Student">The student's answer.</param>
/// <param name="Confidence">Its confidence, 0 to 1.</param>
/// <param name="IsLocal">Whether the student's answer was given.</param>
public sealed record ShadowRow(string Text, string Label, string Student, double Confidence, [property: JsonPropertyName("local")] bool IsLocal);
