using System.Text;
using Decant.Export.Gguf.Format;
using Decant.Files;
using Decant.Text;
using Decant.Text.Chat;

namespace Decant.Runs.Preparing;

/// <summary>The chat templates of a model's folder, as they stand there.</summary>
/// <param name="Main">The one that is used where none is named; null: there is none.</param>
/// <param name="Named">Further ones by their names.</param>
internal sealed record ChatTemplates(string? Main, IReadOnlyDictionary<string, string> Named)
{
    private const string Further = "additional_chat_templates";

    /// <summary>Those of a folder: <c>chat_template.jinja</c> before what <c>tokenizer_config.json</c> says, and <c>additional_chat_templates/NAME.jinja</c>.</summary>
    /// <exception cref="DecantException">A file cannot be read, or the setting is neither a text nor a list of templates with names.</exception>
    public static ChatTemplates Of(string folder)
    {
        var files = ChatTemplateFiles.Of(folder);
        return new(files.Main, files.Named);
    }

    /// <summary>Those that came with a tokenizer: beside its file, or in the GGUF file that it was read from. None of one that was trained.</summary>
    /// <exception cref="DecantException">As for a folder.</exception>
    public static ChatTemplates Of(ITokenizer tokenizer)
    {
        var source = (tokenizer as Tokenizer)?.Parts.Source;
        if (!File.Exists(source))
            return new(null, new Dictionary<string, string>());
        if (!GgufFile.IsOne(source))
            return Of(Path.GetDirectoryName(Path.GetFullPath(source))!);
        var file = GgufFile.Open(source);
        var names = file.List<string>("tokenizer.chat_templates") ?? [];
        return new(file.Text("tokenizer.chat_template"), names.Where(name => file.Settings.ContainsKey($"tokenizer.chat_template.{name}")).ToDictionary(name => name, name => file.Text($"tokenizer.chat_template.{name}")!, StringComparer.Ordinal));
    }

    /// <summary>Writes them into a folder as transformers reads them: <c>chat_template.jinja</c> and <c>additional_chat_templates/NAME.jinja</c>, to the letter.</summary>
    public void Write(string folder)
    {
        if (Main is not null)
            AtomicFile.Write(Path.Combine(folder, "chat_template.jinja"), Encoding.UTF8.GetBytes(Main));
        if (Named.Count > 0)
            Directory.CreateDirectory(Path.Combine(folder, Further));
        foreach (var (name, template) in Named)
        {
            if (Path.GetFileName(name) != name || name.Length == 0)
                throw new DecantException($"The chat template '{name}' has a name that is no file's. Rename it in tokenizer_config.json.");
            AtomicFile.Write(Path.Combine(folder, Further, name + ".jinja"), Encoding.UTF8.GetBytes(template));
        }
    }
}
