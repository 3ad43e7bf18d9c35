namespace Decant.Text;

/// <summary>A word that was not added to a tokenizer.</summary>
/// <param name="Word">The word.</param>
/// <param name="Why">Why not, as the end of a sentence.</param>
internal sealed record LeftOutWord(string Word, string Why);
