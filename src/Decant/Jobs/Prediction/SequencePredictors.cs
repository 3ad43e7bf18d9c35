using System.Text.Json;
using Decant.Data;
using Decant.Evaluation;
using Decant.Modules;
using Decant.Text;

namespace Decant.Jobs;

/// <summary>The class of a text or pair, and how likely each is.</summary>
internal sealed class ClassPredictor(Model model, ITokenizer tokenizer, int maxTokens, IReadOnlyList<string> classes, int top)
    : CollatedPredictor(model, tokenizer, maxTokens, () => new TextCollator(tokenizer, maxTokens))
{
    protected override IReadOnlyList<LineAnswer> Ask(IReadOnlyList<Sample> samples, Batch batch) => [.. Rows(batch).Select(Answer)];

    private LineAnswer Answer(float[] logits)
    {
        var log = new double[logits.Length];
        LogSoftmax.Into(logits, log);
        // The first of those that tie, as evaluation has it.
        var order = Enumerable.Range(0, log.Length).OrderByDescending(c => logits[c]).Take(top).ToArray();
        return new(Write, Array.TrueForAll(logits, float.IsFinite));

        void Write(Utf8JsonWriter json)
        {
            json.WriteString("label", classes[order[0]]);
            json.WriteStartObject("probabilities");
            foreach (var c in order)
                json.WriteNumber(classes[c], (float)Math.Exp(log[c]));
            json.WriteEndObject();
        }
    }
}

/// <summary>The numbers of a text or pair.</summary>
internal sealed class NumberPredictor(Model model, ITokenizer tokenizer, int maxTokens, IReadOnlyList<string> names)
    : CollatedPredictor(model, tokenizer, maxTokens, () => new TextCollator(tokenizer, maxTokens))
{
    protected override IReadOnlyList<LineAnswer> Ask(IReadOnlyList<Sample> samples, Batch batch) => [.. Rows(batch).Select(Answer)];

    private LineAnswer Answer(float[] numbers) => new(
        json =>
        {
            for (var i = 0; i < numbers.Length; i++)
                json.WriteNumber(names[i], numbers[i]);
        },
        Array.TrueForAll(numbers, float.IsFinite));
}

/// <summary>The vector of a text.</summary>
internal sealed class VectorPredictor(Model model, ITokenizer tokenizer, int maxTokens)
    : CollatedPredictor(model, tokenizer, maxTokens, () => new TextCollator(tokenizer, maxTokens))
{
    protected override IReadOnlyList<LineAnswer> Ask(IReadOnlyList<Sample> samples, Batch batch) => [.. Rows(batch).Select(Answer)];

    private static LineAnswer Answer(float[] vector) => new(
        json =>
        {
            json.WriteStartArray("embedding");
            foreach (var number in vector)
                json.WriteNumberValue(number);
            json.WriteEndArray();
        },
        Array.TrueForAll(vector, float.IsFinite));
}
