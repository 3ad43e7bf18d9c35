using Decant.Files;
using Decant.Text.Files;

namespace Decant.Runs.Exporting;

/// <summary>What a model's folder has beside its weights, and other programs need: settings, tokenizer, pooling.</summary>
internal static class CompanionFiles
{
    private static readonly string[] s_names =
    [
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.txt", "vocab.json", "merges.txt",
        "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "preprocessor_config.json", "modules.json", "sentence_bert_config.json", "config_sentence_transformers.json",
        "chat_template.jinja", "README.md", "1_Pooling/config.json",
    ];

    /// <summary>Writes the tokenizer as <c>tokenizer.json</c>, which other programs need, where a folder has it in another format alone. No file is replaced.</summary>
    /// <param name="from">The model's folder.</param>
    /// <param name="to">The exported one.</param>
    /// <param name="maxTokens">The most tokens that the model reads.</param>
    /// <returns>The names of the files that were written; none where nothing was missing.</returns>
    public static IReadOnlyList<string> WriteTokenizer(string from, string to, int maxTokens)
    {
        if (!TokenizerFile.Exists(from) || File.Exists(Path.Combine(to, "tokenizer.json")))
            return [];
        var made = Directory.CreateTempSubdirectory("decant-tokenizer-");
        try
        {
            TokenizerFile.Save(TokenizerFile.Load(from), made.FullName, maxTokens);
            string[] missing = [.. made.EnumerateFiles().Select(f => f.Name).Where(name => !Path.Exists(Path.Combine(to, name))).Order(StringComparer.Ordinal)];
            Copy(made.FullName, to, missing);
            return missing;
        }
        finally
        {
            made.Delete(recursive: true);
        }
    }

    /// <summary>Copies those that are there.</summary>
    public static void Copy(string from, string to) => Copy(from, to, s_names);

    /// <summary>Copies those that are there, but for settings and modules, which were written for what the other folder has.</summary>
    public static void CopyBeside(string from, string to) => Copy(from, to, s_names.Where(name => name is not ("config.json" or "modules.json")));

    /// <summary>The same without the model card, whose figures are those of the other model.</summary>
    public static void CopyForAnother(string from, string to) => Copy(from, to, s_names.Where(name => name is not ("config.json" or "modules.json" or "README.md")));

    private static void Copy(string from, string to, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            var source = Path.Combine(from, name);
            if (!File.Exists(source))
                continue;
            var target = Path.Combine(to, name);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            AtomicFile.Write(target, File.ReadAllBytes(source));
        }
    }
}
