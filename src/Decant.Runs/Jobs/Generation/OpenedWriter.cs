using Decant.Export;
using Decant.Export.Adapters;
using Decant.Export.Gguf.Format;
using Decant.LLama;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Runs.Preparing;
using Decant.Teachers.Writing;
using Decant.Text;
using Decant.Text.Chat;
using Decant.Text.Files;

namespace Decant.Runs.Jobs.Generation;

/// <summary>A language model that was opened to write: of a folder, or of a GGUF file, which llama.cpp computes.</summary>
/// <param name="Model">The model; this owns it.</param>
/// <param name="Tokenizer">Its tokenizer.</param>
/// <param name="Begin">The token that begins a text, for prompts without any; null: there is none.</param>
/// <param name="Ends">The tokens that end a text.</param>
/// <param name="Template">Makes prompts of messages; null: it is not asked for.</param>
internal sealed record OpenedWriter(Model Model, ITokenizer Tokenizer, int? Begin, IReadOnlyList<int> Ends, ChatTemplate? Template) : IDisposable
{
    /// <summary>The model as one that reads from left to right.</summary>
    public ICausalModel Reader => (ICausalModel)Model;

    /// <summary>The texts that are continued: the prompts, or with a template the messages as it writes them.</summary>
    public IReadOnlyList<string> Texts(IReadOnlyList<string> prompts) => Rendered(Template, prompts);

    /// <summary>Opens a model.</summary>
    /// <param name="path">A model's folder, a run's, or a GGUF file.</param>
    /// <param name="options">What it will write: of a GGUF file, as much room is made as that needs.</param>
    /// <exception cref="DecantException">It is no language model, its tokenizer is missing or another model's, or it has no chat template and is to chat.</exception>
    public static OpenedWriter Open(string path, GenerateRequest options)
    {
        if (File.Exists(path) && GgufFile.IsOne(path))
            return OfGguf(path, options);
        return !path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) || Directory.Exists(path) ? OfFolder(EvaluateJob.ModelPath(path), options)
            : throw new DecantException(File.Exists(path) ? $"{path} does not begin as a GGUF file does (with 'GGUF'). Fetch or export it again." : $"{path}: there is no such file. 'decant export MODEL --to gguf' writes one.");
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    private static OpenedWriter OfFolder(string folder, GenerateRequest options)
    {
        var model = ModelFolder.Load(folder);
        try
        {
            var reader = model as ICausalModel
                ?? throw new DecantException($"{folder} holds a model of kind '{model.Kind}', which continues no texts. Give a causal language model, such as gpt2 or llama.");
            folder = BaseFolder.ForText(folder); // an adapter's may lack a tokenizer
            var tokenizer = TokenizerFile.Load(folder);
            ModelVocabulary.Check(folder, tokenizer, reader.VocabularySize);
            GenerationConfig.CheckServed(folder);
            return new(model, tokenizer, ((model as IConfigured)?.Config as ICausalConfig)?.BosTokenId, StopTokens.Of(model, tokenizer), options.IsChat ? ChatTemplate.Load(folder) : null);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static OpenedWriter OfGguf(string path, GenerateRequest options)
    {
        var file = GgufOpening.Checked(path);
        var tokenizer = GgufOpening.TokenizerOf(file);
        var template = options.IsChat ? TemplateOf(path, tokenizer) : null;
        var longest = Rendered(template, options.Prompts).Max(text => tokenizer.EncodeForModel(text, null, int.MaxValue).Ids.Length);
        // Some files say that they read more tokens than the memory holds.
        var room = (int)Math.Min(GgufOpening.MostTokens(path), longest + 1L + options.MaxNewTokens);
        var model = GgufOpening.Decoder(new GgufTeacherOptions { File = path, Context = room }, tokenizer);
        int[] ends = file.Whole("tokenizer.ggml.eot_token_id") is { } turn ? [(int)turn] : []; // what ends a message, beside what ends a text
        return new(model, tokenizer, tokenizer.Special.Bos ?? tokenizer.Special.Eos, StopTokens.Of(model, tokenizer, [.. ends, .. tokenizer.Special.Eos is { } eos ? new[] { eos } : []]), template);
    }

    private static ChatTemplate TemplateOf(string path, ITokenizer tokenizer)
    {
        var source = ChatTemplates.Of(tokenizer).Main
            ?? throw new DecantException($"{path} has no chat template (tokenizer.chat_template). Take a file of a model that chats, or give the prompt as a text, without --chat.");
        var special = new Dictionary<string, string>();
        foreach (var (name, id) in new[] { ("bos_token", tokenizer.Special.Bos), ("eos_token", tokenizer.Special.Eos), ("unk_token", tokenizer.Special.Unknown), ("pad_token", tokenizer.Special.Pad) })
            if (id is { } token) special[name] = tokenizer.TokenOf(token);
        return ChatTemplate.Parse(source, special);
    }

    private static IReadOnlyList<string> Rendered(ChatTemplate? template, IReadOnlyList<string> prompts) =>
        template is null ? prompts : [.. prompts.Select(prompt => template.Render([new("user", prompt)], addGenerationPrompt: true))];
}
