using Decant.Export.Onnx.Signatures;

namespace Decant.Runs.Exporting;

/// <summary>A file that is measured.</summary>
/// <param name="Arm">The arm that it was made of.</param>
/// <param name="Form">How its weights are stored.</param>
/// <param name="File">Its path for readers; null: it is not kept.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="Signature">How it is called.</param>
/// <param name="Classes">How many numbers an answer has.</param>
/// <param name="Kind">The family of the model that it was made of.</param>
internal sealed record MeasuredExport(string Arm, string Form, string? File, string Path, GraphSignature Signature, int Classes, string Kind);
