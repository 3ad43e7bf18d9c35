using System.Text.Json;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Evaluation.MultiLabel;
using Decant.Modules;
using Decant.Text;

namespace Decant.Runs.Jobs.Prediction;

/// <summary>The class of a text or pair, and how likely each is.</summary>
internal sealed class ClassPredictor(Model model, ITokenizer tokenizer, int maxTokens, IReadOnlyList<string> classes, int top)
    : CollatedPredictor(model, tokenizer, maxTokens, () => new TextCollator(tokenizer, maxTokens))
{
    protected override IReadOnlyList<LineAnswer> Ask(IReadOnlyList<Sample> samples, Batch batch) => [.. Rows(batch).Select(logits => ClassAnswer.Of(logits, classes, top))];
}

/// <summary>The labels of a text or pair, of which there may be any number, and how likely each is.</summary>
internal sealed class LabelsPredictor(Model model, ITokenizer tokenizer, int maxTokens, IReadOnlyList<string> labels, IReadOnlyList<double>? thresholds)
    : CollatedPredictor(model, tokenizer, maxTokens, () => new TextCollator(tokenizer, maxTokens))
{
    protected override IReadOnlyList<LineAnswer> Ask(IReadOnlyList<Sample> samples, Batch batch) => [.. Rows(batch).Select(Answer)];

    private LineAnswer Answer(float[] logits)
    {
        double[] probabilities = [.. logits.Select(z => 1 / (1 + Math.Exp(-z)))];
        return new(Write, Array.TrueForAll(logits, float.IsFinite));

        void Write(Utf8JsonWriter json)
        {
            json.WriteStartArray("labels");
            for (var c = 0; c < probabilities.Length; c++)
                if (probabilities[c] >= (thresholds?[c] ?? LabelThresholds.Standard))
                    json.WriteStringValue(labels[c]);
            json.WriteEndArray();
            json.WriteStartObject("probabilities");
            for (var c = 0; c < probabilities.Length; c++)
                json.WriteNumber(labels[c], (float)probabilities[c]);
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

/// <summary>The vector of a text; of a pair the vectors of both and their cosine.</summary>
internal sealed class VectorPredictor(Model model, ITokenizer tokenizer, int maxTokens)
    : CollatedPredictor(model, tokenizer, maxTokens, () => new EmbeddingCollator(tokenizer, maxTokens))
{
    protected override IReadOnlyList<LineAnswer> Ask(IReadOnlyList<Sample> samples, Batch batch)
    {
        var rows = Rows(batch);
        var answers = new LineAnswer[samples.Count];
        for (var (i, row) = (0, 0); i < answers.Length; row += batch.RowsPerSample![i++])
            answers[i] = batch.RowsPerSample![i] == 2 ? Pair(rows[row], rows[row + 1]) : One(rows[row]);
        return answers;
    }

    private static LineAnswer One(float[] vector) => new(json => Write(json, "embedding", vector), IsFinite(vector));

    private static LineAnswer Pair(float[] first, float[] second)
    {
        return new(Write, IsFinite(first) && IsFinite(second));

        void Write(Utf8JsonWriter json)
        {
            json.WriteNumber("cosine", Cosine(first, second));
            VectorPredictor.Write(json, "embedding", first);
            VectorPredictor.Write(json, "pair_embedding", second);
        }
    }

    /// <summary>The cosine of two vectors; 0 where one has no length.</summary>
    private static float Cosine(float[] first, float[] second)
    {
        var (product, one, other) = (0.0, 0.0, 0.0);
        for (var i = 0; i < first.Length; i++)
        {
            product += (double)first[i] * second[i];
            one += (double)first[i] * first[i];
            other += (double)second[i] * second[i];
        }

        return one > 0 && other > 0 ? (float)(product / Math.Sqrt(one * other)) : 0;
    }

    private static void Write(Utf8JsonWriter json, string name, float[] vector)
    {
        json.WriteStartArray(name);
        foreach (var number in vector)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static bool IsFinite(float[] vector) => Array.TrueForAll(vector, float.IsFinite);
}
