using Decant.Compression.Quantization;

namespace Decant.Runs.Exporting;

/// <summary>A file of an exported model.</summary>
/// <param name="Form">What it is called in reports: <c>float32</c>, or the kind of the quantization with what sets it apart.</param>
/// <param name="Path">The file.</param>
/// <param name="Bytes">Its size, constants that lie beside it included.</param>
/// <param name="Options">How it is compressed; null: not at all.</param>
/// <param name="Notes">What a reader must know of it.</param>
internal sealed record ExportedFile(string Form, string Path, long Bytes, QuantizationOptions? Options, IReadOnlyList<string> Notes);
