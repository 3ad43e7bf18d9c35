using Decant.Export.Onnx.Symbolic;
using Decant.Models.Configuration;
using Decant.Models.Encoders;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Export.Onnx.Signatures;

/// <summary>A model that reads texts from both sides: classes, numbers, vectors, an answer for every token.</summary>
/// <param name="task">What it answers with.</param>
/// <param name="vocabulary">V.</param>
/// <param name="tokenTypes">How many kinds of tokens it distinguishes; 0 or 1: it has no such input.</param>
/// <param name="most">The longest text that it reads; <see cref="long.MaxValue"/>: any.</param>
internal sealed class TokenSignature(ModelTask task, long vocabulary, long tokenTypes, long most) : GraphSignature
{
    /// <inheritdoc/>
    public override IReadOnlyList<GraphInput> Inputs { get; } =
    [
        new(InputNames.Tokens, DType.Int64, Shape, InputNumbers.Below, vocabulary),
        new(InputNames.Mask, DType.Int64, Shape, InputNumbers.Mask),
        .. tokenTypes > 1 ? [new GraphInput(InputNames.TokenTypes, DType.Int64, Shape, InputNumbers.Below, tokenTypes)] : Array.Empty<GraphInput>(),
    ];

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, long[]> Recorded { get; } = new Dictionary<string, long[]>
    {
        [SizeNames.Batch] = [2, 3, 5, 2, 4, 3],
        [SizeNames.Sequence] = RecordedLengths.Of(most),
    };

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, (long Least, long Most)> Limits { get; } = new Dictionary<string, (long, long)>
    {
        [SizeNames.Batch] = (1, long.MaxValue),
        [SizeNames.Sequence] = (1, most),
    };

    /// <inheritdoc/>
    public override string AnswerName => task == ModelTask.Embedding ? InputNames.Embedding : InputNames.Logits;

    private static Size[] Shape => [Size.Varying(SizeNames.Batch), Size.Varying(SizeNames.Sequence)];

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, Tensor>> Run(Model model, IReadOnlyDictionary<string, Tensor> inputs)
    {
        var tokens = inputs[InputNames.Tokens];
        var input = new ModelInput(tokens, Mask(inputs), inputs.GetValueOrDefault(InputNames.TokenTypes));
        if (task == ModelTask.Embedding)
            return Embedding(model, input);
        var logits = model.Forward(input);
        return [new(InputNames.Logits, task.IsSequence() ? logits : logits.View(tokens.Size(0), tokens.Size(1), logits.Size(1)))];
    }

    // The tokens' states too, where there are any: other programs pool them themselves.
    private static IReadOnlyList<KeyValuePair<string, Tensor>> Embedding(Model model, ModelInput input)
    {
        if (model is not EncoderEmbedder embedder)
            return [new(InputNames.Embedding, model.Forward(input))];
        var (vector, states) = embedder.ForwardWithStates(input);
        return [new(InputNames.States, states), new(InputNames.Embedding, vector)];
    }
}
