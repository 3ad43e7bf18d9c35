using Decant.Files;
using Decant.Text.Configuration;

namespace Decant.Text.Files;

/// <summary>Saves and loads tokenizers in Hugging Face's layout.</summary>
public static class TokenizerFile
{
    private const string Main = "tokenizer.json";
    private const string Config = "tokenizer_config.json";

    /// <summary>Writes tokenizer.json and tokenizer_config.json, which <c>tokenizers</c>, <c>transformers</c> and <c>transformers.js</c> load.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="folder">An existing folder; files of these names are replaced.</param>
    /// <param name="maxTokens">The most tokens that the model reads.</param>
    public static void Save(ITokenizer tokenizer, string folder, int maxTokens)
    {
        var own = tokenizer as Tokenizer ?? throw new NotSupportedException($"A tokenizer of type {tokenizer?.GetType().Name ?? "null"} has no tokenizer.json.");
        AtomicFile.Write(Path.Combine(folder, Main), TokenizerJson.Write(own.Parts));
        var frame = TextFrame.Of(own.Template, own.Special);
        AtomicFile.Write(Path.Combine(folder, Config), TokenizerConfig.Write(own.Parts, own.Special, own.TokenOf, maxTokens, frame.Begins, frame.Ends));
    }

    /// <summary>Reads the tokenizer of a folder: <c>tokenizer.json</c>; else a SentencePiece <c>tokenizer.model</c> or <c>spiece.model</c>, or a <c>tokenizer.model</c> of tiktoken; else <c>vocab.json</c> with <c>merges.txt</c>; else <c>vocab.txt</c>; else a <c>.tiktoken</c> file.</summary>
    /// <param name="folder">The folder; or one such file, which is read with the configuration beside it.</param>
    /// <exception cref="DecantException">There is none, it is malformed, or it has a component or an option that is not supported.</exception>
    public static ITokenizer Load(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var isFile = File.Exists(folder);
        var home = isFile ? Path.GetDirectoryName(Path.GetFullPath(folder))! : folder;
        var file = isFile ? folder : Find(folder);
        var config = TokenizerConfigReader.Read(home);
        var sentences = SentenceSettings.Of(home);
        return TokenizerContent.Guarded(file, () => new Tokenizer(sentences.Apply(Path.GetExtension(file) switch
        {
            ".model" or ".spm" or ".tiktoken" => TokenizerContent.Bytes(file) is var content && Tiktoken.IsOne(content, file) ? Tiktoken.Read(content, config, file) : SentencePieceFile.Read(content, config, file),
            ".txt" => VocabularyFiles.ReadWordPiece(file, config),
            _ when Path.GetFileName(file) == "vocab.json" => VocabularyFiles.ReadByteBpe(file, Path.Combine(home, "merges.txt"), config),
            _ => TokenizerJson.Read(TokenizerContent.Document(file), config, file),
        })));
    }

    /// <summary>Whether a folder has a tokenizer to load.</summary>
    public static bool Exists(string folder) => File.Exists(Find(folder));

    private static string Find(string folder)
    {
        foreach (var name in new[] { Main, "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "vocab.json", "vocab.txt" })
            if (Path.Exists(Path.Combine(folder, name))) return Path.Combine(folder, name);
        if (Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.tiktoken").Order(StringComparer.Ordinal).FirstOrDefault() is { } tiktoken) return tiktoken;
        return Path.Combine(folder, Main);
    }
}
