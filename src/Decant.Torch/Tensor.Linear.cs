namespace Decant.Torch;

public sealed partial class Tensor
{
    private static readonly Operator s_matmul = new("aten::matmul");
    private static readonly Operator s_bmm = new("aten::bmm");
    private static readonly Operator s_addmm = new("aten::addmm");
    private static readonly Operator s_addmmIn = new("aten::addmm_");
    private static readonly Operator s_baddbmm = new("aten::baddbmm");
    private static readonly Operator s_outer = new("aten::outer");

    /// <summary>
    /// The matrix product: […, n, k]·[…, k, m] is […, n, m], the dimensions before broadcast. Two vectors give their inner product; one dtype.
    /// </summary>
    public Tensor MatMul(Tensor other) => s_matmul.Call(this, other);

    /// <summary>Products of B matrices: [B, n, k]·[B, k, m] is [B, n, m]; nothing is broadcast.</summary>
    public Tensor BatchMatMul(Tensor other) => s_bmm.Call(this, other);

    /// <summary>self + left·right: [n, k]·[k, m], self broadcast to [n, m].</summary>
    public Tensor AddMatMul(Tensor left, Tensor right) => s_addmm.Call(this, left, right);

    /// <summary>self += left·right: [n, m] += [n, k]·[k, m], without a product of its own.</summary>
    public void AddMatMulInPlace(Tensor left, Tensor right) => s_addmmIn.Run(this, left, right);

    /// <summary>self + alpha·left·right of B matrices: [B, n, k]·[B, k, m], self broadcast to [B, n, m]; alpha is 1 by default.</summary>
    public Tensor AddBatchMatMul(Tensor left, Tensor right, double alpha = 1) => s_baddbmm.Call(this, left, right, 1, alpha);

    /// <summary>Every element of one vector [n] times every element of another [m]: [n, m].</summary>
    public Tensor Outer(Tensor other) => s_outer.Call(this, other);
}
