using Decant.Models.Generation;
using Decant.Runs.Hardware;
using Decant.Teachers.Writing;

namespace Decant.Runs.Jobs.Generation;

/// <summary>Continues texts with the language model in a folder or a GGUF file.</summary>
public static class GenerateJob
{
    /// <summary>Loads the model and its tokenizer, and continues the texts side by side.</summary>
    /// <param name="folder">A model's folder with config.json, weights and tokenizer, a run's (its student), or a GGUF file, which llama.cpp computes.</param>
    /// <param name="options">What and how.</param>
    /// <param name="show">Is given every piece of the first continuation as soon as it is known; null: pieces are not reported.</param>
    /// <param name="cancellationToken">Stops between tokens.</param>
    /// <returns>The continuations: all of the first prompt, then all of the second, ….</returns>
    /// <exception cref="DecantException">The folder is no language model's, its tokenizer is missing or another model's, or a prompt cannot be continued.</exception>
    public static IReadOnlyList<Continuation> Run(string folder, GenerateRequest options, Action<string>? show = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(options);
        MachineFacts.Prepare(null);
        using var writer = OpenedWriter.Open(folder, options);
        var prompts = options.Prompts.SelectMany(p => Enumerable.Repeat(p, options.Count)).ToArray();
        var generator = new TextGenerator(writer.Reader, writer.Tokenizer) { Begin = writer.Begin, IsRendered = writer.Template is not null };
        using var run = generator.Start(writer.Texts(prompts), options.Sampling(writer.Ends), options.Stops);
        while (!run.IsFinished)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var piece in run.Step())
                Show(piece);
        }

        return [.. run.Texts.Zip(prompts, (text, prompt) => new Continuation(prompt, text.Text, text.Tokens, Words(text.End)))];

        void Show(TextPiece piece)
        {
            if (piece.Index == 0)
                show?.Invoke(piece.Text);
        }
    }

    private static string Words(GenerationEnd end) => end switch
    {
        GenerationEnd.StopText => "stop-text",
        GenerationEnd.StopToken => "stop-token",
        GenerationEnd.MaxTokens => "max-positions",
        _ => "max-tokens",
    };
}
