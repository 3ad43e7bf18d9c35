using Decant.Export.Onnx.Running;
using Decant.Export.Onnx.Symbolic;
using Decant.Models.LstmLanguage;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Export.Onnx.Signatures;

/// <summary>A recurrent language model that reads on from the state of what it has read: zeros at first.</summary>
internal sealed class RecurrentSignature : GraphSignature
{
    private const string PastHidden = "past_state.hidden";
    private const string PastCell = "past_state.cell";
    private const string PresentHidden = "present_state.hidden";
    private const string PresentCell = "present_state.cell";

    public RecurrentSignature(LstmLanguageModel model)
    {
        var (batch, sequence) = (Size.Varying(SizeNames.Batch), Size.Varying(SizeNames.Sequence));
        var (layers, width) = model.StateShape;
        Size[] state = [layers, batch, width];
        Inputs =
        [
            new(InputNames.Tokens, DType.Int64, [batch, sequence], InputNumbers.Below, model.VocabularySize),
            new(InputNames.Mask, DType.Int64, [batch, sequence], InputNumbers.Mask),
            new(PastHidden, DType.Float32, state, InputNumbers.Real),
            new(PastCell, DType.Float32, state, InputNumbers.Real),
        ];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<GraphInput> Inputs { get; }

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
    public override void Carry(IReadOnlyDictionary<string, OnnxArray> outputs, ModelInput input)
    {
        if (input.State is not { } state)
            return;
        using var scope = TensorScope.Open();
        state.Set(Tensor.From(outputs[PresentHidden].Floats, outputs[PresentHidden].Shape), Tensor.From(outputs[PresentCell].Floats, outputs[PresentCell].Shape));
    }

    /// <inheritdoc/>
    protected override OnnxArray Before(GraphInput input, ModelInput batch) =>
        (input.Name == PastHidden ? batch.State?.Hidden : batch.State?.Cell) is { } tensor ? ArrayOf(tensor) : base.Before(input, batch);

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, Tensor>> Run(Model model, IReadOnlyDictionary<string, Tensor> inputs)
    {
        var tokens = inputs[InputNames.Tokens];
        var state = new RecurrentState(); // its tensors belong to the caller's scope
        state.Set(inputs[PastHidden], inputs[PastCell]);
        var logits = model.Forward(new ModelInput(tokens, Mask(inputs), State: state));
        return
        [
            new(InputNames.Logits, logits.View(tokens.Size(0), tokens.Size(1), logits.Size(1))),
            new(PresentHidden, state.Hidden!),
            new(PresentCell, state.Cell!),
        ];
    }
}
