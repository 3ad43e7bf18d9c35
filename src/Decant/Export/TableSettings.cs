using System.Text.Json.Nodes;
using Decant.Export.Loading;
using Decant.Export.Tables;
using Decant.Models.Static;
using Decant.Text;
using Decant.Text.Files;

namespace Decant.Export;

/// <summary>Settings of a static model that Model2Vec leaves out of its <c>config.json</c>: they follow from the table and the tokenizer.</summary>
internal static class TableSettings
{
    /// <summary>The settings with the size of the table and the tokens that do not count; those of other models stay as they are.</summary>
    /// <exception cref="DecantException">The weights or the tokenizer are missing or damaged.</exception>
    public static JsonObject Complete(string folder, JsonObject json)
    {
        if (json["model_type"] is not JsonValue type || !type.TryGetValue<string>(out var name) || name != StaticConfig.Model2Vec || json.ContainsKey("vocab_size"))
            return json;
        using var weights = Weights.Open(folder);
        if (weights.Tensors.GetValueOrDefault(TableNames.Rows)?.Shape is not [var rows, var width])
            throw new DecantException($"The weights have no table '{TableNames.Rows}' of [tokens, dimensions], as a model of type '{StaticConfig.Model2Vec}' has.");
        if (!TokenizerFile.Exists(folder))
            throw new DecantException("There is no tokenizer beside it, and a table of tokens needs one: copy the whole folder.");
        var tokenizer = TokenizerFile.Load(folder);
        ModelVocabulary.Check(folder, tokenizer, rows);
        var complete = (JsonObject)json.DeepClone();
        complete["vocab_size"] = rows;
        complete["hidden_dim"] = width;
        complete["pad_token_id"] = tokenizer.Special.Filler;
        complete["ignored_token_ids"] = new JsonArray([.. ContentlessTokens.Of(tokenizer).Select(id => (JsonNode)id)]);
        return complete;
    }
}
