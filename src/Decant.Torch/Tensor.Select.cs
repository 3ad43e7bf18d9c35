namespace Decant.Torch;

public sealed partial class Tensor
{
    private static readonly Operator s_gather = new("aten::gather");
    private static readonly Operator s_indexSelect = new("aten::index_select");
    private static readonly Operator s_indexAdd = new("aten::index_add");
    private static readonly Operator s_maskedFill = new("aten::masked_fill", "Scalar");
    private static readonly Operator s_where = new("aten::where", "self");
    private static readonly Operator s_scatter = new("aten::scatter", "value");
    private static readonly Operator s_topK = new("aten::topk");
    private static readonly Operator s_kthValue = new("aten::kthvalue");
    private static readonly Operator s_sort = new("aten::sort");
    private static readonly Operator s_oneHot = new("aten::one_hot");
    private static readonly Operator s_maskedSelect = new("aten::masked_select");
    private static readonly Operator s_scatterAdd = new("aten::scatter_add");
    private static readonly Operator s_tril = new("aten::tril");
    private static readonly Operator s_triu = new("aten::triu");

    /// <summary>Per position the element that <paramref name="index"/> names along the dimension, of the index's shape.</summary>
    /// <param name="dimension">Along which.</param>
    /// <param name="index">int64, from 0 to the size − 1; as many dimensions as this tensor, in the others no larger.</param>
    public Tensor Gather(long dimension, Tensor index) => s_gather.Call(this, dimension, index);

    /// <summary>The rows that <paramref name="index"/> (int64, one-dimensional, each from 0 to the size − 1) names, a copy.</summary>
    public Tensor IndexSelect(long dimension, Tensor index) => s_indexSelect.Call(this, dimension, index);

    /// <summary>A copy with <paramref name="value"/> where the mask (bool, broadcast to this tensor) is true; there the gradient is 0.</summary>
    public Tensor MaskedFill(Tensor mask, double value) => s_maskedFill.Call(this, mask, value);

    /// <summary>The elements where the mask (bool, broadcast) is true, in row-major order, one-dimensional.</summary>
    public Tensor MaskedSelect(Tensor mask) => s_maskedSelect.Call(this, mask);

    /// <summary>Elements of one tensor where the condition (bool) is true, of another elsewhere; all three broadcast.</summary>
    public static Tensor Where(Tensor condition, Tensor yes, Tensor no) => s_where.Call(condition, yes, no);

    /// <summary>
    /// A copy with <paramref name="value"/> at the positions that <paramref name="index"/> (int64, as in <see cref="Gather"/>) names along the
    /// dimension.
    /// </summary>
    public Tensor Scatter(long dimension, Tensor index, double value) => s_scatter.Call(this, dimension, index, value);

    /// <summary>
    /// A copy with <paramref name="source"/> added at the positions that <paramref name="index"/> (int64, no larger than the source) names along
    /// the dimension.
    /// </summary>
    public Tensor ScatterAdd(long dimension, Tensor index, Tensor source) => s_scatterAdd.Call(this, dimension, index, source);

    /// <summary>A copy with each slice of <paramref name="source"/> along the dimension added to the slice that <paramref name="index"/> (int64, as many as there are slices) names.</summary>
    internal Tensor IndexAdd(long dimension, Tensor index, Tensor source) => s_indexAdd.Call(this, dimension, index, source);

    /// <summary>
    /// The k largest elements along a dimension (the last by default), in descending order, and their indices (int64). Of equals any may come
    /// first.
    /// </summary>
    public (Tensor Values, Tensor Indices) TopK(long k, long dimension = -1)
    {
        var results = s_topK.CallMany(this, k, dimension);
        return (results[0]!, results[1]!);
    }

    /// <summary>
    /// The elements in order along a dimension (the last by default), ascending by default, and where they came from (int64). Equals in no
    /// certain order.
    /// </summary>
    public (Tensor Values, Tensor Indices) Sort(long dimension = -1, bool descending = false)
    {
        var results = s_sort.CallMany(this, dimension, descending);
        return (results[0]!, results[1]!);
    }

    /// <summary>The k-th smallest number of a one-dimensional tensor, k from 1.</summary>
    internal Tensor KthValue(long k)
    {
        var results = s_kthValue.CallMany(this, k, 0L);
        results[1]!.Dispose();
        return results[0]!;
    }

    /// <summary>Indices (int64, each from 0 to <paramref name="classes"/> − 1) as int64 rows of 0 with a single 1: [… , classes].</summary>
    public Tensor OneHot(long classes) => s_oneHot.Call(this, classes);

    /// <summary>The lower triangle of the last two dimensions with the diagonal that many above the main one (0), 0 elsewhere.</summary>
    public Tensor LowerTriangle(long diagonal = 0) => s_tril.Call(this, diagonal);

    /// <summary>The upper triangle of the last two dimensions from the diagonal that many above the main one (0), 0 elsewhere.</summary>
    public Tensor UpperTriangle(long diagonal = 0) => s_triu.Call(this, diagonal);
}
