namespace Decant.Inference;

/// <summary>A continuation of a text.</summary>
/// <param name="Text">It, without the prompt and without the token or text that ended it.</param>
/// <param name="Tokens">How many tokens were generated, without the one that ended it.</param>
/// <param name="End">Why it ended.</param>
public sealed record GeneratedText(string Text, int Tokens, GeneratedEnd End);

/// <summary>Why a continuation ended.</summary>
public enum GeneratedEnd
{
    /// <summary>The model said a token that ends texts.</summary>
    StopToken,

    /// <summary>It has as many tokens as were asked for.</summary>
    MaxNewTokens,

    /// <summary>The text is as long as the model can read.</summary>
    MaxTokens,

    /// <summary>One of <see cref="TextGenerationOptions.StopTexts"/> came.</summary>
    StopText,
}
