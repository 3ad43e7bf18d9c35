using System.Runtime.CompilerServices;
using Decant.Models.Generation;
using Decant.Modules;
using Decant.Text;
using Decant.Torch;

namespace Decant.Teachers.Writing;

/// <summary>Continues texts with a language model.</summary>
/// <param name="model">The model; stays the caller's.</param>
/// <param name="tokenizer">Its tokenizer.</param>
/// <param name="device">Where the model is.</param>
internal sealed class TextGenerator(ICausalModel model, ITokenizer tokenizer, Device device = default)
{
    /// <summary>The token that begins a text, for prompts without any; null: there is none.</summary>
    public int? Begin { get; init; }

    /// <summary>Whether a chat template made the prompts, which have the tokens that begin a text in themselves; default: no.</summary>
    public bool IsRendered { get; init; }

    /// <summary>Continues texts, side by side.</summary>
    /// <param name="prompts">One or more.</param>
    /// <param name="options">How tokens are chosen.</param>
    /// <param name="stops">Words that end a text and are not part of it; null: none.</param>
    /// <param name="cancellationToken">Stops between tokens.</param>
    /// <returns>The continuations, without their prompts, in the order of the prompts.</returns>
    /// <exception cref="DecantException">What <see cref="TokenGeneration"/> refuses, or an empty stop.</exception>
    public IReadOnlyList<GeneratedText> Generate(
        IReadOnlyList<string> prompts, GenerationOptions options, IReadOnlyList<string>? stops = null, CancellationToken cancellationToken = default)
    {
        using var run = Start(prompts, options, stops);
        while (!run.IsFinished)
        {
            cancellationToken.ThrowIfCancellationRequested();
            run.Step();
        }

        return run.Texts;
    }

    /// <summary>Continues texts, and gives every piece as soon as it is known.</summary>
    /// <inheritdoc cref="Generate"/>
    public async IAsyncEnumerable<TextPiece> Stream(
        IReadOnlyList<string> prompts, GenerationOptions options, IReadOnlyList<string>? stops = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var run = Start(prompts, options, stops);
        while (!run.IsFinished)
        {
            foreach (var piece in await Task.Run(run.Step, cancellationToken).ConfigureAwait(false))
                yield return piece;
        }
    }

    /// <summary>The tokens of a prompt as the model reads it: as the tokenizer's template begins a text, and without what it ends one with.</summary>
    internal int[] Tokens(string prompt)
    {
        var ids = !IsRendered && BeginsTexts() ? tokenizer.EncodeForModel(prompt, null, int.MaxValue).Ids : tokenizer.Encode(prompt);
        return ids.Length > 0 || Begin is not { } begin ? ids : [begin];
    }

    // A frame that closes a text as well, as BERT's, is none of language models.
    private bool BeginsTexts() => tokenizer.EncodeForModel("a", null, int.MaxValue).Ids.AsSpan().EndsWith(tokenizer.Encode("a"));

    internal TextRun Start(IReadOnlyList<string> prompts, GenerationOptions options, IReadOnlyList<string>? stops)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        if (stops?.Contains("") == true)
            throw new DecantException("A stop is empty: every text would end before it begins. Leave it out.");
        return new TextRun(model, tokenizer, [.. prompts.Select(Tokens)], options, stops ?? [], device);
    }
}

/// <summary>A continuation.</summary>
/// <param name="Text">It, without the prompt and without what ended it.</param>
/// <param name="Tokens">The ids that were generated; with a stop they reach beyond the text.</param>
/// <param name="End">Why it ended.</param>
internal sealed record GeneratedText(string Text, IReadOnlyList<int> Tokens, GenerationEnd End);

/// <summary>A piece of a continuation.</summary>
/// <param name="Index">Of which prompt.</param>
/// <param name="Text">The piece; may be empty in the last one.</param>
/// <param name="End">Why the continuation ended with it; null: it continues.</param>
internal sealed record TextPiece(int Index, string Text, GenerationEnd? End);
