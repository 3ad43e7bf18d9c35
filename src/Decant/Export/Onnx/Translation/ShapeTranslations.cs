using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Symbolic;

namespace Decant.Export.Onnx.Translation;

/// <summary>What arranges elements anew without changing them.</summary>
internal static class ShapeTranslations
{
    public static IReadOnlyDictionary<string, Action<CallTranslation>> All { get; } = new Dictionary<string, Action<CallTranslation>>
    {
        ["aten::reshape"] = Reshape,
        ["aten::view"] = Reshape,
        ["aten::flatten.using_ints"] = Reshape,
        ["aten::transpose.int"] = Transpose,
        ["aten::permute"] = c => Permute(c, c.Axes(1, Rank(c))),
        ["aten::squeeze.dim"] = Squeeze,
        ["aten::unsqueeze"] = c => c.Give(c.Graph.Node("Unsqueeze", [c.Input(0), c.Graph.Integers(c.Axis(1, Rank(c) + 1))])),
        ["aten::cat"] = c => c.Give(c.Graph.Node("Concat", Parts(c), OnnxNode.Attribute("axis", c.Axis(1, c.Shape.Count)))),
        ["aten::stack"] = Stack,
        ["aten::split.Tensor"] = Split,
        ["aten::chunk"] = Split,
        ["aten::unbind.int"] = Unbind,
        ["aten::roll"] = Roll,
        ["aten::narrow"] = c => c.Give(Slice(c, c.Input(0), c.Axis(1, Rank(c)), c.Size(2), c.Size(2) + c.Size(3), 1)),
        ["aten::slice.Tensor"] = SliceStep,
        ["aten::select.int"] = c => c.Give(c.Graph.Node("Gather", [c.Input(0), c.Graph.SizeScalar(c.Size(2))], OnnxNode.Attribute("axis", c.Axis(1, Rank(c))))),
        ["aten::expand"] = Expand,
        ["aten::repeat"] = Repeat,
        ["aten::flip"] = Flip,
        ["aten::constant_pad_nd"] = Pad,
        ["aten::as_strided"] = SameStrides,
        ["aten::contiguous"] = Same,
        ["aten::detach"] = Same,
        ["aten::clone"] = Same,
        ["aten::to.dtype"] = Convert,
        ["aten::to.dtype_layout"] = Convert,
    };

    private static int Rank(CallTranslation c) => c.Value(0).Shape.Count;

    private static void Same(CallTranslation c) => c.Give(c.Input(0));

    private static void Convert(CallTranslation c) => c.Give(c.Input(0, c.DType));

    private static void Reshape(CallTranslation c) => c.Give(Reshaped(c, c.Input(0), c.Value(0).Shape, c.Shape));

    /// <summary>
    /// The same elements in another shape. Sizes that stay where they are and the one that follows from the others are not computed, unless a tensor without elements could
    /// come, of which nothing follows.
    /// </summary>
    public static string Reshaped(CallTranslation c, string input, IReadOnlyList<Size> from, IReadOnlyList<Size> to)
    {
        if (from.SequenceEqual(to))
            return input;
        var entries = to.Select((size, i) => size.Constant ?? (i < from.Count && from[i] == size ? 0 : -1)).ToArray();
        var mayBeEmpty = from.Any(s => s.Terms.Any(t => t.Symbols.Contains(SizeNames.Past)));
        return mayBeEmpty || entries.Count(e => e == -1) > 1
            ? c.Graph.Node("Reshape", [input, c.Graph.Sizes(to)], OnnxNode.Attribute("allowzero", 1L))
            : c.Graph.Node("Reshape", [input, c.Graph.Integers(entries)]);
    }

    private static void Transpose(CallTranslation c)
    {
        long[] order = [.. Enumerable.Range(0, Rank(c)).Select(i => (long)i)];
        var (first, second) = (c.Axis(1, order.Length), c.Axis(2, order.Length));
        (order[first], order[second]) = (order[second], order[first]);
        Permute(c, order);
    }

    private static void Permute(CallTranslation c, long[] order) => c.Give(c.Graph.Node("Transpose", [c.Input(0)], OnnxNode.Attribute("perm", order)));

    // PyTorch leaves a dimension that is not 1 as it is.
    private static void Squeeze(CallTranslation c)
    {
        var axis = c.Axis(1, Rank(c));
        c.Give(c.Value(0).Shape[(int)axis] == 1 ? c.Graph.Node("Squeeze", [c.Input(0), c.Graph.Integers(axis)]) : c.Input(0));
    }

    private static string[] Parts(CallTranslation c) =>
        [.. c.Indices(0).Select(i => c.ValueOf(i).DType == c.DType ? c.NameOf(i) : c.Cast(c.NameOf(i), c.DType))];

