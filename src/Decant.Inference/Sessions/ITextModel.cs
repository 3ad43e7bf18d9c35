using Decant.Text;

namespace Decant.Inference.Sessions;

/// <summary>A model that answers texts with rows of numbers, with its tokenizer. Safe to use from several threads.</summary>
internal interface ITextModel : IDisposable
{
    /// <summary>The tokenizer.</summary>
    ITokenizer Tokenizer { get; }

    /// <summary>The most tokens of a text, special ones included.</summary>
    int MaxTokens { get; }

    /// <summary>C, the numbers of a row.</summary>
    int Width { get; }

    /// <summary>Whether every token has a row; else a text has one.</summary>
    bool IsPerToken { get; }

    /// <summary>Whether texts are prepared and answered on all cores where many come at once.</summary>
    bool IsParallel { get; }

    /// <summary>A text or pair as the model reads it.</summary>
    TextInput Encode(string text, string? pair = null);

    /// <summary>The row of one text, or the rows [T·C] of its tokens.</summary>
    /// <exception cref="DecantException">The model could not be run, or answered with something that is no number.</exception>
    float[] Ask(in TextInput text);

    /// <summary>The rows of texts, each as <see cref="Ask(in TextInput)"/> gives it, in their order.</summary>
    /// <param name="texts">Any number.</param>
    /// <param name="batch">How many are computed together.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <inheritdoc cref="Ask(in TextInput)" path="/exception"/>
    float[][] Ask(TextInput[] texts, int batch, CancellationToken cancellationToken = default);
}
