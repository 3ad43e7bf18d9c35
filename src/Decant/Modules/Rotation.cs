using Decant.Torch;

namespace Decant.Modules;

/// <summary>The angles by which queries and keys are turned, of the positions of one batch; made by a <see cref="RotaryEmbedding"/>, for all layers.</summary>
/// <param name="Cosines">[T, r], or [B, 1, T, r] where every sample has its own positions; r is the width that is turned, its halves alike.</param>
/// <param name="Sines">Of the same shape, the first half negative.</param>
internal sealed record Rotation(Tensor Cosines, Tensor Sines)
{
    /// <summary>Turns the first r numbers of every head, each with the one r ÷ 2 behind it; the others stay.</summary>
    /// <param name="heads">[B·A, T, d].</param>
    /// <param name="batch">B.</param>
    /// <returns>[B·A, T, d].</returns>
    public Tensor Turn(Tensor heads, long batch)
    {
        ArgumentNullException.ThrowIfNull(heads);
        using var scope = TensorScope.Open();
        var (width, turned) = (heads.Size(-1), Cosines.Size(-1));
        var x = turned == width ? heads : heads.Narrow(-1, 0, turned);
        if (Cosines.Dimensions > 2)
            x = x.Reshape(batch, -1, heads.Size(1), turned); // [B, A, T, r]
        x = x.Mul(Cosines).AddProduct(x.Roll(turned / 2, -1), Sines).View(-1, heads.Size(1), turned);
        return scope.Keep(turned == width ? x : Tensor.Cat([x, heads.Narrow(-1, turned, width - turned)], -1));
    }
}
