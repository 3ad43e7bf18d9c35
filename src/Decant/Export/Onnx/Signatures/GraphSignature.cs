using Decant.Modules;
using Decant.Torch;

namespace Decant.Export.Onnx.Signatures;

/// <summary>How a model is called as a graph: what goes in, what comes out, and which sizes vary.</summary>
internal abstract class GraphSignature
{
    /// <summary>The inputs.</summary>
    public abstract IReadOnlyList<GraphInput> Inputs { get; }

    /// <summary>The sizes that vary, with sizes that it is recorded with, the same number of each: six, which have as little in common as possible.</summary>
    public abstract IReadOnlyDictionary<string, long[]> Recorded { get; }

    /// <summary>The least and the largest that each size may be; what has no largest is not there.</summary>
    public abstract IReadOnlyDictionary<string, (long Least, long Most)> Limits { get; }

    /// <summary>What the graph is called with in addition to <c>decant.version</c>, for whoever opens it.</summary>
    public virtual IReadOnlyDictionary<string, string> Facts => new Dictionary<string, string>();

    /// <summary>Does once what must be there before anything is recorded.</summary>
    public virtual void Prepare(Model model)
    {
    }

    /// <summary>Runs the model.</summary>
    /// <param name="model">In evaluation.</param>
    /// <param name="inputs">Every input by name.</param>
    /// <returns>The outputs by name, in order.</returns>
    public abstract IReadOnlyList<KeyValuePair<string, Tensor>> Run(Model model, IReadOnlyDictionary<string, Tensor> inputs);

    /// <summary>Where every size that varies can be read.</summary>
    public Dictionary<string, (string Input, int Axis)> Symbols()
    {
        var symbols = new Dictionary<string, (string, int)>(StringComparer.Ordinal);
        foreach (var input in Inputs)
        {
            for (var axis = 0; axis < input.Shape.Count; axis++)
            {
                if (input.Shape[axis].Symbol is { } symbol)
                    symbols.TryAdd(symbol, (input.Name, axis));
            }
        }

        return symbols;
    }

    /// <summary>1 as a token, 0 as none.</summary>
    protected static Tensor Mask(IReadOnlyDictionary<string, Tensor> inputs) => inputs[InputNames.Mask].To(DType.Bool);
}
