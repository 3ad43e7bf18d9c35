using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Decant.Inference.Sessions;

/// <summary>What a language model's file takes and gives of what was read before: keys or values [1, heads, P, d] of a layer, or a recurrent state [layers, 1, H].</summary>
/// <param name="Input">The name of the input.</param>
/// <param name="Output">The name of the output that is the next input.</param>
/// <param name="Type">The type of its numbers.</param>
/// <param name="Shape">Its shape before any token.</param>
/// <param name="Grows">Whether it grows with every token.</param>
internal sealed record CacheTensor(string Input, string Output, TensorElementType Type, long[] Shape, bool Grows)
{
    private const string KeysAndValues = "past_key_values.";
    private const string State = "past_state.";

    /// <summary>Whether an input of that name is one.</summary>
    public static bool IsOne(string input) => input.StartsWith(KeysAndValues, StringComparison.Ordinal) || input.StartsWith(State, StringComparison.Ordinal);

    /// <summary>Reads what the file says of an input.</summary>
    /// <exception cref="DecantException">Its type or sizes are not those of a cache.</exception>
    public static CacheTensor Of(OnnxModel model, string input, NodeMetadata node)
    {
        var type = SessionCheck.Type(model, input, node, TensorElementType.Float, TensorElementType.Float16);
        var grows = input.StartsWith(KeysAndValues, StringComparison.Ordinal);
        var output = grows ? "present." + input[KeysAndValues.Length..] : "present_state." + input[State.Length..];
        return (grows, node.Dimensions) switch
        {
            (true, [_, > 0 and var heads, _, > 0 and var width]) => new(input, output, type, [1, heads, 0, width], grows),
            (false, [> 0 and var layers, _, > 0 and var width]) => new(input, output, type, [layers, 1, width], grows),
            _ => throw new DecantException($"{model.Path}: expected '{input}' to have the shape {(grows ? "[batch, heads, past, width] with heads and width" : "[layers, batch, width] with layers and width")} as numbers, came [{string.Join(", ", node.Dimensions)}]. Export the model again."),
        };
    }

    /// <summary>It before any token; the caller's to dispose of.</summary>
    public OrtValue Empty()
    {
        var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, Type, Shape);
        if (!Grows)
            value.GetTensorMutableRawData().Clear();
        return value;
    }
}
