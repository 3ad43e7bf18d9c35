namespace Decant.Runs.Jobs.Importing;

/// <summary>What was imported.</summary>
/// <param name="Folder">The model's folder.</param>
/// <param name="Lines">What it is, in sentences.</param>
internal sealed record ImportResult(string Folder, IReadOnlyList<string> Lines);
