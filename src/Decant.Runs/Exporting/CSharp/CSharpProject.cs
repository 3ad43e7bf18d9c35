using System.Text;
using Decant.Models.Configuration;

namespace Decant.Runs.Exporting.CSharp;

/// <summary>A class library around a student.</summary>
internal static class CSharpProject
{
    /// <summary>Its files by their names, without the model's.</summary>
    public static IReadOnlyList<(string Name, string Text)> Files(Student student) =>
    [
        ($"{student.Name.Full}.csproj", ProjectText.Project(student)),
        ($"{student.Name.Full}.targets", ProjectText.Targets(student)),
        ($"{student.Name.Class}.cs", Code(student)),
        ("README.md", ReadmeText.Of(student)),
    ];

    /// <summary>Writes the files.</summary>
    public static void Write(string folder, Student student)
    {
        foreach (var (name, text) in Files(student))
            Decant.Files.AtomicFile.Write(Path.Combine(folder, name), Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Refuses a task that nothing is written for.</summary>
    /// <exception cref="DecantException">It is one.</exception>
    public static void CheckServed(ModelTask task, bool readsText, string path)
    {
        if (task == ModelTask.MultiLabel)
            throw new DecantException($"{path}: the model is for samples with any number of labels, for which no C# project is written yet. Export it with --to onnx, and Decant.Inference.TextLabeler reads it.");
        if (!readsText && task != ModelTask.Classification)
            throw new DecantException($"{path}: expected a model of texts with its tokenizer, or a classifier of images or vectors, came a model for {task} without a tokenizer. Export it with --to onnx.");
    }

    private static string Code(Student student) => student.Task switch
    {
        ModelTask.TokenClassification => TextCode.Tagger(student),
        ModelTask.Regression => TextCode.Scorer(student),
        ModelTask.Embedding => TextCode.Embedder(student),
        ModelTask.CausalLanguageModel => TextCode.Generator(student),
        ModelTask.MaskedLanguageModel => TextCode.Filler(student),
        _ when !student.ReadsText => ClassifierCode.OfImages(student),
        _ => student.ReadsPairs ? ClassifierCode.OfPairs(student) : ClassifierCode.Of(student),
    };
}
