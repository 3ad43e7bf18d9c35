using Decant.Export.Onnx.Importing;
using Decant.Tests.Export.Onnx.Importing;

namespace Decant.Tests.Runs.Exporting;

/// <summary>What an export does to folders in which there is something already.</summary>
public sealed class ExportFolderTests : IDisposable
{
    private const string OwnSettings = """{"strip_accents":null,"tokenizer_class":"BertTokenizer","note":"mine"}""";
    private readonly Workplace _work = new();
    private readonly ImportFiles _files = new();

    public void Dispose()
    {
        _work.Dispose();
        _files.Dispose();
    }

    [Fact]
    public void A_models_own_folder_gets_what_it_lacks_and_no_file_of_it_is_changed()
    {
        var model = Model();
        File.Delete(Path.Combine(model, "tokenizer.json"));
        File.Copy(_files.Vocabulary, Path.Combine(model, "vocab.txt"));
        File.WriteAllText(Path.Combine(model, "tokenizer_config.json"), OwnSettings);
        var before = Contents(model);
        var answer = _work.Decant("export", model);
        Assert.True(answer.Exit == 0, answer.Error);
        Assert.Contains("tokenizer.json was missing in the model's folder and stands there now", answer.Out.ReplaceLineEndings(" "));
        var after = Contents(model);
        Assert.All(before, file => Assert.Equal(file.Value, after[file.Key]));
        Assert.Equal(["onnx/model.onnx", "tokenizer.json"], after.Keys.Except(before.Keys).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("missing", _work.Decant("export", model).Out);

        // In a folder of its own the settings of the tokenizer stay too: a chat template stands there.
        File.Delete(Path.Combine(model, "tokenizer.json"));
        Assert.Equal(0, _work.Decant("export", model, "--out", _work.At("new")).Exit);
        Assert.Equal(OwnSettings, File.ReadAllText(_work.At("new", "tokenizer_config.json")));
        Assert.True(File.Exists(_work.At("new", "tokenizer.json")));
        Assert.Contains("came ONNX files in onnx/: it is an export, which ONNX Runtime and Decant.Inference open", _work.Decant("predict", _work.At("new"), "ab").Error);
    }

    [Theory]
    [InlineData("onnx")]
    [InlineData("model2vec")]
    public void Another_folder_with_files_is_left_as_it_is(string format)
    {
        var model = Model();
        Directory.CreateDirectory(_work.At("full"));
        var kept = _work.Write(Path.Combine("full", "config.json"), "keep");
        var answer = _work.Decant(["export", model, "--to", format, "--out", _work.At("full"), .. format == "onnx" ? [] : new[] { "--dimensions", "4" }]);
        Assert.Equal(2, answer.Exit);
        Assert.Contains("expected nothing or an empty folder, came a folder with files. Nothing is overwritten", answer.Error);
        Assert.Equal("keep", File.ReadAllText(kept));
        Assert.Single(Directory.GetFileSystemEntries(_work.At("full")));
        answer = _work.Decant("export", model, "--to", format, "--out", kept);
        Assert.Equal(2, answer.Exit);
        Assert.Contains("came a file", answer.Error);
    }

    [Fact]
    public void Words_that_get_no_row_are_named()
    {
        var words = _work.Write("words.txt", "ab\nabc\na\nab\n7up\n");
        var answer = _work.Decant("export", Model(), "--to", "model2vec", "--dimensions", "4", "--vocabulary", words, "--out", _work.At("table"));
        Assert.True(answer.Exit == 0, answer.Error);
        Assert.Contains(" of 5 words have rows of their own; left out: ", answer.Out.ReplaceLineEndings(" "));
        Assert.Contains("'a' (it is a token already)", answer.Out.ReplaceLineEndings(" "));
        var none = _work.Decant("export", Model("other"), "--to", "model2vec", "--dimensions", "4", "--vocabulary", _work.Write("none.txt", "\n\n"), "--out", _work.At("second"));
        Assert.Equal(2, none.Exit);
        Assert.Contains("none.txt has no words; expected a word or phrase on each line", none.Error);
    }

    private string Model(string name = "model") =>
        OnnxImport.Run(ImportFiles.Golden("bert-mean.onnx"), _work.At(name), new ImportOptions { Vocabulary = _files.Vocabulary }).Folder;

    private static Dictionary<string, string> Contents(string folder) =>
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(f => Path.GetRelativePath(folder, f).Replace('\\', '/'), f => Convert.ToHexString(File.ReadAllBytes(f)));
}
