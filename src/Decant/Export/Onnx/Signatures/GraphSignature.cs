using Decant.Export.Onnx.Running;
using Decant.Export.Onnx.Symbolic;
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

    /// <summary>The output that is the answer; logits by default.</summary>
    public virtual string AnswerName => InputNames.Logits;

    /// <summary>A batch as the graph takes it. What the batch does not have is as models take it: every position a token, all tokens of the first kind, nothing read before.</summary>
    public IReadOnlyDictionary<string, OnnxArray> Arrays(ModelInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Segments is not null)
            throw new DecantException("An exported model reads a row as one text; batches that hold several documents in a row are not for it. Give one document per row.");
        var (batch, length) = (input.Values.Size(0), input.Values.Dimensions > 1 ? input.Values.Size(1) : 1);
        return Inputs.ToDictionary(i => i.Name, i => i.Name switch
        {
            InputNames.Tokens or InputNames.Pixels or InputNames.Features => ArrayOf(input.Values),
            InputNames.Mask => input.AttentionMask is { } mask ? ArrayOf(mask.To(DType.Int64)) : new OnnxArray(Enumerable.Repeat(1L, checked((int)(batch * length))).ToArray(), batch, length),
            InputNames.TokenTypes => input.TokenTypes is { } types ? ArrayOf(types) : new OnnxArray(new long[batch * length], batch, length),
            _ => Before(i, input),
        }, StringComparer.Ordinal);
    }

    /// <summary>Takes the state over that a batch leaves, where the model has one.</summary>
    public virtual void Carry(IReadOnlyDictionary<string, OnnxArray> outputs, ModelInput input)
    {
    }

    /// <summary>What was read before a batch; by default nothing: the sizes that vary beside that of the batch are 0.</summary>
    protected virtual OnnxArray Before(GraphInput input, ModelInput batch)
    {
        long[] shape = [.. input.Shape.Select(s => s.Constant ?? (s.Symbol == SizeNames.Batch ? batch.Values.Size(0) : 0))];
        return new OnnxArray(new float[shape.Aggregate(1L, (product, size) => product * size)], shape);
    }

    /// <summary>The elements of a tensor.</summary>
    protected static OnnxArray ArrayOf(Tensor tensor) => new(tensor.DType == DType.Int64 ? tensor.ToArray<long>() : tensor.ToArray<float>(), tensor.Shape);

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
