using Decant.Export;
using Decant.Export.Adapters;
using Decant.Models.Configuration;
using Decant.Models.Generation;
using Decant.Modules;
using Decant.Runs.Hardware;
using Decant.Teachers.Writing;
using Decant.Text;
using Decant.Text.Chat;
using Decant.Text.Files;

namespace Decant.Runs.Jobs.Generation;

/// <summary>Continues texts with the language model in a folder.</summary>
public static class GenerateJob
{
    /// <summary>Loads the model and its tokenizer, and continues the texts side by side.</summary>
    /// <param name="folder">A model's folder with config.json, weights and tokenizer, or a run's (its student).</param>
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
        folder = EvaluateJob.ModelPath(folder);
        using var model = ModelFolder.Load(folder);
        var reader = model as ICausalModel
            ?? throw new DecantException($"{folder} holds a model of kind '{model.Kind}', which continues no texts. Give a causal language model, such as gpt2 or llama.");
        folder = BaseFolder.ForText(folder);
        var tokenizer = TokenizerFile.Load(folder);
        ModelVocabulary.Check(folder, tokenizer, reader.VocabularySize);
        GenerationConfig.CheckServed(folder);
        var config = (model as IConfigured)?.Config as ICausalConfig;
        var prompts = options.Prompts.SelectMany(p => Enumerable.Repeat(p, options.Count)).ToArray();
        var template = options.IsChat ? ChatTemplate.Load(folder) : null;
        var generator = new TextGenerator(reader, tokenizer) { Begin = config?.BosTokenId, IsRendered = template is not null };
        using var run = generator.Start([.. prompts.Select(prompt => template?.Render([new("user", prompt)], addGenerationPrompt: true) ?? prompt)], options.Sampling(StopTokens.Of(model, tokenizer)), options.Stops);
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
