using Decant.Export.Onnx.Format;
using Decant.Torch;

namespace Decant.Export.Onnx.Translation;

/// <summary>A stack of LSTM layers: one operator for each, all directions of it. Padding has no part in it, as in Decant's own.</summary>
/// <remarks>ONNX orders the gates input, output, forget, cell (PyTorch: input, forget, cell, output), and time stands first.</remarks>
internal static class LstmTranslation
{
    private const int PerPass = 4; // two matrices, two biases

    /// <summary>Arguments: input [B, T, in], mask [B, T] or none, hidden and cell [layers·directions, B, H] or none, weights, layers, bidirectional.</summary>
    public static void Translate(CallTranslation c)
    {
        var (layers, directions, weights) = ((int)c.Integer(5), c.Flag(6) ? 2 : 1, c.Indices(4));
        var hidden = c.ValueOf(weights[1]).Shape[1].Constant!.Value;
        var (batch, length) = (c.Value(0).Shape[0], c.Value(0).Shape[1]);
        var x = c.Graph.Node("Transpose", [c.Input(0)], OnnxNode.Attribute("perm", 1, 0, 2)); // [T, B, in]
        var lengths = c.IsNone(1) ? "" : Lengths(c);
        var (lastHidden, lastCell) = (new string[layers], new string[layers]);
        for (var layer = 0; layer < layers; layer++)
        {
            var first = layer * directions;
            string[] inputs =
            [
                x, Weights(c, weights, first, directions, 0, hidden), Weights(c, weights, first, directions, 1, hidden), Biases(c, weights, first, directions, hidden),
                lengths, State(c, 2, first, directions), State(c, 3, first, directions),
            ];
            var outputs = c.Graph.Nodes("LSTM", inputs, 3, attributes:
                [OnnxNode.Attribute("hidden_size", hidden), OnnxNode.Attribute("direction", directions == 2 ? "bidirectional" : "forward")]);
            (lastHidden[layer], lastCell[layer]) = (outputs[1], outputs[2]);
            x = directions == 1
                ? c.Graph.Node("Squeeze", [outputs[0], c.Graph.Integers(1)]) // [T, 1, B, H]
                : ShapeTranslations.Reshaped(c, c.Graph.Node("Transpose", [outputs[0]], OnnxNode.Attribute("perm", 0, 2, 1, 3)), [length, batch, directions, hidden], [length, batch, directions * hidden]);
        }

        c.Give(c.Graph.Node("Transpose", [x], OnnxNode.Attribute("perm", 1, 0, 2)));
        c.Give(Joined(c, lastHidden), 1);
        c.Give(Joined(c, lastCell), 2);
    }

    // A row without a token counts as one token.
    private static string Lengths(CallTranslation c) => c.Graph.Once($"lengths {c.Input(1)}", () =>
    {
        var counts = c.Graph.Node("ReduceSum", [c.Cast(c.Input(1), DType.Int32), c.Graph.Integers(1)], OnnxNode.Attribute("keepdims", 0L));
        return c.Graph.Node("Max", [counts, c.Graph.Scalar(1, DType.Int32)]);
    });

    private static string Joined(CallTranslation c, string[] layers) => layers.Length == 1 ? layers[0] : c.Graph.Node("Concat", layers, OnnxNode.Attribute("axis", 0L));

    // [directions, B, H] of [layers·directions, B, H]
    private static string State(CallTranslation c, int argument, int first, int directions) => c.IsNone(argument) ? "" : c.Graph.Node(
        "Slice", [c.Input(argument), c.Graph.Integers(first), c.Graph.Integers(first + directions), c.Graph.Integers(0)]);

    // [directions, 4H, in or H]
    private static string Weights(CallTranslation c, int[] weights, int first, int directions, int which, long hidden)
    {
        int[] parts = [.. Enumerable.Range(first, directions).Select(pass => weights[(pass * PerPass) + which])];
        var columns = c.ValueOf(parts[0]).Shape[1].Constant!.Value;
        return c.Graph.Constant(Elements.Of(parts.SelectMany(p => Reordered(c, p, hidden, columns)).ToArray(), directions, 4 * hidden, columns), $"lstm.{(which == 0 ? "W" : "R")}");
    }

    // [directions, 8H]: those of the input, then those of the state
    private static string Biases(CallTranslation c, int[] weights, int first, int directions, long hidden)
    {
        var parts = Enumerable.Range(first, directions).SelectMany(pass => new[] { weights[(pass * PerPass) + 2], weights[(pass * PerPass) + 3] });
        return c.Graph.Constant(Elements.Of(parts.SelectMany(p => Reordered(c, p, hidden, 1)).ToArray(), directions, 8 * hidden), "lstm.B");
    }

    private static float[] Reordered(CallTranslation c, int weight, long hidden, long columns)
    {
        var values = c.ConstantOf(weight) as float[] ?? throw new DecantException("The weights of an LSTM are computed of the input, or not in float32; neither is exported to ONNX.");
        var gate = checked((int)(hidden * columns));
        return [.. values.AsSpan(0, gate), .. values.AsSpan(3 * gate, gate), .. values.AsSpan(gate, gate), .. values.AsSpan(2 * gate, gate)];
    }
}
