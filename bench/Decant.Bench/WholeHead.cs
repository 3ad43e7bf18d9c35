using Decant.Modules;
using Decant.Torch;

namespace Decant.Bench;

/// <summary>A language model that gives all its logits at once, as a plain loop takes them: what the parts are measured against.</summary>
internal sealed class WholeHead : Model
{
    private readonly ChunkedHeadModel _model;

    /// <summary>The same model, disposed with this.</summary>
    public WholeHead(ChunkedHeadModel model) => _model = RegisterModule("model", model);

    /// <inheritdoc/>
    public override string Kind => _model.Kind;

    /// <inheritdoc/>
    public override int Classes => _model.Classes;

    /// <inheritdoc/>
    public override Tensor Forward(ModelInput input) => _model.Forward(input);

    /// <inheritdoc/>
    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) => _model.FlopsPerSample(sampleShape);
}
