using Decant.Export.Onnx.Running;

namespace Decant.Compression.Quantization.Calibrating;

/// <summary>Whether a sample has the inputs that a model takes.</summary>
internal static class SampleCheck
{
    /// <summary>Refuses a sample of other names, types or sizes.</summary>
    /// <param name="session">The model.</param>
    /// <param name="sample">Inputs by name.</param>
    /// <param name="number">Which sample it is, from 1, for messages.</param>
    /// <exception cref="DecantException">It has other inputs.</exception>
    public static void Require(OnnxSession session, IReadOnlyDictionary<string, OnnxArray> sample, int number)
    {
        var inputs = session.Inputs;
        if (!inputs.Select(i => i.Name).ToHashSet(StringComparer.Ordinal).SetEquals(sample.Keys))
            throw new DecantException($"Sample {number} has the inputs {Names(sample.Keys)}; the model takes {Names(inputs.Select(i => i.Name))}. Give a value for each of these and nothing else.");
        foreach (var (name, type, shape) in inputs)
        {
            var given = sample[name];
            if (given.Values.GetType().GetElementType() != type)
                throw new DecantException($"Sample {number}: the input '{name}' is of type {given.Values.GetType().GetElementType()?.Name}; the model takes {type.Name}.");
            if (given.Shape.Length != shape.Length || shape.Where((size, axis) => size >= 0 && size != given.Shape[axis]).Any())
                throw new DecantException($"Sample {number}: the input '{name}' has the shape [{string.Join(", ", given.Shape)}]; the model takes [{string.Join(", ", shape.Select(s => s < 0 ? "any" : $"{s}"))}].");
        }
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"'{n}'"));
}
