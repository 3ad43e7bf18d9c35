using Decant.Text;

namespace Decant.Teachers.Remote.Scoring;

/// <summary>Whether a server reads ids as the tokens that they were made for.</summary>
/// <param name="tokenizer">The tokenizer of the ids.</param>
internal sealed class SameTokens(ITokenizer tokenizer)
{
    private const char Undecodable = '\uFFFD';

    /// <summary>What the server has in the place of a token; null: the same, as far as can be seen. Texts are compared by their letters and digits, for servers write spaces and parts of characters in their own ways.</summary>
    /// <param name="id">The id that was sent.</param>
    /// <param name="came">What the server says.</param>
    public string? Other(int id, PromptTokenScore came)
    {
        if (came.Id is { } other && other != id)
            return $"token {other}";
        if (came.Text is not { } text || Bare(text) is not { Length: > 0 } bare)
            return null;
        string[] own = [Bare(tokenizer.Decode([id], keepSpecial: true)), Bare(tokenizer.TokenOf(id))];
        return own.Contains(bare) || own.Contains("") || text.StartsWith("bytes:", StringComparison.Ordinal) ? null : $"'{text}'";
    }

    // Empty where it says nothing: no letters, or a part of a character.
    private static string Bare(string text) => text.Contains(Undecodable, StringComparison.Ordinal) ? ""
        : string.Concat(text.Where(c => char.IsLetterOrDigit(c) && c is not ('\u0120' or '\u010A'))); // Ġ and Ċ: a space and a line's end of byte-level vocabularies
}
