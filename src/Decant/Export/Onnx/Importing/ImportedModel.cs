namespace Decant.Export.Onnx.Importing;

/// <summary>A model that was imported, and checked.</summary>
/// <param name="Folder">Its folder, in Hugging Face's layout.</param>
/// <param name="ModelType">Its family, as <c>config.json</c> names it.</param>
/// <param name="Summary">The network in a few words.</param>
/// <param name="Parameters">How many weights it has.</param>
/// <param name="LargestDifference">Between its outputs and those of the ONNX file in ONNX Runtime, in proportion where they are larger than 1.</param>
/// <param name="Notes">What a user should know of how it was read.</param>
internal sealed record ImportedModel(string Folder, string ModelType, string Summary, long Parameters, double LargestDifference, IReadOnlyList<string> Notes);
