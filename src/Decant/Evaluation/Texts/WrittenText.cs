using Decant.Models.Generation;

namespace Decant.Evaluation.Texts;

/// <summary>What a model wrote after a prompt.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Reference">What a good text would say.</param>
/// <param name="Text">The text, without the prompt and without what ended it.</param>
/// <param name="Tokens">How many tokens it has, by the model's tokenizer, without the one that ended it.</param>
/// <param name="End">Why it ended.</param>
internal sealed record WrittenText(string Prompt, string Reference, string Text, int Tokens, GenerationEnd End)
{
    /// <summary>Whether there is nothing, or nothing but white space.</summary>
    public bool IsEmpty => string.IsNullOrWhiteSpace(Text);

    /// <summary>Whether the model ended it, not the most tokens that it may have.</summary>
    public bool EndedByItself => End is GenerationEnd.StopToken or GenerationEnd.StopText;
}
