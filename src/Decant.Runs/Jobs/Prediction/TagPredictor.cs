using System.Text.Json;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Text;
using Decant.Text.Tags;

namespace Decant.Runs.Jobs.Prediction;

/// <summary>The tag of every word, and the entities that the tags make; words that do not fit have none.</summary>
/// <param name="model">The model.</param>
/// <param name="tokenizer">Its tokenizer.</param>
/// <param name="maxTokens">What it reads.</param>
/// <param name="names">The tags in the order of its logits.</param>
/// <param name="tags">The same, read; null: they cannot be read, and entities are null then.</param>
internal sealed class TagPredictor(Model model, ITokenizer tokenizer, int maxTokens, IReadOnlyList<string> names, TagSet? tags)
    : CollatedPredictor(model, tokenizer, maxTokens, () => new TagCollator(tokenizer, maxTokens, unknownForNothing: tokenizer.Special.Unknown is not null))
{
    protected override IReadOnlyList<LineAnswer> Ask(IReadOnlyList<Sample> samples, Batch batch)
    {
        var rows = Rows(batch);
        var answers = new LineAnswer[samples.Count];
        var first = 0;
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = Answer(((WordsContent)samples[i].Content).Words, rows.AsSpan(first, batch.RowsPerSample![i]));
            first += batch.RowsPerSample[i];
        }

        return answers;
    }

    private LineAnswer Answer(IReadOnlyList<string> words, ReadOnlySpan<float[]> rows)
    {
        var (found, isFinite) = (new string[rows.Length], true);
        for (var w = 0; w < rows.Length; w++)
        {
            isFinite &= Array.TrueForAll(rows[w], float.IsFinite);
            found[w] = names[Array.IndexOf(rows[w], rows[w].Max())]; // the first of those that tie
        }

        return new(json => Write(json, words, found), isFinite);
    }

    private void Write(Utf8JsonWriter json, IReadOnlyList<string> words, string[] found)
    {
        json.WriteStartArray("words");
        foreach (var word in words)
            json.WriteStringValue(word);
        json.WriteEndArray();
        json.WriteStartArray("tags");
        for (var w = 0; w < words.Count; w++)
            json.WriteStringValue(w < found.Length ? found[w] : null);
        json.WriteEndArray();
        if (tags is null)
        {
            json.WriteNull("entities");
            return;
        }

        json.WriteStartArray("entities");
        foreach (var entity in tags.EntitiesOf(found))
        {
            json.WriteStartObject();
            json.WriteString("type", entity.Type);
            json.WriteNumber("start", entity.Start);
            json.WriteNumber("end", entity.End);
            json.WriteString("text", WordSpacing.Join(words, entity.Start, entity.End));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