    private static void Stack(CallTranslation c)
    {
        var axis = c.Axis(1, c.Shape.Count);
        c.Give(c.Graph.Node("Concat", [.. Parts(c).Select(p => c.Graph.Node("Unsqueeze", [p, c.Graph.Integers(axis)]))], OnnxNode.Attribute("axis", axis)));
    }

    private static void Split(CallTranslation c)
    {
        var axis = c.Axis(2, Rank(c));
        var outputs = c.Graph.Nodes("Split", [c.Input(0), c.Graph.Sizes([.. Enumerable.Range(0, c.Results).Select(i => c.ShapeOf(i)[(int)axis])])], c.Results, attributes: [OnnxNode.Attribute("axis", axis)]);
        for (var i = 0; i < outputs.Length; i++)
            c.Give(outputs[i], i);
    }

    private static void Unbind(CallTranslation c)
    {
        var axis = c.Axis(1, Rank(c));
        if (c.Value(0).Shape[(int)axis].Constant is null)
            throw new DecantException("Unbind along a dimension that varies gives a number of tensors that varies, which no graph has.");
        for (var i = 0; i < c.Results; i++)
            c.Give(c.Graph.Node("Gather", [c.Input(0), c.Graph.Integer(i)], OnnxNode.Attribute("axis", axis)), i);
    }

    private static void Roll(CallTranslation c)
    {
        var value = c.Input(0);
        foreach (var (shift, axis) in c.Integers(1).Zip(c.Axes(2, Rank(c))))
        {
            var (head, tail) = (Slice(c, value, axis, 0, -shift, 1), Slice(c, value, axis, -shift, long.MaxValue, 1));
            value = shift == 0 ? value : c.Graph.Node("Concat", [tail, head], OnnxNode.Attribute("axis", axis));
        }

        c.Give(value);
    }

    private static void SliceStep(CallTranslation c)
    {
        var axis = c.Axis(1, Rank(c));
        c.Give(Slice(c, c.Input(0), axis, c.Size(2, 0), c.Size(3, long.MaxValue), c.Integer(4, 1)));
    }

    private static string Slice(CallTranslation c, string input, long axis, Size start, Size end, long step)
    {
        var graph = c.Graph;
        return graph.Node("Slice", [input, graph.Sizes([start]), graph.Sizes([end]), graph.Integers(axis), graph.Integers(step)]);
    }

    // A size of 1 leaves what is there: no size needs to be computed for a dimension that does not grow.
    private static void Expand(CallTranslation c)
    {
        var from = c.Value(0).Shape;
        var added = c.Shape.Count - from.Count;
        var sizes = c.Shape.Select((size, i) => i >= added && from[i - added] == size ? 1 : size).ToArray();
        c.Give(sizes.Length == from.Count && sizes.All(s => s == 1) ? c.Input(0) : c.Graph.Node("Expand", [c.Input(0), c.Graph.Sizes(sizes)]));
    }

    private static void Repeat(CallTranslation c)
    {
        var times = c.Sizes(1);
        var value = Reshaped(c, c.Input(0), c.Value(0).Shape, [.. Enumerable.Repeat((Size)1, times.Count - Rank(c)), .. c.Value(0).Shape]);
        c.Give(c.Graph.Node("Tile", [value, c.Graph.Sizes(times)]));
    }

    private static void Flip(CallTranslation c)
    {
        var value = c.Input(0);
        foreach (var axis in c.Axes(1, Rank(c)))
            value = Slice(c, value, axis, -1, long.MinValue, -1);
        c.Give(value);
    }

    // PyTorch names the last dimension first, and begin and end of each side by side.
    private static void Pad(CallTranslation c)
    {
        var border = c.Sizes(1);
        var (rank, padded) = (Rank(c), border.Count / 2);
        var sizes = new Size[2 * rank];
        Array.Fill(sizes, 0);
        for (var i = 0; i < padded; i++)
            (sizes[rank - 1 - i], sizes[(2 * rank) - 1 - i]) = (border[2 * i], border[(2 * i) + 1]);
        c.Give(c.Graph.Node("Pad", [c.Input(0), c.Graph.Sizes(sizes), c.Graph.Scalar(c.Number(2, 0), c.DType)]));
    }

    // Another order in memory of the same tensor, as channels last is; anything else would be a view that ONNX does not have.
    private static void SameStrides(CallTranslation c)
    {
        if (!c.Shape.SequenceEqual(c.Value(0).Shape))
            throw new DecantException("A view with strides of its own is not exported to ONNX; use narrow, select, transpose and reshape.");
        Same(c);
    }
}
