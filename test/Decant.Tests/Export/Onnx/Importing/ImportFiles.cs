using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Importing;

namespace Decant.Tests.Export.Onnx.Importing;

/// <summary>The files of <c>Golden/imports</c>, a tokenizer for their 30 tokens, and changed copies of them.</summary>
public sealed class ImportFiles : IDisposable
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz";
    private readonly TemporaryFolder _folder = new();

    public ImportFiles()
    {
        Vocabulary = _folder.Write("vocab.txt", string.Join("\r\n", ["[PAD]", "[UNK]", "[CLS]", "[SEP]", .. Letters.Select(c => $"{c}"), ""]));
        RobertaVocabulary = _folder.Write("roberta.txt", string.Join('\n', ["a", "[PAD]", "[UNK]", "[CLS]", "[SEP]", .. Letters[1..].Select(c => $"{c}"), ""]));
    }

    /// <summary>Thirty tokens, padding 0, with the line ends of Windows.</summary>
    public string Vocabulary { get; }

    /// <summary>The same with padding 1.</summary>
    public string RobertaVocabulary { get; }

    /// <summary>Where an import may write.</summary>
    public string Target => Path.Combine(_folder.Path, "imported");

    /// <summary>A file of <c>Golden/imports</c>.</summary>
    public static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", "imports", name);

    /// <summary>A changed copy of one.</summary>
    internal string Changed(string name, Action<ModelProto> change)
    {
        var model = OnnxFile.Read(Golden(name));
        change(model);
        var path = Path.Combine(_folder.Path, "model.onnx");
        OnnxFile.Write(path, model);
        return path;
    }

    /// <summary>A file with these bytes.</summary>
    public string Write(byte[] bytes) => _folder.Write("model.onnx", bytes);

    /// <summary>What an import is refused with, which leaves nothing behind.</summary>
    internal string Refused(string path, ImportOptions? options = null)
    {
        var before = Directory.GetFileSystemEntries(_folder.Path);
        var message = Assert.Throws<DecantException>(() => OnnxImport.Run(path, Target, options ?? new ImportOptions { Vocabulary = Vocabulary })).Message;
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.Path));
        return message;
    }

    public void Dispose() => _folder.Dispose();
}
