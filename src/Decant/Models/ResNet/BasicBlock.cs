using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.ResNet;

/// <summary>Two convolutions of 3×3 with norms, and a way around them (He 2016a).</summary>
internal sealed class BasicBlock : Module
{
    private readonly Conv2d _first;
    private readonly BatchNorm2d _firstNorm;
    private readonly Conv2d _second;
    private readonly BatchNorm2d _secondNorm;
    private readonly ProjectionShortcut? _projection;

    public BasicBlock(long inputs, long inner, long outputs, long stride, ResNetShortcut shortcut, Generator? generator)
    {
        _first = RegisterModule("conv1", Convolution(inputs, inner, stride, generator));
        _firstNorm = RegisterModule("bn1", new BatchNorm2d(inner));
        _second = RegisterModule("conv2", Convolution(inner, outputs, 1, generator));
        _secondNorm = RegisterModule("bn2", new BatchNorm2d(outputs));
        if (shortcut == ResNetShortcut.Conv && (stride != 1 || inputs != outputs))
            _projection = RegisterModule("shortcut", new ProjectionShortcut(inputs, outputs, stride, generator));
    }

    /// <summary>[B, in, H, W] to [B, out, H ÷ stride, W ÷ stride].</summary>
    public Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Open();
        var x = ConvolutionNorm.Relu(_first, _firstNorm, input);
        return RecordActivation(scope.Keep(ConvolutionNorm.Relu(_second, _secondNorm, x, around: _projection?.Forward(input) ?? PadShortcut(input))));
    }

    public long Flops(long height, long width)
    {
        var (h, w) = (_first.OutputSize(height), _first.OutputSize(width));
        return _first.Flops(height, width) + _second.Flops(h, w) + (_projection?.Flops(height, width) ?? 0);
    }

    public long OutputSize(long size) => _first.OutputSize(size);

    // Option A: every second pixel; zeros on both sides of the channels.
    private Tensor PadShortcut(Tensor input)
    {
        var more = _second.Outputs - _first.Inputs;
        if (_first.Stride == 1 && more == 0)
            return input;
        var small = input;
        if (_first.Stride > 1)
            small = input.Slice(2, 0, input.Size(2), _first.Stride).Slice(3, 0, input.Size(3), _first.Stride);
        return more == 0 ? small : small.Pad([0, 0, 0, 0, more / 2, more - (more / 2)]);
    }

    private static Conv2d Convolution(long inputs, long outputs, long stride, Generator? generator)
    {
        var convolution = new Conv2d(inputs, outputs, 3, stride, padding: 1, bias: false, generator: generator);
        Initialise.He(convolution.Weight, inputs * 9, generator);
        return convolution;
    }
}
