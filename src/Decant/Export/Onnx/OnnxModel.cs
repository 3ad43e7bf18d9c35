using Decant.Export.Onnx.Running;
using Decant.Export.Onnx.Signatures;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Export.Onnx;

/// <summary>An exported model in the place of the one that it was made of: what is measured of a model is measured of its file so. It has no parameters.</summary>
/// <param name="session">The file in ONNX Runtime; owned from now on.</param>
/// <param name="signature">How it is called.</param>
/// <param name="classes">How many numbers an answer has.</param>
/// <param name="kind">The family of the model that it was made of.</param>
internal sealed class OnnxModel(OnnxSession session, GraphSignature signature, int classes, string kind) : Model
{
    private readonly string _answer = signature.AnswerName;

    /// <inheritdoc/>
    public override int Classes => classes;

    /// <inheritdoc/>
    public override string Kind => kind;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Parts => [];

    /// <inheritdoc/>
    public override Tensor Forward(ModelInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = TensorScope.Open();
        var outputs = session.Run(signature.Arrays(input));
        signature.Carry(outputs, input);
        var answer = outputs[_answer];
        var logits = Tensor.From(answer.Floats, answer.Shape);
        return scope.Keep(answer.Shape.Length == 3 ? ChunkedHeadModel.At(logits, input.Positions) : logits);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            session.Dispose();
    }
}
