namespace Decant.Inference;

/// <summary>A token that a masked language model predicts.</summary>
/// <param name="Token">As the vocabulary has it, such as <c>film</c> or <c>##s</c>; null: an id that has no token.</param>
/// <param name="Id">Its id.</param>
/// <param name="Probability">Its probability, 0 to 1.</param>
public sealed record MaskedToken(string? Token, int Id, float Probability);
