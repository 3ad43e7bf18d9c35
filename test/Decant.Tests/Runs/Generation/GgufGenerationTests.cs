namespace Decant.Tests.Runs.Generation;

/// <summary>GGUF files that continue texts and chat, on the command line.</summary>
public sealed class GgufGenerationTests : IDisposable
{
    // No spaces at an end, which the tokenizer of this folder drops and llama.cpp keeps.
    private const string Template = "{% for m in messages %}{{ '[' + m.role + ']' + m.content + '\\n' }}{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}";

    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void A_file_writes_and_replies_what_the_model_in_its_folder_does()
    {
        var (folder, file) = Models(Template);
        foreach (var options in new string[][] { ["--prompt", "Once upon a time"], ["--chat", "--prompt", "Tell me of a little girl."], ["--prompt", "Lily", "--prompt", "The dog saw"], ["--chat", "--prompt", "a", "--stop", "."] })
        {
            var (own, stored) = (Written(folder, options), Written(file, options));
            Assert.NotEmpty(own.Trim());
            Assert.Equal(own, stored);
        }

        Assert.NotEqual(Written(file, ["--prompt", "Tell me of a little girl."]), Written(file, ["--chat", "--prompt", "Tell me of a little girl."]));
    }

    [Fact]
    public void A_file_without_a_template_does_not_chat_and_writes()
    {
        var (_, file) = Models(null);
        var answer = _work.Decant("generate", file, "--chat", "--prompt", "Hello");
        Assert.NotEqual(0, answer.Exit);
        Assert.Contains("has no chat template (tokenizer.chat_template)", answer.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.NotEmpty(Written(file, ["--prompt", "Hello"]).Trim());
    }

    [Fact]
    public void A_file_that_is_missing_or_no_model_is_named_as_that()
    {
        Assert.Contains("there is no such file", _work.Decant("generate", _work.At("none.gguf"), "--prompt", "a").Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        _work.Write("bad.gguf", "hello");
        Assert.Contains("does not begin as a GGUF file does", _work.Decant("generate", _work.At("bad.gguf"), "--prompt", "a").Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    private string Written(string model, string[] options)
    {
        var answer = _work.Decant(["generate", model, .. options, "--max-tokens", "20", "--json"]);
        Assert.True(answer.Exit == 0, answer.Error);
        return answer.Out;
    }

    private (string Folder, string File) Models(string? template)
    {
        var folder = _work.At("model");
        Directory.CreateDirectory(folder);
        foreach (var path in Directory.GetFiles(RealData.Find("stories260K/hf")))
            File.Copy(path, Path.Combine(folder, Path.GetFileName(path)));
        if (template is not null)
            File.WriteAllText(Path.Combine(folder, "chat_template.jinja"), template);
        var answer = _work.Decant("export", folder, "--to", "gguf", "--out", _work.At("gguf"));
        Assert.True(answer.Exit == 0, answer.Error);
        return (folder, Directory.GetFiles(_work.At("gguf"), "*.gguf").Single());
    }
}
