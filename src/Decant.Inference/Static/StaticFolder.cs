using Decant.Inference.Folders;
using Decant.Inference.Sessions;
using Decant.Text;

namespace Decant.Inference.Static;

/// <summary>A folder with a static model: as Decant writes it, or Model2Vec.</summary>
internal static class StaticFolder
{
    /// <summary>The file of the weights.</summary>
    public const string WeightsName = "model.safetensors";

    private const string Rows = "embeddings";
    private const string OtherRows = "embedding.weight"; // sentence-transformers' name
    private const string Weights = "weights";
    private const string Mapping = "mapping";

    /// <summary>Whether a folder has one.</summary>
    public static bool Is(ExportedConfig config) => config.ModelType is "static" or "model2vec";

    /// <summary>Loads it.</summary>
    /// <param name="folder">Settings and tokenizer.</param>
    /// <param name="maxTokens">A limit of the caller's; null: the model's.</param>
    /// <exception cref="DecantException">A file is missing or damaged, or the files do not belong together.</exception>
    public static ITextModel Load(ExportedFolder folder, int? maxTokens)
    {
        var path = Path.Combine(folder.Path, WeightsName);
        var arrays = StoredArrays.Read(path);
        var tokenizer = folder.Tokenizer(vocabulary: null);
        var most = folder.MaxTokens(maxTokens, continues: false);
        var (rows, width) = RowsOf(path, arrays);
        if (tokenizer.VocabularySize > rows.Length / width)
            ModelVocabulary.Check(folder.Path, tokenizer, rows.Length / width);
        var table = new StaticTable(rows, width, Ignored(folder, tokenizer, rows.Length / width), folder.Config.Normalize);
        return new StaticTextModel(path, tokenizer, most, table, Head(path, arrays, width));
    }

    // One row per token: several that share one, and rows that are multiplied, are laid out.
    private static (float[] Rows, int Width) RowsOf(string path, IReadOnlyDictionary<string, StoredArray> arrays)
    {
        if ((arrays.GetValueOrDefault(Rows) ?? arrays.GetValueOrDefault(OtherRows)) is not { Shape: [> 0, > 0 and var width] shape } stored)
            throw new DecantException($"{path} has no table: expected '{Rows}' of [tokens, dimensions], came {string.Join(", ", arrays.Keys.Order(StringComparer.Ordinal))}. Is it another model's file?");
        var (rows, d) = (stored.Floats(), (int)width);
        if (Array.Exists(rows, number => !float.IsFinite(number)))
            throw new DecantException($"{path}: a row has a number that is not finite; the weights are not usable. Save or copy it again.");
        var mapping = arrays.GetValueOrDefault(Mapping)?.Integers();
        var weights = arrays.GetValueOrDefault(Weights)?.Floats();
        if (mapping is null && weights is null)
            return (rows, d);
        var count = mapping?.Length ?? (int)shape[0];
        if ((weights is not null && weights.Length != count) || Array.Exists(mapping ?? [], row => row < 0 || row >= shape[0]))
            throw new DecantException($"{path}: '{Mapping}', '{Weights}' and '{Rows}' do not belong together. Save or copy it again.");
        if ((long)count * d > Array.MaxLength)
            throw new DecantException($"{path}: {count} tokens of {d} numbers each are more than fit into a table. Take one that shares fewer rows.");
        var all = new float[count * d];
        for (var id = 0; id < count; id++)
        {
            for (var i = 0; i < d; i++)
                all[id * d + i] = rows[(mapping?[id] ?? id) * d + i] * (weights?[id] ?? 1);
        }

        return (all, d);
    }

    private static bool[] Ignored(ExportedFolder folder, ITokenizer tokenizer, int count)
    {
        var ignored = new bool[count];
        foreach (var id in folder.Config.Has("ignored_token_ids") ? folder.Config.Tokens("ignored_token_ids") : ContentlessTokens.Of(tokenizer))
            ignored[id >= 0 && id < count ? id : throw new DecantException($"{folder.Config.File}: ignored_token_ids has {id}, and the table has {count} rows. Copy the whole folder again.")] = true;
        return ignored;
    }

    private static StaticLayer[] Head(string path, IReadOnlyDictionary<string, StoredArray> arrays, int width)
    {
        var layers = new List<StaticLayer>();
        foreach (var name in new[] { "dense", "classifier" }.Where(name => arrays.ContainsKey($"{name}.weight")))
        {
            var (weight, bias) = (arrays[$"{name}.weight"], arrays.GetValueOrDefault($"{name}.bias"));
            if (weight.Shape is not [var o, var i] || i != (layers.Count > 0 ? layers[^1].Width : width) || bias?.Shape is not [var b] || b != o)
                throw new DecantException($"{path}: '{name}' does not fit what it is applied to. Save or copy it again.");
            layers.Add(new(weight.Floats(), bias.Floats()));
        }

        return [.. layers];
    }
}
