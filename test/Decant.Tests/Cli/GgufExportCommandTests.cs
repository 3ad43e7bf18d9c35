using System.Text.Json.Nodes;
using Decant.Export.Gguf.Format;
using Decant.Tests.Runs.Resuming;

namespace Decant.Tests.Cli;

/// <summary>The command <c>export --to gguf</c>.</summary>
public sealed class GgufExportCommandTests : IDisposable
{
    private readonly CliRunner _cli = new();

    private string Model => Path.Combine(_cli.Folder, "stories");

    public GgufExportCommandTests() => CopyFolder(RealData.Find("stories260K/hf"), Model);

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Files_lie_beside_the_model_and_what_a_user_must_know_is_said_once()
    {
        Assert.Equal(0, Run("--quantize", "f16", "q8_0"));
        Assert.Equal(["model-F16.gguf", "model-Q8_0.gguf"], Directory.EnumerateFiles(Path.Combine(Model, "gguf")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var said = string.Join(' ', _cli.Out.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("model-F16.gguf 0.54 MB, logits in llama.cpp within 0.", said);
        Assert.Single(said.Split("drops spaces").Skip(1));
        Assert.Contains("model-Q8_0.gguf: 5 of 36 matrices stay float16", said);
        Assert.Equal("stories", GgufFile.Open(Path.Combine(Model, "gguf", "model-F16.gguf")).Text("general.name"));
        Assert.Equal(0, Run()); // in the model's own folder files are written again
    }

    [Fact]
    public void Forms_that_llama_cpp_makes_itself_say_how_it_stored_the_matrices()
    {
        Assert.Equal(0, Run("--quantize", "q4_k_m", "q6_k"));
        var said = string.Join(' ', _cli.Out.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("matrices by how llama.cpp stored them: ", said); // none of 64 numbers is a whole block of 256
        Assert.Equal(["model-Q4_K_M.gguf", "model-Q6_K.gguf"], Directory.EnumerateFiles(Path.Combine(Model, "gguf")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.EnumerateFiles(Path.Combine(Model, "gguf")), file => Assert.DoesNotContain("F32", GgufFile.Open(file).Tensors.Values.Where(t => t.Shape.Count > 1).Select(t => t.Type.Name)));
    }

    [Fact]
    public void A_form_of_llama_cpp_s_can_be_the_first_thing_that_a_process_makes()
    {
        using var process = CommandProcess.Start(_cli.Folder, "export", Model, "--to", "gguf", "--quantize", "q4_k_m");
        Assert.True(process.WaitMeasured().Exit == 0, process.Said);
        Assert.True(File.Exists(Path.Combine(Model, "gguf", "model-Q4_K_M.gguf")));
    }

    [Fact]
    public void A_file_is_named_and_none_is_replaced()
    {
        var file = Path.Combine(_cli.Folder, "here", "a.gguf");
        Assert.Equal(0, Run("--out", file, "--quantize", "q4_0"));
        var before = File.ReadAllBytes(file);
        Assert.Equal(ExitCodes.BadInput, Run("--out", file));
        Assert.Contains("a.gguf is there already", _cli.Error);
        Assert.Equal(before, File.ReadAllBytes(file));
        Assert.Equal(ExitCodes.BadInput, Run("--out", Path.Combine(_cli.Folder, "b.gguf"), "--quantize", "f16", "q8_0"));
        Assert.Contains("is one file, and 2 forms are asked for", _cli.Error);
    }

    [Fact]
    public void The_chat_template_is_that_of_the_folder()
    {
        const string Template = "{{ bos_token }}{% for m in messages %} {{ m.content }}\n{% endfor %}";
        File.WriteAllText(Path.Combine(Model, "tokenizer_config.json"), new JsonObject
        {
            ["chat_template"] = new JsonArray(new JsonObject { ["name"] = "default", ["template"] = "old" }, new JsonObject { ["name"] = "tool_use", ["template"] = "tools" }),
        }.ToJsonString());
        File.WriteAllText(Path.Combine(Model, "chat_template.jinja"), Template); // comes before
        Assert.Equal(0, Run());
        var file = GgufFile.Open(Path.Combine(Model, "gguf", "model-F16.gguf"));
        Assert.Equal(Template, file.Text("tokenizer.chat_template"));
        Assert.Equal("tools", file.Text("tokenizer.chat_template.tool_use"));
        Assert.Equal(["tool_use"], file.List<string>("tokenizer.chat_templates")!);
    }

    [Theory]
    [InlineData("""{"chat_template":[{"name":"default"}]}""", "expected a text, or a list of objects with 'name' and 'template'")]
    [InlineData("""{"chat_template":7}""", "expected a text, or a list of objects with 'name' and 'template'")]
    public void A_chat_template_that_is_none_is_refused(string config, string expected)
    {
        File.WriteAllText(Path.Combine(Model, "tokenizer_config.json"), config);
        Assert.Equal(ExitCodes.BadInput, Run());
        Assert.Contains(expected, _cli.Error);
    }

    [Theory]
    [InlineData("there is no form 'int8' of GGUF files; expected f16, q8_0, q4_0, f32, q4_k_m, q5_k_m, q6_k", "--quantize", "int8")]
    [InlineData("--samples is for ONNX files; GGUF files need no samples", "--samples", "5")]
    [InlineData("--rows is for --to model2vec alone", "--rows", "float16")]
    [InlineData("--name is for --to csharp alone", "--name", "A")]
    public void Options_that_mean_nothing_here_are_refused(string expected, params string[] options)
    {
        Assert.Equal(ExitCodes.BadInput, Run(options));
        Assert.Contains(expected, _cli.Error);
        Assert.False(Directory.Exists(Path.Combine(Model, "gguf")));
    }

    [Fact]
    public void A_model_without_a_tokenizer_is_refused()
    {
        File.Delete(Path.Combine(Model, "tokenizer.model"));
        Assert.Equal(ExitCodes.BadInput, Run());
        Assert.Contains("has no tokenizer, and a GGUF file holds one", _cli.Error);
    }

    private int Run(params string[] options) => _cli.Run(["export", Model, "--to", "gguf", .. options]);

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
