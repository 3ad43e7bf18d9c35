namespace Decant.Bench.Tokenizers;

/// <summary>What one library came to on a text; speeds in MB (10⁶ bytes of UTF-8) a second on one core.</summary>
/// <param name="Library">The library.</param>
/// <param name="First">The speed of the first round, with nothing remembered.</param>
/// <param name="Speed">The median speed of the later rounds.</param>
/// <param name="Ratio">The median over the rounds of its time divided by Decant's.</param>
/// <param name="Ids">The ids that it gives in all.</param>
/// <param name="DifferentLines">The lines with at least one id that differs from Decant's.</param>
/// <param name="FirstDifference">The number of the first of them, from 1; null where there is none.</param>
internal sealed record TokenizerFigures(string Library, double First, double Speed, double Ratio, long Ids, int DifferentLines, int? FirstDifference);
