using Decant.Torch;
using Decant.Torch.Recording;

namespace Decant.Modules;

/// <summary>What decoders add to the scores of attention, so that a token sees only what it may; made once per batch, for all layers.</summary>
/// <remarks>0 where a token may look, so far below 0 elsewhere that the weight is exactly 0. A row that may look nowhere has equal weights, not NaN.</remarks>
internal static class AttentionBias
{
    /// <summary>Every token sees itself and those before it.</summary>
    /// <param name="queries">T; the last T positions.</param>
    /// <param name="keys">S, all positions.</param>
    /// <param name="window">How many positions a token sees, itself included; null: all of them.</param>
    /// <param name="dtype">The scores' type.</param>
    /// <param name="device">Where the scores are.</param>
    /// <returns>[1, T, S]; null where a token sees everything, as the one that is read last.</returns>
    public static Tensor? Causal(long queries, long keys, long? window = null, DType dtype = DType.Float32, Device device = default)
    {
        var isLimited = window is { } w && (keys > w || OperatorRecorder.IsOpen);
        if (queries == 1 && !isLimited)
            return null;
        using var scope = TensorScope.Open();
        var all = Tensor.Full([queries, keys], TokenMask.Blocked(dtype), dtype, device);
        var bias = all.UpperTriangle(keys - queries + 1); // the future
        if (isLimited)
            bias = bias.Add(all.LowerTriangle(keys - queries - window!.Value)); // too long ago
        return scope.Keep(bias.Unsqueeze(0));
    }

    /// <summary>The same where a batch has padding, or several documents in a row: what each token may see.</summary>
    /// <param name="mask">[B, S] bool, true where there is a token; null: everywhere.</param>
    /// <param name="segments">[B, S] int64, the document that a token belongs to; null: one per row.</param>
    /// <param name="queries">T; the last T positions.</param>
    /// <returns>[B, T, S] bool.</returns>
    public static Tensor Visible(Tensor? mask, Tensor? segments, long queries)
    {
        var like = mask ?? segments ?? throw new ArgumentNullException(nameof(mask), "Either padding or documents are needed; there is Causal for neither.");
        var (batch, keys) = (like.Size(0), like.Size(1));
        using var scope = TensorScope.Open();
        var visible = Tensor.Ones([queries, keys], DType.Bool, like.Device).LowerTriangle(keys - queries).Expand(batch, queries, keys);
        if (mask is not null)
            visible = visible.And(mask.Unsqueeze(1));
        if (segments is not null)
            visible = visible.And(segments.Narrow(1, keys - queries, queries).Unsqueeze(2).EqualTo(segments.Unsqueeze(1)));
        return scope.Keep(visible);
    }

    /// <summary>What may be seen as a term that is added to scores.</summary>
    /// <param name="visible">[B, T, S] bool, from <see cref="Visible"/>.</param>
    /// <param name="window">How many positions a token sees, itself included; null: all of them.</param>
    /// <param name="dtype">The scores' type.</param>
    /// <returns>[B, 1, T, S].</returns>
    public static Tensor Of(Tensor visible, long? window = null, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(visible);
        var (queries, keys) = (visible.Size(1), visible.Size(2));
        using var scope = TensorScope.Open();
        if (window is not null && (keys > window || OperatorRecorder.IsOpen))
            visible = visible.And(visible.OnesLike().UpperTriangle(keys - queries - window.Value + 1));
        return scope.Keep(visible.Not().To(dtype).Mul(TokenMask.Blocked(dtype)).Unsqueeze(1));
    }
}
