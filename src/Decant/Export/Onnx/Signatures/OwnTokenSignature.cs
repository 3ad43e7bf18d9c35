using Decant.Export.Onnx.Symbolic;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Export.Onnx.Signatures;

/// <summary>A user's own model of tokens.</summary>
/// <param name="vocabulary">Ids are below it.</param>
/// <param name="hasMask">Whether it is given a mask.</param>
/// <param name="hasTypes">Whether it is given token types.</param>
internal sealed class OwnTokenSignature(long vocabulary, bool hasMask, bool hasTypes) : GraphSignature
{
    private static Size[] Shape => [Size.Varying(SizeNames.Batch), Size.Varying(SizeNames.Sequence)];

    /// <inheritdoc/>
    public override IReadOnlyList<GraphInput> Inputs
    {
        get
        {
            var inputs = new List<GraphInput> { new(InputNames.Tokens, DType.Int64, Shape, InputNumbers.Below, vocabulary) };
            if (hasMask)
                inputs.Add(new(InputNames.Mask, DType.Int64, Shape, InputNumbers.Mask));
            if (hasTypes)
                inputs.Add(new(InputNames.TokenTypes, DType.Int64, Shape, InputNumbers.Below, 2));
            return inputs;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, long[]> Recorded { get; } = new Dictionary<string, long[]>
    {
        [SizeNames.Batch] = [2, 3, 5, 2, 4, 3],
        [SizeNames.Sequence] = RecordedLengths.Of(long.MaxValue),
    };

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, (long Least, long Most)> Limits { get; } = new Dictionary<string, (long, long)>
    {
        [SizeNames.Batch] = (1, long.MaxValue),
        [SizeNames.Sequence] = (1, long.MaxValue),
    };

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, Tensor>> Run(Model model, IReadOnlyDictionary<string, Tensor> inputs)
    {
        var tokens = inputs[InputNames.Tokens];
        var answer = model.Forward(new ModelInput(tokens, hasMask ? Mask(inputs) : null, inputs.GetValueOrDefault(InputNames.TokenTypes)));
        return [new(InputNames.Logits, answer)];
    }
}
