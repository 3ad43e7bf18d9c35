namespace Decant.Runs.Jobs.Exporting;

/// <summary>A class library that was written around a model.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Form">How the model's weights are stored: <c>float32</c>, <c>int8</c> ….</param>
/// <param name="Bytes">The size of the model's file.</param>
/// <param name="Files">The project's own files, by their names.</param>
internal sealed record CSharpExportResult(string Folder, string Form, long Bytes, IReadOnlyList<string> Files);
