using Decant.Export.Gguf.Checks;
using Decant.Export.Gguf.Format;
using Decant.Export.Gguf.Vocabularies;
using Decant.LLama.Native;
using Decant.Text;

namespace Decant.LLama;

/// <summary>Opens GGUF files as models: strictly checked first, for llama.cpp ends the process where a file asks for what is not there.</summary>
internal static class GgufOpening
{
    private const int Mean = 1, First = 2, Last = 3; // llama.cpp's numbers; 0 is none, and 4 a score of pairs

    /// <summary>The settings and places of tensors of a file, checked.</summary>
    /// <exception cref="DecantException">It is damaged, one of several parts, or contradicts itself.</exception>
    public static GgufFile Checked(string path)
    {
        var file = GgufFile.Open(path);
        GgufCheck.Require(file);
        return file;
    }

    /// <summary>The tokenizer of a file.</summary>
    /// <exception cref="DecantException">It is of a kind that is not served.</exception>
    public static ITokenizer TokenizerOf(GgufFile file) => StoredVocabulary.Of(file).Read();

    /// <summary>The most tokens of a text that a file reads.</summary>
    public static int MostTokens(string path) => LlamaSizes.Of(Checked(path)).MostTokens;

    /// <summary>Whether a file makes vectors of texts, and says no next token.</summary>
    public static bool MakesVectors(GgufFile file) => file.Whole($"{file.Architecture}.pooling_type") is Mean or First or Last;

    /// <summary>Refuses a file that gives something else.</summary>
    /// <param name="file">The file, checked.</param>
    /// <param name="vectors">Whether vectors of texts are wanted, else the logits of next tokens.</param>
    /// <exception cref="DecantException">What it gives, and what it is for.</exception>
    public static void RequireKind(GgufFile file, bool vectors)
    {
        var name = file.Architecture;
        if (vectors && !MakesVectors(file))
            throw new DecantException($"{file.Path} is a {name} that does not say how the vector of a text is made of those of its tokens ({name}.pooling_type): expected a model of embeddings. Use it with task: causal-lm, if it is a language model.");
        if (!vectors && (MakesVectors(file) || file.Bool($"{name}.attention.causal") is false || !GgufCheck.HasLogits(file)))
            throw new DecantException($"{file.Path} is a {name} that makes vectors of texts, and gives no logits of tokens: expected a language model. Use it with task: embedding.");
    }

    /// <summary>A file that says the next token.</summary>
    /// <param name="options">The file, and how it is computed.</param>
    /// <param name="tokenizer">The tokenizer that texts are read with; it is compared with the file's.</param>
    /// <exception cref="DecantException">It cannot be opened, or is no language model, or has another tokenizer.</exception>
    public static GgufDecoder Decoder(GgufTeacherOptions options, ITokenizer tokenizer)
    {
        var file = Checked(options.File);
        RequireKind(file, vectors: false);
        if (options.Normalize)
            throw new DecantException($"normalize: {options.File} is a language model, and makes no vectors; leave it out.");
        return (GgufDecoder)Made(options, tokenizer, file, opened => new GgufDecoder(opened, options, tokenizer.VocabularySize));
    }

    /// <summary>A file that makes vectors of texts.</summary>
    /// <inheritdoc cref="Decoder"/>
    public static GgufEncoder Encoder(GgufTeacherOptions options, ITokenizer tokenizer)
    {
        var file = Checked(options.File);
        RequireKind(file, vectors: true);
        return (GgufEncoder)Made(options, tokenizer, file, opened => new GgufEncoder(opened, options, opened.Handle.EmbeddingSize));
    }

    private static GgufModel Made(GgufTeacherOptions options, ITokenizer tokenizer, GgufFile file, Func<LlamaFile, GgufModel> make)
    {
        TokenizerAgreement.RequireTokens(tokenizer, StoredVocabulary.Of(file));
        var opened = LlamaFile.Open(file);
        try
        {
            return make(opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }
}
