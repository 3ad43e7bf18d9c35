namespace Decant.Export.Loading;

/// <summary>What loading weights did that was not plain copying.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="Remarks">The rules by which names were matched, and what was left out, in sentences; empty when every name fitted as it is.</param>
/// <param name="NewHead">The names in the model that the file had no weights for, and that keep the values they were drawn with.</param>
/// <param name="LeftOut">The names in the file that the model has no place for.</param>
internal sealed record LoadedWeights(string Path, IReadOnlyList<string> Remarks, IReadOnlyList<string> NewHead, IReadOnlyList<string> LeftOut);
