using Decant.Data.Batching;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Objectives.Features;

/// <summary>Which tokens of a batch relate to which.</summary>
/// <param name="Hidden">[B, 1, T, T] bool, true where a token has no relation to another; null: all have.</param>
/// <param name="Counted">[B, 1, T, 1] float32: 1 for tokens that count, 0 for padding; null: all do.</param>
internal sealed record RelationMask(Tensor? Hidden, Tensor? Counted)
{
    /// <summary>No padding, nothing of another text in a sequence, and nothing behind a token where a model reads from left to right.</summary>
    public static RelationMask Of(Batch batch, bool isCausal)
    {
        var counted = batch.AttentionMask?.To(DType.Float32).Unsqueeze(1).Unsqueeze(-1);
        var length = batch.Values.Size(1);
        var visible = batch switch
        {
            { AttentionMask: null, Segments: null } => isCausal ? Tensor.Ones([1, length, length], DType.Bool, batch.Device).LowerTriangle() : null,
            _ when isCausal => AttentionBias.Visible(batch.AttentionMask, batch.Segments, length),
            { AttentionMask: { } mask } => mask.Unsqueeze(1).Expand(mask.Size(0), length, length),
            _ => batch.Segments.Unsqueeze(2).EqualTo(batch.Segments.Unsqueeze(1)),
        };
        return new(visible?.Not().Unsqueeze(1), counted);
    }

    /// <summary>The same of some samples.</summary>
    public RelationMask Samples(long first, long count) =>
        new(Hidden is null || Hidden.Size(0) == 1 ? Hidden : Hidden.Narrow(0, first, count), Counted?.Narrow(0, first, count));
}
