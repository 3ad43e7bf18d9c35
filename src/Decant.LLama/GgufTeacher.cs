using Decant.Data.Batching;
using Decant.Models.Generation;
using Decant.Modules;
using Decant.Signals;
using Decant.Teachers.Local;
using Decant.Teachers.Writing;
using Decant.Text;
using Decant.Torch;

namespace Decant.LLama;

/// <summary>A GGUF file as a teacher, computed by llama.cpp on the processor: a language model gives the logits of every position, a model of embeddings the vectors of texts.</summary>
/// <remarks>The program adds one of LLamaSharp's backend packages, such as LLamaSharp.Backend.Cpu. Keys and values are kept in float32, and attention is computed without approximations.</remarks>
public sealed class GgufTeacher : ITeacher
{
    private readonly GgufModel _model;
    private readonly LocalTeacher _teacher;

    private GgufTeacher(GgufModel model, ITokenizer tokenizer)
    {
        (_model, Tokenizer) = (model, tokenizer);
        _teacher = new(model, [], tokenizer.Hash, owns: true, vocabulary: model is GgufDecoder ? tokenizer.VocabularySize : null);
    }

    /// <summary>Its tokenizer.</summary>
    public ITokenizer Tokenizer { get; }

    /// <inheritdoc/>
    public TeacherOffer Offer => _teacher.Offer;

    /// <summary>What identifies it: the SHA-256 of the file. It is read whole for this, once.</summary>
    public string Identity => _model.Identity;

    /// <summary>What it is, such as <c>a GGUF file (llama, Q8_0)</c>.</summary>
    public string Summary => _model.Summary;

    /// <summary>The most tokens of a text.</summary>
    public int MaxTokens => _model.MostTokens;

    /// <summary>Whether it makes vectors of texts, and says no next token.</summary>
    public bool MakesVectors => _model is GgufEncoder;

    /// <summary>Opens a file.</summary>
    /// <param name="options">The file, and how it is computed.</param>
    /// <param name="tokenizer">The tokenizer of the batches; null: the file's own. Another must have the same tokens.</param>
    /// <exception cref="DecantException">The file is damaged or of a kind that is not served, its tokenizer is another, or the program has no backend: the message says which.</exception>
    public static GgufTeacher Open(GgufTeacherOptions options, ITokenizer? tokenizer = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var file = GgufOpening.Checked(options.File);
        tokenizer ??= GgufOpening.TokenizerOf(file);
        return new(GgufOpening.MakesVectors(file) ? GgufOpening.Encoder(options, tokenizer) : GgufOpening.Decoder(options, tokenizer), tokenizer);
    }

    /// <summary>Opens a file with its own tokenizer.</summary>
    /// <param name="file">The file.</param>
    /// <inheritdoc cref="Open(GgufTeacherOptions, ITokenizer)" path="/exception"/>
    public static GgufTeacher Open(string file) => Open(new GgufTeacherOptions { File = file });

    /// <summary>Answers a batch of tokens: logits [R, V] of a language model, in the order of the batch's rows; vectors [B, D] of a model of embeddings.</summary>
    /// <inheritdoc/>
    public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default) => _teacher.Answer(batch, cancellationToken);

    /// <summary>The logits of every token of a text.</summary>
    /// <param name="ids">T token ids, at most <see cref="MaxTokens"/>.</param>
    /// <returns>[T, V] float32, in the current scope: row t says what follows after token t.</returns>
    /// <exception cref="DecantException">The file makes vectors, or the text is too long.</exception>
    public Tensor Logits(IReadOnlyList<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return Decoder.Forward(new ModelInput(Tensor.From(ids.Select(id => (long)id).ToArray(), 1, ids.Count)));
    }

    /// <summary>Continues texts, side by side.</summary>
    /// <param name="prompts">One or more.</param>
    /// <param name="options">How tokens are chosen; null: the most probable, 128 at most, until the tokenizer's end of text.</param>
    /// <param name="cancellationToken">Stops between tokens.</param>
    /// <returns>The continuations, without their prompts.</returns>
    /// <exception cref="DecantException">The file makes vectors, or a prompt is empty or too long.</exception>
    public IReadOnlyList<string> Generate(IReadOnlyList<string> prompts, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new() { StopTokens = Tokenizer.Special.Eos is { } end ? [end] : [] };
        var generator = new TextGenerator(Decoder, Tokenizer) { Begin = Tokenizer.Special.Bos };
        return [.. generator.Generate(prompts, options, null, cancellationToken).Select(text => text.Text)];
    }

    /// <summary>The vectors of texts, pooled as the file says.</summary>
    /// <param name="texts">One or more; what is longer than <see cref="MaxTokens"/> is cut.</param>
    /// <param name="cancellationToken">Stops between texts.</param>
    /// <returns>A vector of D numbers for each.</returns>
    /// <exception cref="DecantException">The file is a language model.</exception>
    public IReadOnlyList<float[]> Embed(IReadOnlyList<string> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (_model is not GgufEncoder)
            throw new DecantException($"{_model.File.File.Path} is a language model, and makes no vectors of texts: expected a model of embeddings.");
        var vectors = new List<float[]>();
        foreach (var text in texts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = TensorScope.Open();
            var ids = Array.ConvertAll(Tokenizer.EncodeForModel(text, null, MaxTokens).Ids, id => (long)id);
            vectors.Add(_model.Forward(new ModelInput(Tensor.From(ids, 1, ids.Length))).ToArray<float>());
        }

        return vectors;
    }

    /// <summary>The model that answers.</summary>
    internal Model Model => _model;

    /// <summary>Compares the tokens of texts with those of llama.cpp.</summary>
    /// <exception cref="DecantException">They differ: the text, and both ids.</exception>
    internal void RequireIds(IEnumerable<string> texts) => TokenizerAgreement.RequireIds(Tokenizer, _model.File, texts, isFramed: MakesVectors);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _teacher.Dispose();

    private GgufDecoder Decoder => _model as GgufDecoder
        ?? throw new DecantException($"{_model.File.File.Path} makes vectors of texts, and gives no logits of tokens: expected a language model.");
}
