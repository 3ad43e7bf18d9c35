namespace Decant.Torch;

public sealed partial class Tensor
{
    private static readonly Operator s_sum = new("aten::sum");
    private static readonly Operator s_sumDim = new("aten::sum", "dim_IntList");
    private static readonly Operator s_mean = new("aten::mean");
    private static readonly Operator s_meanDim = new("aten::mean", "dim");
    private static readonly Operator s_amax = new("aten::amax");
    private static readonly Operator s_amin = new("aten::amin");
    private static readonly Operator s_argmax = new("aten::argmax");
    private static readonly Operator s_var = new("aten::var", "correction");
    private static readonly Operator s_logsumexp = new("aten::logsumexp");
    private static readonly Operator s_vectorNorm = new("aten::linalg_vector_norm");
    private static readonly Operator s_all = new("aten::all");
    private static readonly Operator s_any = new("aten::any");
    private static readonly Operator s_cumsum = new("aten::cumsum");
    private static readonly Operator s_softmax = new("aten::softmax", "int");
    private static readonly Operator s_logSoftmax = new("aten::log_softmax", "int");

    // Dimensions that are reduced go, or stay with size 1 where keep is true; it is false by default. An empty list of them means all.

    /// <summary>The sum of all elements, 0-dimensional; int64 for integers and bools. 0 for no elements.</summary>
    public Tensor Sum() => s_sum.Call(this);

    /// <summary>The sum over some dimensions; none named: over all. int64 for integers and bools.</summary>
    public Tensor Sum(long[] dimensions, bool keep = false) => s_sumDim.Call(this, dimensions, keep);

    /// <summary>The sum over one dimension; int64 for integers and bools.</summary>
    public Tensor Sum(long dimension, bool keep = false) => s_sumDim.Call(this, dimension, keep);

    /// <summary>The mean of all elements, 0-dimensional; floating-point. NaN for no elements.</summary>
    public Tensor Mean() => s_mean.Call(this);

    /// <summary>The mean over some dimensions; none named: over all. Floating-point.</summary>
    public Tensor Mean(long[] dimensions, bool keep = false) => s_meanDim.Call(this, dimensions, keep);

    /// <summary>The mean over one dimension; floating-point.</summary>
    public Tensor Mean(long dimension, bool keep = false) => s_meanDim.Call(this, dimension, keep);

    /// <summary>The largest element over some dimensions; none named: over all. Gradients are shared among equals.</summary>
    public Tensor Max(long[] dimensions, bool keep = false) => s_amax.Call(this, dimensions, keep);

    /// <summary>The largest element over one dimension, which has at least one. Gradients are shared among equals.</summary>
    public Tensor Max(long dimension, bool keep = false) => s_amax.Call(this, dimension, keep);

    /// <summary>The smallest element over some dimensions; none named: over all. Gradients are shared among equals.</summary>
    public Tensor Min(long[] dimensions, bool keep = false) => s_amin.Call(this, dimensions, keep);

    /// <summary>The index of the largest element over one dimension, int64; on the CPU the first of equals. No gradient.</summary>
    public Tensor ArgMax(long dimension, bool keep = false) => s_argmax.Call(this, dimension, keep);

    /// <summary>The variance over some dimensions, divided by n − correction; NaN where that is 0.</summary>
    /// <param name="dimensions">The dimensions that go; none named: all.</param>
    /// <param name="correction">1 for the unbiased estimate, PyTorch's default; 0 for the mean of squares.</param>
    /// <param name="keep">Keep them with size 1.</param>
    public Tensor Var(long[] dimensions, long correction = 1, bool keep = false) => s_var.Call(this, dimensions, correction, keep);

    /// <summary>log Σ exp over one dimension, without overflow; floating-point.</summary>
    public Tensor LogSumExp(long dimension, bool keep = false) => s_logsumexp.Call(this, dimension, keep);

    /// <summary>The Euclidean norm over all elements, or over some dimensions; floating-point. The gradient at 0 is 0.</summary>
    public Tensor Norm(long[]? dimensions = null, bool keep = false) => s_vectorNorm.Call(this, 2.0, dimensions, keep);

    /// <summary>Whether every element is true, a 0-dimensional bool; true for no elements.</summary>
    public Tensor All() => s_all.Call(this);

    /// <summary>Whether an element is true, a 0-dimensional bool; false for no elements.</summary>
    public Tensor Any() => s_any.Call(this);

    /// <summary>Running sums along one dimension, of the same shape; int64 for integers and bools.</summary>
    public Tensor CumSum(long dimension) => s_cumsum.Call(this, dimension);

    /// <summary>exp(x) ÷ Σ exp(x) along one dimension, of the same shape, without overflow; floating-point. NaN where all are −∞.</summary>
    public Tensor Softmax(long dimension) => s_softmax.Call(this, dimension);

    /// <summary>log softmax along one dimension, without underflow; prefer it to the logarithm of <see cref="Softmax"/>.</summary>
    public Tensor LogSoftmax(long dimension) => s_logSoftmax.Call(this, dimension);
}
