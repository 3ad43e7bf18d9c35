using Decant.Text;

namespace Decant.Inference.Folders;

/// <summary>What a language model's folder says of the tokens at the ends of texts.</summary>
/// <param name="Begin">The token that begins texts; null: none.</param>
/// <param name="Stops">The tokens that end them.</param>
internal sealed record GenerationSettings(int? Begin, IReadOnlyList<int> Stops)
{
    private const string Name = "generation_config.json";

    /// <summary>Reads <c>generation_config.json</c>, which counts before <c>config.json</c>; what the two leave open the tokenizer says.</summary>
    /// <exception cref="DecantException">A file is damaged, names tokens that the model does not know, or asks for a way of generating that is not served.</exception>
    public static GenerationSettings Read(ExportedFolder folder, ITokenizer tokenizer)
    {
        var file = Path.Combine(folder.Path, Name);
        var json = SettingsFile.Read(file);
        if (json is not null)
            GenerationKeys.CheckServed(file, json);
        var begins = Ids("bos_token_id");
        List<int> ends = [.. Ids("eos_token_id")];
        if (ends.Count == 0 && (tokenizer.Special.Eos ?? tokenizer.Special.Separator) is { } own)
            ends.Add(own);
        // A token that begins texts ends one too: the model would continue with another.
        if (tokenizer.Special.Bos is { } begin)
            ends.Add(begin);
        return new(begins.Count > 0 ? begins[0] : null, [.. ends.Distinct()]);

        IReadOnlyList<int> Ids(string key)
        {
            var (where, ids) = json is not null && SettingsFile.Tokens(file, json, key) is { Count: > 0 } own ? (file, own) : (folder.Config.File, folder.Config.Tokens(key));
            if (ids.Where(id => id < 0 || id >= folder.Config.Vocabulary).ToArray() is [var unknown, ..])
                throw new DecantException($"{where} names the token {unknown} as {key}; the model knows the ids 0 to {folder.Config.Vocabulary - 1}. The file is another model's.");
            return ids;
        }
    }
}
