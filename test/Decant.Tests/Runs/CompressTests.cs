using Decant.Export;
using Decant.Models.FromTeacher;
using Decant.Torch;

namespace Decant.Tests.Runs;

/// <summary>Smaller models by command, without training.</summary>
public sealed class CompressTests : IDisposable
{
    private readonly Workplace _work = new();

    public CompressTests()
    {
        _work.Write("text.yaml", Workplace.Text.Replace("layers: 1, hidden: 16, heads: 2", "layers: 3, hidden: 16, heads: 4", StringComparison.Ordinal));
        Assert.Equal(0, _work.Decant("train", _work.At("text.yaml"), "--quiet", "--out", _work.At("run")).Exit);
    }

    private string Teacher => Path.Combine(_work.At("run"), "teacher");

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Its_folder_holds_the_part_with_the_teachers_weights_and_its_tokenizer()
    {
        File.WriteAllText(Path.Combine(Teacher, "README.md"), "accuracy 99 %");
        var answer = _work.Decant("compress", Teacher, "--set", "layer-indices=[0, 2]", "--set", "intermediate=24", "--out", _work.At("small"));
        Assert.True(answer.Exit == 0, answer.Error);
        Assert.False(File.Exists(Path.Combine(_work.At("small"), "README.md"))); // the card's figures are the whole model's
        using var whole = ModelFolder.Load(Teacher);
        using var expected = StudentFromTeacher.Make(whole, new PartOfTeacher { LayerIndices = [0, 2], Intermediate = 24 });
        using var small = ModelFolder.Load(_work.At("small"));
        foreach (var (name, weight) in expected.StateDict())
            Assert.Equal(weight.Detach().Reshape(-1).ToArray<float>(), small.StateDict()[name].Detach().Reshape(-1).ToArray<float>());
        Assert.Contains($"{small.ParameterCount:N0} of {whole.ParameterCount:N0} parameters", answer.Out.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal(0, _work.Decant("evaluate", _work.At("small"), "--recipe", _work.At("text.yaml")).Exit);
        Assert.Contains("Nothing is overwritten", _work.Decant("compress", Teacher, "--set", "layers=1", "--out", _work.At("small")).Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public void Importances_are_measured_on_the_samples_of_the_models_run_and_need_some()
    {
        var answer = _work.Decant("compress", Teacher, "--set", "heads=2", "--set", "hidden=8", "--set", "importance=activation", "--set", "calibration=16", "--out", _work.At("small"));
        Assert.True(answer.Exit == 0, answer.Error);
        Assert.Contains("kept by activation", answer.Out, StringComparison.Ordinal);
        var alone = _work.At("alone");
        Directory.CreateDirectory(alone);
        foreach (var file in Directory.GetFiles(Teacher))
            File.Copy(file, Path.Combine(alone, Path.GetFileName(file)));
        var moved = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Directory.Move(alone, moved);
        try
        {
            Assert.Contains("give one with --recipe, or say importance=magnitude", _work.Decant("compress", moved, "--set", "heads=2", "--set", "hidden=8", "--set", "importance=taylor", "--out", _work.At("other")).Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
            Assert.Equal(0, _work.Decant("compress", moved, "--set", "heads=2", "--set", "hidden=8", "--set", "importance=magnitude", "--out", _work.At("other")).Exit);
        }
        finally
        {
            Directory.Delete(moved, recursive: true);
        }
    }

    [Theory]
    [InlineData("layrs=2", "unknown key 'layrs'; did you mean 'layers'?")]
    [InlineData("layers=two", "layers: expected a whole number")]
    [InlineData("layers=9", "9 layers were requested, and the teacher has 3")]
    [InlineData("heads=3", "3 of them do not make a width of 16")]
    [InlineData("static={ dimensions: 8 }", "is made by 'decant export MODEL --to model2vec'")]
    [InlineData("choose=last", "Nothing is to become smaller")]
    public void What_cannot_be_is_told_and_nothing_is_left(string set, string expected)
    {
        Assert.Contains(expected, _work.Decant("compress", Teacher, "--set", set, "--out", _work.At("none")).Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_work.At("none")));
    }
}
