namespace Decant.Models.FromTeacher;

/// <summary>What a static student must know of the tokenizer.</summary>
/// <param name="Sequences">[V] for every token the ids that a teacher reads for it alone, special ones included; null: it has no row, which stays 0.</param>
/// <param name="Counts">[V] how often the texts of the transfer set have it; empty: not counted.</param>
internal sealed record TokenTexts(IReadOnlyList<int[]?> Sequences, IReadOnlyList<long> Counts);
