namespace Decant.Modules;

/// <summary>Intermediate values that a <see cref="MultiHeadAttention"/> records beside its output, under these names behind its path.</summary>
internal static class AttentionParts
{
    /// <summary>[B, A, T, d], normed and turned where the model does that.</summary>
    public const string Queries = "queries";

    /// <summary>[B, KV, S, d], KV heads, normed and turned where the model does that.</summary>
    public const string Keys = "keys";

    /// <summary>[B, KV, S, d].</summary>
    public const string Values = "values";

    /// <summary>[B, A, T, S], scaled, before the softmax; a pair that may not be seen has a number far below 0 added (<see cref="TokenMask.Blocked"/>).</summary>
    public const string Scores = "scores";

    /// <summary>[B, A, T, S], after the softmax, before dropout.</summary>
    public const string Probabilities = "probabilities";

    /// <summary>[B, T, A·d], what all heads give, side by side, before the output's linear layer.</summary>
    public const string Context = "context";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Queries, Keys, Values, Scores, Probabilities, Context];
}
