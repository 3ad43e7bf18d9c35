using System.Globalization;
using Decant.Models.Configuration;

namespace Decant.Runs.Exporting.CSharp;

/// <summary>What a generated project says of itself.</summary>
internal static class ReadmeText
{
    /// <summary>The README.</summary>
    public static string Of(Student student) => string.Create(CultureInfo.InvariantCulture, $$"""
        # {{student.Name.Full}}

        {{Does(student)}} by a model in the program itself: no service is called, and no libtorch is needed. The model ({{student.Summary}}) is stored in {{student.Form}}, {{student.Bytes / 1e6:0.00}} MB.

        ```csharp
        {{Example(student)}}
        ```

        Use it as a reference (`dotnet add reference PATH/TO/{{student.Name.Full}}.csproj`) or pack it (`dotnet pack -c Release`) and use the package. It needs the package Decant.Inference {{student.Version}}. The files in `model/`
        are copied beside the program, to `{{student.Folder}}/`, by build and publish. `{{student.Name.Class}}.Load()` loads the model before the first call.
        {{Classes(student)}}
        Written by `decant export --to csharp` of Decant {{student.Version}}.

        """);

    private static string Does(Student student) => student.Task switch
    {
        ModelTask.TokenClassification => "Words of texts are tagged",
        ModelTask.Regression => student.ReadsPairs ? "Pairs of texts are scored" : "Texts are scored",
        ModelTask.Embedding => "Vectors of texts are made",
        ModelTask.CausalLanguageModel => "Texts are continued",
        ModelTask.MaskedLanguageModel => "Masked tokens are predicted",
        _ => !student.ReadsText ? "Images or vectors are classified" : student.ReadsPairs ? "Pairs of texts are classified" : "Texts are classified",
    };

    private static string Example(Student student)
    {
        var name = student.Name.Class;
        var call = student.Task switch
        {
            ModelTask.TokenClassification => $"foreach (var word in {name}.Tag(text).Words)\n    Console.WriteLine($\"{{word.Text}}: {{word.Tag}}\");",
            ModelTask.Regression => $"Console.WriteLine({name}.Score(text{(student.ReadsPairs ? ", pair" : "")}).Score);",
            ModelTask.Embedding => $"ReadOnlyMemory<float> vector = {name}.Embed(text).Vector;",
            ModelTask.CausalLanguageModel => $"Console.WriteLine({name}.Generate(prompt).Text);",
            ModelTask.MaskedLanguageModel => $"foreach (var token in {name}.Fill($\"a {{{name}.Mask}} film\")[0])\n    Console.WriteLine($\"{{token.Token}} {{token.Probability:P0}}\");",
            _ => $"var answer = {name}.Classify({(!student.ReadsText ? "pixels" : student.ReadsPairs ? "text, pair" : "text")});\nConsole.WriteLine($\"{{answer.Label}} {{answer.Probability:P0}}\"); // {name}.LabelOf(answer.Label): its name in the training data",
        };
        return student.Name.Namespace is { } space ? $"using {space};\n\n{call}" : call;
    }

    private static string Classes(Student student) => student.Task != ModelTask.Classification ? "" : $"""

        | `{student.Name.Class}Label` | in the training data |
        |---|---|
        {string.Join('\n', LabelNames.Of(student.Labels).Select((name, i) => $"| `{name}` | {CSharpText.Cell(student.Labels[i])} |"))}

        """;
}
