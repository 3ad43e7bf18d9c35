using System.Globalization;

namespace Decant.Export.Onnx.Importing;

/// <summary>Which family of encoders the names of weights are of, and what those names are without what was wrapped around the model when it was exported.</summary>
/// <param name="Family">As <c>model_type</c> has it.</param>
/// <param name="Architecture">As architectures begin: <c>Bert</c>.</param>
/// <param name="Layers">The list of layers, in the encoder.</param>
/// <param name="Up">The first linear layer of a block, in a layer.</param>
/// <param name="Prefix">What stands before the encoder's names in the graph: <c>bert.</c>, <c>0.auto_model.</c>, nothing.</param>
internal sealed record EncoderNaming(string Family, string Architecture, string Layers, string Up, string Prefix)
{
    private const string Words = "embeddings.word_embeddings.weight";

    /// <summary>The name of the embeddings' matrix in the graph.</summary>
    public string WordsName => Prefix + Words;

    /// <summary>What stands before the head's names.</summary>
    public string Outer => Prefix.EndsWith(Family + ".", StringComparison.Ordinal) ? Prefix[..^(Family.Length + 1)] : Prefix;

    /// <summary>The family whose weights these are; null: none that is served.</summary>
    public static EncoderNaming? Of(ReadGraph graph, NamedWeights weights)
    {
        if (weights.Names.FirstOrDefault(n => n.EndsWith(Words, StringComparison.Ordinal)) is not { } words)
            return null;
        var prefix = words[..^Words.Length];
        if (weights.Has(prefix + "transformer.layer.0.attention.q_lin.weight"))
            return new EncoderNaming("distilbert", "DistilBert", "transformer.layer", "ffn.lin1", prefix);
        if (!weights.Has(prefix + "encoder.layer.0.attention.self.query.weight"))
            return null;
        // RoBERTa numbers the positions of a text by a running sum over what is no padding.
        var isRoberta = prefix.EndsWith("roberta.", StringComparison.Ordinal) || graph.Graph.Node.Any(n => n.OpType == "CumSum");
        return isRoberta
            ? new EncoderNaming("roberta", "Roberta", "encoder.layer", "intermediate.dense", prefix)
            : new EncoderNaming("bert", "Bert", "encoder.layer", "intermediate.dense", prefix);
    }

    /// <summary>How many layers there are.</summary>
    public int CountLayers(NamedWeights weights)
    {
        var count = 0;
        while (weights.Has(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Layers}.{count}.{Up}.weight")))
            count++;
        return count;
    }

    /// <summary>A weight's name in the family's own model.</summary>
    /// <param name="name">Its name in the graph.</param>
    /// <param name="hasHead">Whether the model has a head, which then stands beside the encoder.</param>
    public string Own(string name, bool hasHead) => name.StartsWith(Prefix, StringComparison.Ordinal) && (Prefix.Length > 0 || !IsHead(name))
        ? (hasHead ? Family + "." : "") + name[Prefix.Length..]
        : name.StartsWith(Outer, StringComparison.Ordinal) ? name[Outer.Length..] : name;

    private static bool IsHead(string name) => name.StartsWith("classifier.", StringComparison.Ordinal) || name.StartsWith("pre_classifier.", StringComparison.Ordinal);
}
