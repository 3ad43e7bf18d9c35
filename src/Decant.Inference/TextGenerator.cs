using System.Runtime.CompilerServices;
using System.Text;
using Decant.Inference.Folders;
using Decant.Inference.Sessions;
using Decant.Text;
using Decant.Text.Chat;
using Microsoft.Extensions.AI;

namespace Decant.Inference;

/// <summary>Continues texts with a language model that Decant exported. Safe to use from several threads; each text has a state of its own.</summary>
public sealed class TextGenerator : IDisposable
{
    private readonly DecoderModel _model;
    private readonly ITokenizer _tokenizer;
    private readonly GenerationSettings _settings;
    private readonly bool _beginsTexts;
    private readonly Lazy<ChatTemplate> _template;

    private TextGenerator(ExportedFolder folder, OnnxModel file, InferenceOptions options)
    {
        SessionCheck.Task(file, folder.Config.File, folder.Config.Task, "Classes are read by TextClassifier, embeddings by SentenceEmbedder.", ArchitectureTask.CausalLanguageModel);
        _tokenizer = folder.Tokenizer();
        _settings = GenerationSettings.Read(folder, _tokenizer);
        _model = DecoderModel.Of(file);
        if (_model.Vocabulary < _tokenizer.VocabularySize)
            throw new DecantException($"{folder.OnnxPath} answers with {_model.Vocabulary} logits, and the tokenizer beside it has {_tokenizer.VocabularySize} tokens: they belong to two models. Export the model again.");
        var most = folder.MaxTokens(options.MaxTokens, continues: true);
        MaxTokens = options.MaxTokens is null && folder.Config.Positions is null ? int.MaxValue : most;
        Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder.Path)));
        HasChatTemplate = ChatTemplateFiles.Of(folder.Path).Main is not null;
        _template = new(() => ChatTemplate.Load(folder.Path));
        // A frame that closes a text as well, as BERT's, is none of language models.
        _beginsTexts = _tokenizer.EncodeForModel("a", null, int.MaxValue).Ids.AsSpan().EndsWith(_tokenizer.Encode("a"));
    }

    /// <summary>How many tokens a text may have, prompt included; <see cref="int.MaxValue"/> for recurrent models, which read on and on.</summary>
    public int MaxTokens { get; }

    /// <summary>The name of its folder.</summary>
    internal string Name { get; }

    /// <summary>Loads a language model.</summary>
    /// <param name="folder">A folder that <c>decant export … --to onnx</c> wrote: config.json, generation_config.json, the tokenizer's files and onnx/model.onnx.</param>
    /// <param name="options">Null: the default ones.</param>
    /// <exception cref="DecantException">A file is missing or damaged, the files do not belong together, or the model has another task: expected, came, what to do.</exception>
    public static TextGenerator Load(string folder, InferenceOptions? options = null)
    {
        var chosen = InferenceOptions.Checked(options);
        var found = ExportedFolder.Open(folder, chosen.Form);
        var file = OnnxModel.Open(found.OnnxPath, chosen.Threads);
        try
        {
            return new(found, file, chosen);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Continues a text.</summary>
    /// <param name="prompt">The text; empty where the model has a token that begins texts.</param>
    /// <param name="options">Null: the default ones, greedy.</param>
    /// <param name="cancellationToken">Stops between tokens.</param>
    /// <exception cref="DecantException">The prompt has no token or too many, an option is out of its range, or the model could not be run.</exception>
    public GeneratedText Generate(string prompt, TextGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var run = Start(prompt, options);
        var (pieces, text) = (new PieceStream(run, _tokenizer, options), new StringBuilder());
        while (run.End is null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            text.Append(pieces.Next());
        }

        return new(text.Append(pieces.Rest()).ToString(), run.Tokens, run.End.Value);
    }

    /// <summary>Continues a text and gives every piece as soon as it is known; the pieces together are what <see cref="Generate"/> gives.</summary>
    /// <inheritdoc cref="Generate" path="/param"/>
    /// <inheritdoc cref="Generate" path="/exception"/>
    public async IAsyncEnumerable<string> StreamAsync(string prompt, TextGenerationOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var run = Start(prompt, options);
        var pieces = new PieceStream(run, _tokenizer, options);
        while (run.End is null)
        {
            var piece = await Task.Run(pieces.Next, cancellationToken).ConfigureAwait(false);
            if (piece.Length > 0)
                yield return piece;
        }

        if (pieces.Rest() is { Length: > 0 } rest)
            yield return rest;
    }

    /// <summary>Begins a continuation that is asked for token by token.</summary>
    /// <inheritdoc cref="Generate" path="/param"/>
    /// <inheritdoc cref="Generate" path="/exception"/>
    internal TextContinuation Begin(string prompt, TextGenerationOptions? options = null) => new(Start(prompt, options), _tokenizer, options);

    /// <summary>The model as a chat client: messages become a prompt by its chat template.</summary>
    /// <remarks>
    /// Temperature (null: 0, greedy), top-p, top-k, seed (null: another each time), the most output tokens (null: what the model can still read, 4,096 at most), stop sequences and instructions are obeyed. Other options,
    /// such as tools, penalties and response formats, and contents other than texts, reasoning, calls of functions and their results are refused by name, as <see cref="NotSupportedException"/>.
    /// </remarks>
    /// <param name="template">Null, the default: the one of the model's folder.</param>
    /// <returns>A client that leaves this generator open when it is disposed.</returns>
    /// <exception cref="DecantException">The folder has no chat template, or one with something that is not served.</exception>
    public IChatClient AsChatClient(ChatTemplate? template = null) => new GeneratorChatClient(this, template ?? _template.Value);

    /// <summary>Whether the folder has a chat template.</summary>
    internal bool HasChatTemplate { get; }

    /// <summary>Begins the assistant's next message.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">How tokens are chosen; more new ones than the model has room for are not asked for.</param>
    /// <param name="template">Null: the one of the model's folder.</param>
    /// <param name="tools">The tools that are named in the prompt; null: none.</param>
    /// <exception cref="DecantException">There is no template, it refuses the messages, or the prompt has too many tokens.</exception>
    internal TextContinuation BeginChat(IReadOnlyList<ChatTurn> messages, TextGenerationOptions options, ChatTemplate? template = null, System.Text.Json.Nodes.JsonArray? tools = null)
    {
        // The template itself says which tokens begin a text.
        var prompt = (template ?? _template.Value).Render(messages, tools, addGenerationPrompt: true);
        return new(Start(_tokenizer.Encode(prompt), TextGenerationOptions.Checked(options)), _tokenizer, options);
    }

    /// <summary>Releases the model; what runs meanwhile comes to the end of its token.</summary>
    public void Dispose() => _model.Dispose();

    private GenerationRun Start(string prompt, TextGenerationOptions? options)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var chosen = TextGenerationOptions.Checked(options);
        return Start(_beginsTexts ? _tokenizer.EncodeForModel(prompt, null, int.MaxValue).Ids : _tokenizer.Encode(prompt), chosen);
    }

    private GenerationRun Start(int[] ids, TextGenerationOptions chosen)
    {
        if (ids.Length == 0)
            ids = _settings.Begin is { } begin ? [begin] : throw new DecantException("The prompt has no token, and this model has no token that begins a text. Give it a word to begin with.");
        return ids.Length < MaxTokens
            ? new GenerationRun(_model, ids, chosen, _settings.Stops, MaxTokens, _tokenizer.VocabularySize)
            : throw new DecantException($"The prompt has {ids.Length} tokens; the model reads at most {MaxTokens}, one of them new. Shorten it.");
    }
}
