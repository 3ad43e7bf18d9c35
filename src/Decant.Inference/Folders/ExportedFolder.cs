using Decant.Text;
using Decant.Text.Files;

namespace Decant.Inference.Folders;

/// <summary>A folder that <c>decant export … --to onnx</c> wrote.</summary>
/// <param name="Path">The folder.</param>
/// <param name="OnnxPath">The file in it that is run: an ONNX file, or the table of a static model.</param>
/// <param name="Config">Its settings.</param>
internal sealed record ExportedFolder(string Path, string OnnxPath, ExportedConfig Config)
{
    /// <summary>Finds the parts of a folder; nothing is loaded yet.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="form">Which of its ONNX files; null: the usual one.</param>
    /// <exception cref="DecantException">The folder or a part of it is missing or damaged.</exception>
    public static ExportedFolder Open(string folder, string? form)
    {
        Require(folder);
        return new(folder, OnnxFile.Find(folder, form), ExportedConfig.Read(folder));
    }

    /// <summary>A folder whose model is no ONNX file.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="weights">The name of the file with its weights.</param>
    /// <param name="config">Its settings.</param>
    public static ExportedFolder Of(string folder, string weights, ExportedConfig config) => new(folder, System.IO.Path.Combine(folder, weights), config);

    /// <summary>Refuses what is no folder.</summary>
    /// <exception cref="DecantException">There is none of this name.</exception>
    public static void Require(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
            throw new DecantException($"{folder}: expected the folder of an exported model, came {(File.Exists(folder) ? "a file" : "nothing of this name")}. Write one with 'decant export MODEL --to onnx', or correct the path.");
    }

    /// <summary>The tokenizer.</summary>
    /// <exception cref="DecantException">There is none, or it has tokens that the model does not know.</exception>
    public ITokenizer Tokenizer() => Tokenizer(Config.Vocabulary);

    /// <summary>The tokenizer.</summary>
    /// <param name="vocabulary">How many tokens the model knows; null: that is checked elsewhere.</param>
    /// <exception cref="DecantException">There is none, or it has tokens that the model does not know.</exception>
    public ITokenizer Tokenizer(long? vocabulary)
    {
        if (!TokenizerFile.Exists(Path))
            throw new DecantException($"{Path} has no tokenizer: expected tokenizer.json or one of the other usual files. Put the model's own beside its config.json.");
        var tokenizer = TokenizerFile.Load(Path);
        if (vocabulary is { } known)
            ModelVocabulary.Check(Path, tokenizer, known);
        return tokenizer;
    }

    /// <summary>The most tokens of a text: the model's positions and what its files say.</summary>
    /// <param name="wanted">A limit of the caller's; null: none.</param>
    /// <param name="continues">Whether the model continues texts: it is held to its positions alone.</param>
    /// <exception cref="DecantException">The caller's limit is not one that the model has.</exception>
    public int MaxTokens(int? wanted, bool continues)
    {
        var most = TextLength.Of(Config.Positions, continues ? null : TextLength.Said(Path));
        if (wanted is < TextLength.Least || wanted > most)
            throw new DecantException($"{Path}: expected a limit of {TextLength.Least} to {most} tokens, came {wanted}. The model reads at most {most}; correct the option MaxTokens.");
        return wanted ?? most;
    }
}
