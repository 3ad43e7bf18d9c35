using Decant.Torch;

namespace Decant.Data;

/// <summary>Samples side by side, as tensors. Owns them: dispose it when the step is done.</summary>
public sealed class Batch : IDisposable
{
    /// <summary>The label of a sample that has none: no objective counts it.</summary>
    public const long NoLabel = -100;

    /// <summary>A batch of tensors that it owns from now on.</summary>
    /// <param name="values">Token ids [B, T] int64; images [B, C, H, W] float32, normalised; vectors [B, D] float32.</param>
    /// <param name="labels">[B] int64; <see cref="NoLabel"/> where there is none.</param>
    /// <param name="labelledCount">How many samples have a label.</param>
    /// <param name="ids">The samples' ids, B of them.</param>
    /// <param name="attentionMask">[B, T] bool, true where there is a token; null where there are no tokens.</param>
    /// <param name="tokenTypes">[B, T] int64; null is all 0.</param>
    public Batch(Tensor values, Tensor labels, int labelledCount, IReadOnlyList<SampleId> ids, Tensor? attentionMask = null, Tensor? tokenTypes = null)
    {
        Values = TensorScope.Own(values);
        Labels = TensorScope.Own(labels);
        LabelledCount = labelledCount;
        Ids = ids;
        AttentionMask = attentionMask is null ? null : TensorScope.Own(attentionMask);
        TokenTypes = tokenTypes is null ? null : TensorScope.Own(tokenTypes);
    }

    /// <summary>Token ids [B, T] int64; images [B, C, H, W] float32, normalised; vectors [B, D] float32.</summary>
    public Tensor Values { get; }

    /// <summary>[B, T] bool, true where there is a token; null where there are no tokens.</summary>
    public Tensor? AttentionMask { get; }

    /// <summary>[B, T] int64: 0 for the first text, 1 for the second; null is all 0.</summary>
    public Tensor? TokenTypes { get; }

    /// <summary>[B] int64; <see cref="NoLabel"/> where there is none.</summary>
    public Tensor Labels { get; }

    /// <summary>How many samples have a label.</summary>
    public int LabelledCount { get; }

    /// <summary>The samples' ids, in the order of the rows.</summary>
    public IReadOnlyList<SampleId> Ids { get; }

    /// <summary>B.</summary>
    public int Size => Ids.Count;

    /// <summary>Releases the tensors.</summary>
    public void Dispose()
    {
        Values.Dispose();
        Labels.Dispose();
        AttentionMask?.Dispose();
        TokenTypes?.Dispose();
    }
}
