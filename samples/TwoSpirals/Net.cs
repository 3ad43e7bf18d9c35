using Decant.Modules;
using Decant.Torch;

/// <summary>Linear layers of the given widths, with a ReLU between two.</summary>
internal sealed class Net : Model
{
    private readonly ModuleList<Linear> _layers;

    public Net(params long[] widths)
    {
        _layers = RegisterModule("layers", new ModuleList<Linear>(widths.Zip(widths[1..], (inputs, outputs) => new Linear(inputs, outputs))));
        Classes = (int)widths[^1];
    }

    public override int Classes { get; }

    public override Tensor Forward(ModelInput input) =>
        _layers.Skip(1).Aggregate(_layers[0].Forward(input.Values), (hidden, layer) => layer.Forward(hidden.Relu()));   // [B, D] → [B, C]
}
