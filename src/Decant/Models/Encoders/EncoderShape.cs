using Decant.Models.Configuration;
using Decant.Modules;

namespace Decant.Models.Encoders;

/// <summary>What BERT, DistilBERT and RoBERTa compute, under common names.</summary>
internal sealed record EncoderShape
{
    public required int Vocabulary { get; init; }

    public required int Padding { get; init; }

    public required int Width { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    public required int Intermediate { get; init; }

    public required ActivationKind Activation { get; init; }

    /// <summary>Of states.</summary>
    public required double Dropout { get; init; }

    /// <summary>Of attention's weights.</summary>
    public required double AttentionDropout { get; init; }

    /// <summary>Before the last linear layer of a classifier.</summary>
    public required double HeadDropout { get; init; }

    /// <summary>The rows of the table of positions.</summary>
    public required int Positions { get; init; }

    /// <summary>Whether tokens alone are counted, from the row behind the padding token's on (RoBERTa); false: every position from 0 on.</summary>
    public bool CountsTokens { get; init; }

    /// <summary>Whether the positions' vectors are sines and cosines that are not trained.</summary>
    public bool Sinusoidal { get; init; }

    /// <summary>How many kinds of text have a vector; 0: there is no such table.</summary>
    public int TokenTypes { get; init; }

    /// <summary>The group of every layer, whose weights it shares; null: every layer has its own.</summary>
    public IReadOnlyList<int>? Groups { get; init; }

    /// <summary>The ranks of linear layers in two factors, by layer and path in it; null: all are whole.</summary>
    public IReadOnlyDictionary<string, int>? Ranks { get; init; }

    /// <summary>E, the width of the words' vectors where a matrix [H, E] makes them as wide as the states; null: they are.</summary>
    public int? Embedding { get; init; }

    /// <summary>Added to the variance in norms.</summary>
    public required double Epsilon { get; init; }

    /// <summary>The standard deviation that weights are drawn with.</summary>
    public required double Deviation { get; init; }

    /// <summary>The most tokens that a text may have.</summary>
    public int Longest => CountsTokens ? Positions - Padding - 1 : Positions;

    /// <summary>Notes settings that do not go together.</summary>
    public void Check(ConfigFaults faults)
    {
        faults.UnlessRows(Vocabulary, "the size of the vocabulary");
        faults.Unless(Padding >= 0 && Padding < Vocabulary, $"the padding token is {Padding}; the vocabulary has {Vocabulary} tokens");
        faults.UnlessPositive(Width, "hidden");
        faults.UnlessLayers(Layers, "layers");
        faults.UnlessPositive(Heads, "heads");
        faults.Unless(
            Heads < 1 || Width % Heads == 0,
            $"{Heads} heads do not divide a hidden width of {Width}; take one of {Divisors(Width)} heads, or another width");
        faults.UnlessPositive(Intermediate, "intermediate");
        faults.UnlessRows(Positions, "max-positions");
        faults.Unless(
            !CountsTokens || Longest >= 1,
            $"max_position_embeddings is {Positions}; the first {Padding + 1} are for padding (pad_token_id {Padding}), so more are needed");
        faults.UnlessDropout(Dropout, "dropout");
        faults.UnlessDropout(AttentionDropout, "dropout of attention");
        faults.UnlessDropout(HeadDropout, "dropout of the classifier");
        faults.Unless(Deviation > 0, $"initializer-range is {Deviation}; more than 0 is needed");
        var most = Math.Min(Vocabulary, Width);
        faults.Unless(
            Embedding is not { } embedding || (embedding >= 1 && embedding <= most),
            $"the embedding is {Embedding} wide, and a table of {Vocabulary} tokens for states of {Width} has a rank of at most {most}: 1 to {most} is expected");
        faults.Unless(Groups is null || LayerGroups.Fault(Groups, Layers) is null, $"share_layers {(Groups is null ? "" : LayerGroups.Fault(Groups, Layers))}");
    }

    // Of a width with 31 bits the next divisor may be far.
    private static string Divisors(int width) => string.Join(", ", Enumerable.Range(1, Math.Clamp(width, 0, 1024)).Where(d => width % d == 0).Take(12));
}
