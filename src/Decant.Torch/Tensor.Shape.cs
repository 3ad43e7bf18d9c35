namespace Decant.Torch;

public sealed partial class Tensor
{
    private static readonly Operator s_reshape = new("aten::reshape");
    private static readonly Operator s_view = new("aten::view");
    private static readonly Operator s_transpose = new("aten::transpose", "int");
    private static readonly Operator s_permute = new("aten::permute");
    private static readonly Operator s_squeeze = new("aten::squeeze", "dim");
    private static readonly Operator s_unsqueeze = new("aten::unsqueeze");
    private static readonly Operator s_cat = new("aten::cat");
    private static readonly Operator s_stack = new("aten::stack");
    private static readonly Operator s_split = new("aten::split", "Tensor");
    private static readonly Operator s_chunk = new("aten::chunk");
    private static readonly Operator s_unbind = new("aten::unbind", "int");
    private static readonly Operator s_roll = new("aten::roll");
    private static readonly Operator s_narrow = new("aten::narrow");
    private static readonly Operator s_select = new("aten::select", "int");
    private static readonly Operator s_expand = new("aten::expand");
    private static readonly Operator s_flip = new("aten::flip");
    private static readonly Operator s_pad = new("aten::constant_pad_nd");
    private const long ChannelsLastFormat = 2; // c10::MemoryFormat

    private static readonly Operator s_asStrided = new("aten::as_strided");
    private static readonly Operator s_contiguous = new("aten::contiguous");
    private static readonly Operator s_flatten = new("aten::flatten", "using_ints");
    private static readonly Operator s_repeat = new("aten::repeat");
    private static readonly Operator s_slice = new("aten::slice", "Tensor");
    private static readonly Operator s_clone = new("aten::clone");

    /// <summary>The same elements in another shape; one size may be −1: what is left. A view where that is possible, else a copy.</summary>
    public Tensor Reshape(params long[] shape) => s_reshape.Call(this, shape);

    /// <summary>The same memory in another shape, one size −1 for what is left; refused where the strides do not allow it.</summary>
    public Tensor View(params long[] shape) => s_view.Call(this, shape);

    /// <summary>Two dimensions exchanged, a view.</summary>
    public Tensor Transpose(long first, long second) => s_transpose.Call(this, first, second);

    /// <summary>The dimensions in another order, each named once, a view.</summary>
    public Tensor Permute(params long[] order) => s_permute.Call(this, order);

    /// <summary>Without one dimension, if its size is 1, else unchanged; a view.</summary>
    public Tensor Squeeze(long dimension) => s_squeeze.Call(this, dimension);

    /// <summary>With one more dimension of size 1 at that position, a view.</summary>
    public Tensor Unsqueeze(long dimension) => s_unsqueeze.Call(this, dimension);

    /// <summary>Joins tensors along a dimension that they have (0 by default); the other sizes are equal. At least one tensor.</summary>
    public static Tensor Cat(Tensor[] tensors, long dimension = 0) => s_cat.Call(tensors, dimension);

    /// <summary>Joins tensors of one shape along a new dimension (0 by default). At least one tensor.</summary>
    public static Tensor Stack(Tensor[] tensors, long dimension = 0) => s_stack.Call(tensors, dimension);

    /// <summary>Views of that many rows each, the last with what is left; along dimension 0 by default.</summary>
    public Tensor[] Split(long size, long dimension = 0) => s_split.CallMany(this, size, dimension)!;

    /// <summary>At most that many views of equal size, the last with what is left; along dimension 0 by default.</summary>
    public Tensor[] Chunk(long count, long dimension = 0) => s_chunk.CallMany(this, count, dimension)!;

    /// <summary>A view of every row, without its dimension (0 by default).</summary>
    public Tensor[] Unbind(long dimension = 0) => s_unbind.CallMany(this, dimension)!;

    /// <summary>Every element shifted by a number of places along a dimension, those at the end to the beginning; a copy.</summary>
    public Tensor Roll(long shift, long dimension) => s_roll.Call(this, new[] { shift }, new[] { dimension });

    /// <summary>A view of <paramref name="length"/> rows from <paramref name="start"/>.</summary>
    public Tensor Narrow(long dimension, long start, long length) => s_narrow.Call(this, dimension, start, length);

    /// <summary>A view of one row, without its dimension; a negative index counts from the end.</summary>
    public Tensor Select(long dimension, long index) => s_select.Call(this, dimension, index);

    /// <summary>
    /// A view from start to end (exclusive) in steps of at least 1; what lies beyond the size is cut off, negative positions count from the end.
    /// </summary>
    public Tensor Slice(long dimension, long start, long end, long step = 1) => s_slice.Call(this, dimension, start, end, step);

    /// <summary>A view in which dimensions of size 1 are repeated without copying; −1 leaves a size as it is.</summary>
    public Tensor Expand(params long[] shape) => s_expand.Call(this, shape);

    /// <summary>Copies, a number of times along every dimension; more numbers than dimensions add new ones in front.</summary>
    public Tensor Repeat(params long[] times) => s_repeat.Call(this, times);

    /// <summary>The order along some dimensions reversed, a copy.</summary>
    public Tensor Flip(params long[] dimensions) => s_flip.Call(this, dimensions);

    /// <summary>
    /// A border of one number (0 by default) around a copy: pairs (before, after), the last dimension first; negative ones cut off.
    /// </summary>
    public Tensor Pad(long[] border, double value = 0) => s_pad.Call(this, border, value);

    /// <summary>
    /// A view of the storage from element <paramref name="first"/> (0: the storage's own first) on, that many elements from one index to the next in each dimension.
    /// </summary>
    /// <exception cref="TorchException">It reaches beyond the storage.</exception>
    public Tensor AsStrided(long[] shape, long[] strides, long first = 0) => s_asStrided.Call(this, shape, strides, first);

    /// <summary>The same memory if contiguous already, else a contiguous copy.</summary>
    public Tensor Contiguous() => s_contiguous.Call(this);

    /// <summary>
    /// Images [B, C, H, W] of the same shape and values with channels side by side in memory (channels last); the same memory where they are so already. Convolutions on the CPU are
    /// faster on it, and what they, norms and activations make of it keeps the layout.
    /// </summary>
    public Tensor ChannelsLast()
    {
        // With one channel both layouts are the same bytes, and only the strides tell libtorch which one is meant.
        if (Shape is [_, 1, var height, var width])
            return s_asStrided.Call(Contiguous(), Shape, new[] { height * width, 1, width, 1 });
        return s_contiguous.Call(this, ChannelsLastFormat);
    }

    /// <summary>Dimensions from start to end (all by default) made one; a view where that is possible, else a copy.</summary>
    public Tensor Flatten(long start = 0, long end = -1) => s_flatten.Call(this, start, end);

    /// <summary>A copy that the gradient flows through.</summary>
    public Tensor Clone() => s_clone.Call(this);
}
