using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Decant.Models.Configuration;
using Decant.Runs.Exporting.CSharp;
using Decant.Tests.Cli;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Decant.Tests.Runs.Exporting.CSharp;

public class ProjectTests
{
    private static readonly string[] s_awkward = ["so-so", "so so", "class", "好评", "5 stars", "-1", "👍", "a \"b\" \\ <c> & `d` | e\nf", ""];

    private static readonly Lazy<MetadataReference[]> s_references = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(file => MetadataReference.CreateFromFile(file))]);

    public static TheoryData<ModelTask, bool, bool> Kinds => new()
    {
        { ModelTask.Classification, true, false },
        { ModelTask.Classification, true, true },
        { ModelTask.Classification, false, false },
        { ModelTask.TokenClassification, true, false },
        { ModelTask.Regression, true, false },
        { ModelTask.Regression, true, true },
        { ModelTask.Embedding, true, false },
        { ModelTask.CausalLanguageModel, true, false },
        { ModelTask.MaskedLanguageModel, true, false },
    };

    [Fact]
    public void The_project_of_a_classifier_with_awkward_labels()
    {
        var text = new StringBuilder();
        foreach (var (name, content) in CSharpProject.Files(Of("Contoso.Reviews", ModelTask.Classification, true, false)))
            text.Append("==== ").Append(name).Append('\n').Append(content);
        Approved.Check(text.ToString(), "csharp-project", "Exporting");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_code_of_every_kind_compiles_without_a_warning(ModelTask task, bool readsText, bool readsPairs)
    {
        foreach (var name in new[] { "Reviews", "Contoso.Shop.Reviews", "评论" })
        {
            var assembly = Compile(CSharpProject.Files(Of(name, task, readsText, readsPairs)));
            Assert.NotNull(assembly.GetType(name));
        }
    }

    [Fact]
    public void The_compiled_labels_are_those_of_the_model()
    {
        var assembly = Compile(CSharpProject.Files(Of("Reviews", ModelTask.Classification, true, false)));
        var (type, label) = (assembly.GetType("Reviews")!, assembly.GetType("ReviewsLabel")!);
        Assert.Equal(s_awkward, (IEnumerable<string>)type.GetProperty("Labels")!.GetValue(null)!);
        Assert.Equal(s_awkward, Enum.GetValues(label).Cast<object>().Select(value => (string)type.GetMethod("LabelOf")!.Invoke(null, [value])!));
        Assert.Equal(["SoSo", "SoSo_2", "Class", "好评", "_5Stars", "Minus1", "Label6"], Enum.GetNames(label).Where((_, i) => i < 7).Order(Comparer<string>.Create((a, b) => (int)Enum.Parse(label, a) - (int)Enum.Parse(label, b))));
    }

    [Fact]
    public void A_model_that_reads_neither_texts_nor_images_is_refused() =>
        Assert.Contains("--to onnx", Assert.Throws<DecantException>(() => CSharpProject.CheckServed(ModelTask.Regression, readsText: false, "student")).Message);

    private static Student Of(string name, ModelTask task, bool readsText, bool readsPairs) => new()
    {
        Name = CSharpName.Parse(name),
        Task = task,
        Labels = task is ModelTask.Embedding or ModelTask.CausalLanguageModel or ModelTask.MaskedLanguageModel ? [] : s_awkward,
        ReadsText = readsText,
        ReadsPairs = readsPairs,
        Summary = "TextCNN, 48 filters per width",
        Form = "int8",
        Bytes = 351_385,
        Version = "1.2.3",
    };

    private static Assembly Compile(IReadOnlyList<(string Name, string Text)> files)
    {
        var code = files.Single(f => f.Name.EndsWith(".cs", StringComparison.Ordinal)).Text;
        var tree = CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(documentationMode: DocumentationMode.Diagnose), cancellationToken: TestContext.Current.CancellationToken);
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);
        using var library = new MemoryStream();
        var result = CSharpCompilation.Create("Generated", [tree], s_references.Value, options).Emit(library, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success && result.Diagnostics.All(d => d.Severity < DiagnosticSeverity.Warning), string.Join('\n', result.Diagnostics) + "\n" + code);
        library.Position = 0;
        return new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(library);
    }
}
