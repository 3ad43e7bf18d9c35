using System.Text.Json;
using Decant.Inference;

namespace Decant.Serving.Models;

/// <summary>One class for each text or pair.</summary>
internal sealed class ClassifierModel(string name, TextClassifier classifier) : LabellingModel(name, ArchitectureTask.Classification)
{
    public override IReadOnlyList<Action<Utf8JsonWriter>> Answer(IReadOnlyList<(string Text, string? Pair)> texts, CancellationToken cancellationToken)
    {
        var answers = texts.All(t => t.Pair is null)
            ? classifier.Classify([.. texts.Select(t => t.Text)], cancellationToken)
            : Each.Of(texts, t => classifier.Classify(t.Text, t.Pair), cancellationToken);
        return [.. answers.Select(answer => (Action<Utf8JsonWriter>)(json =>
        {
            json.WriteString("label", answer.Label);
            json.WriteNumber("probability", answer.Probability);
            Named(json, "probabilities", classifier.Labels, answer.Probabilities);
            json.WriteBoolean("truncated", answer.IsTruncated);
        }))];
    }

    public override void Dispose() => classifier.Dispose();
}

/// <summary>Any number of labels for each text or pair.</summary>
internal sealed class LabelerModel(string name, TextLabeler labeler) : LabellingModel(name, ArchitectureTask.MultiLabel)
{
    public override IReadOnlyList<Action<Utf8JsonWriter>> Answer(IReadOnlyList<(string Text, string? Pair)> texts, CancellationToken cancellationToken)
    {
        var answers = texts.All(t => t.Pair is null)
            ? labeler.Label([.. texts.Select(t => t.Text)], cancellationToken)
            : Each.Of(texts, t => labeler.Label(t.Text, t.Pair), cancellationToken);
        return [.. answers.Select(answer => (Action<Utf8JsonWriter>)(json =>
        {
            json.WriteStartArray("labels");
            foreach (var label in answer.Labels)
                json.WriteStringValue(label);
            json.WriteEndArray();
            Named(json, "probabilities", labeler.Labels, answer.Probabilities);
            json.WriteBoolean("truncated", answer.IsTruncated);
        }))];
    }

    public override void Dispose() => labeler.Dispose();
}

/// <summary>Numbers of texts or pairs.</summary>
internal sealed class ScorerModel(string name, TextPairScorer scorer) : LabellingModel(name, ArchitectureTask.Regression)
{
    /// <summary>The scores of pairs, in their order.</summary>
    public IReadOnlyList<PairScore> Scores(IReadOnlyList<(string Text, string? Pair)> pairs, CancellationToken cancellationToken) => scorer.Score(pairs, cancellationToken);

    public override IReadOnlyList<Action<Utf8JsonWriter>> Answer(IReadOnlyList<(string Text, string? Pair)> texts, CancellationToken cancellationToken) =>
        [.. Scores(texts, cancellationToken).Select(answer => (Action<Utf8JsonWriter>)(json =>
        {
            json.WriteNumber("score", answer.Score);
            Named(json, "values", scorer.Names, answer.Values);
            json.WriteBoolean("truncated", answer.IsTruncated);
        }))];

    public override void Dispose() => scorer.Dispose();
}

/// <summary>A tag for each word of a text.</summary>
internal sealed class TaggerModel(string name, TokenTagger tagger) : LabellingModel(name, ArchitectureTask.TokenClassification)
{
    public override bool TakesPairs => false;

    public override IReadOnlyList<Action<Utf8JsonWriter>> Answer(IReadOnlyList<(string Text, string? Pair)> texts, CancellationToken cancellationToken) =>
        [.. tagger.Tag([.. texts.Select(t => t.Text)], cancellationToken).Select(answer => (Action<Utf8JsonWriter>)(json => Write(json, answer)))];

    public override void Dispose() => tagger.Dispose();

    private static void Write(Utf8JsonWriter json, TaggedText answer)
    {
        json.WriteStartArray("words");
        foreach (var word in answer.Words)
        {
            Span(json, word.Text, word.Start, word.End);
            json.WriteString("tag", word.Tag);
            json.WriteNumber("probability", word.Probability);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("entities");
        foreach (var entity in answer.Entities ?? [])
        {
            Span(json, entity.Text, entity.Start, entity.End);
            json.WriteString("type", entity.Type);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("truncated", answer.IsTruncated);
    }

    private static void Span(Utf8JsonWriter json, string text, int start, int end)
    {
        json.WriteStartObject();
        json.WriteString("text", text);
        json.WriteNumber("start", start);
        json.WriteNumber("end", end);
    }
}

/// <summary>Models that take one pair at a time.</summary>
internal static class Each
{
    public static T[] Of<T>(IReadOnlyList<(string Text, string? Pair)> texts, Func<(string Text, string? Pair), T> answer, CancellationToken cancellationToken)
    {
        var answers = new T[texts.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            answers[i] = answer(texts[i]);
        }

        return answers;
    }
}
