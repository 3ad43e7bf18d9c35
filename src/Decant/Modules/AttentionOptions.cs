namespace Decant.Modules;

/// <summary>What a <see cref="MultiHeadAttention"/> is made of.</summary>
internal sealed record AttentionOptions
{
    /// <summary>H, of input and output.</summary>
    public required long Width { get; init; }

    /// <summary>A, the heads of the queries.</summary>
    public required long Heads { get; init; }

    /// <summary>The heads of keys and values, a divisor of A: each serves A ÷ this many query heads (Ainslie 2023). Null: A.</summary>
    public long? KeyValueHeads { get; init; }

    /// <summary>d, the width of a head; null: H ÷ A, which A must divide.</summary>
    public long? HeadWidth { get; init; }

    /// <summary>What scores are multiplied by; null: 1 ÷ √d.</summary>
    public double? Scale { get; init; }

    /// <summary>The probability that a weight of attention is dropped in training; 0.</summary>
    public double Dropout { get; init; }

    /// <summary>With biases of queries, keys and values; true.</summary>
    public bool InputBias { get; init; } = true;

    /// <summary>With a bias of the last linear layer; true.</summary>
    public bool OutputBias { get; init; } = true;

    /// <summary>The ε of an RMS norm of every head's query and key, one weight for all heads; null: no norm.</summary>
    public double? HeadNorm { get; init; }

    /// <summary>The ranks of the linear layers that are in two factors, by their names in <see cref="Names"/>; the others are whole.</summary>
    public IReadOnlyDictionary<string, int> Ranks { get; init; } = new Dictionary<string, int>();

    /// <summary>What the parts are called, and which there are.</summary>
    public AttentionNames Names { get; init; } = new();
}

/// <summary>What the parts of a <see cref="MultiHeadAttention"/> are called in the published weights of a family.</summary>
internal sealed record AttentionNames
{
    /// <summary>The linear layer of the queries.</summary>
    public string Query { get; init; } = "query";

    /// <summary>The linear layer of the keys.</summary>
    public string Key { get; init; } = "key";

    /// <summary>The linear layer of the values.</summary>
    public string Value { get; init; } = "value";

    /// <summary>The last linear layer; null: there is none here.</summary>
    public string? Output { get; init; } = "output";

    /// <summary>The one layer that makes queries, keys and values side by side, in place of the three; it and the last layer are stored transposed. Null: three.</summary>
    public string? Joint { get; init; }

    /// <summary>The norm of the queries.</summary>
    public string QueryNorm { get; init; } = "q_norm";

    /// <summary>The norm of the keys.</summary>
    public string KeyNorm { get; init; } = "k_norm";
}
