namespace Decant.Runs.Jobs.Tokenizing;

/// <summary>A text with its tokens.</summary>
/// <param name="Text">The text.</param>
/// <param name="Pair">The second text; null: there is none.</param>
/// <param name="Tokens">The T tokens, cut and filled as the tokenizer's file says.</param>
internal sealed record TokenizedLine(string Text, string? Pair, IReadOnlyList<TokenOfText> Tokens);

/// <summary>One token of a text.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Token">As it stands in the vocabulary.</param>
/// <param name="Start">Where it begins in the text that it is of, in UTF-16 units; 0 of one that was added.</param>
/// <param name="End">Where it ends there, excluded; 0 of one that was added.</param>
/// <param name="Type">0 for the first text, 1 for the second, as the tokenizer's template has it.</param>
/// <param name="IsSpecial">Whether it was added around the text, or fills it up.</param>
/// <param name="Source">The part of the text that it came from; empty of one that was added.</param>
internal sealed record TokenOfText(int Id, string Token, int Start, int End, int Type, bool IsSpecial, string Source);
