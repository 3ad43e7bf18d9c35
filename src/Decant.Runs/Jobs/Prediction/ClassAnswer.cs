using System.Text.Json;
using Decant.Evaluation;

namespace Decant.Runs.Jobs.Prediction;

/// <summary>The most probable class, and how likely each is.</summary>
internal static class ClassAnswer
{
    /// <param name="logits">[C]</param>
    /// <param name="classes">Their names.</param>
    /// <param name="top">How many of the most probable are said.</param>
    public static LineAnswer Of(float[] logits, IReadOnlyList<string> classes, int top)
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
