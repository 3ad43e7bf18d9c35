using System.Text.Json;
using Decant.Inference;

namespace Decant.Serving.Models;

/// <summary>A model that is served under a name.</summary>
/// <param name="name">Its name in requests.</param>
/// <param name="task">What it does, such as <c>causal-lm</c>.</param>
internal abstract class ServedModel(string name, string task) : IDisposable
{
    /// <summary>Its name in requests.</summary>
    public string Name { get; } = name;

    /// <summary>What it does.</summary>
    public string Task { get; } = task;

    /// <summary>When it was opened.</summary>
    public DateTimeOffset Opened { get; } = DateTimeOffset.UtcNow;

    /// <summary>Releases the model; calls that run meanwhile come to their end.</summary>
    public abstract void Dispose();
}

/// <summary>A language model.</summary>
internal sealed class GeneratorModel(string name, TextGenerator generator) : ServedModel(name, ArchitectureTask.CausalLanguageModel)
{
    /// <summary>The model.</summary>
    public TextGenerator Generator { get; } = generator;

    public override void Dispose() => Generator.Dispose();
}

/// <summary>A model that makes vectors of texts.</summary>
internal sealed class EmbedderModel(string name, SentenceEmbedder embedder) : ServedModel(name, ArchitectureTask.Embedding)
{
    /// <summary>The model.</summary>
    public SentenceEmbedder Embedder { get; } = embedder;

    public override void Dispose() => Embedder.Dispose();
}

/// <summary>A model that says something of texts, or of pairs of them: classes, labels, tags or numbers.</summary>
internal abstract class LabellingModel(string name, string task) : ServedModel(name, task)
{
    /// <summary>Whether it takes pairs of texts.</summary>
    public virtual bool TakesPairs => true;

    /// <summary>Answers, each written as the members of a JSON object.</summary>
    public abstract IReadOnlyList<Action<Utf8JsonWriter>> Answer(IReadOnlyList<(string Text, string? Pair)> texts, CancellationToken cancellationToken);

    /// <summary>Writes numbers by their names.</summary>
    protected static void Named(Utf8JsonWriter json, string member, IReadOnlyList<string> names, IReadOnlyList<float> values)
    {
        json.WriteStartObject(member);
        for (var i = 0; i < names.Count; i++)
            json.WriteNumber(names[i], values[i]);
        json.WriteEndObject();
    }
}
