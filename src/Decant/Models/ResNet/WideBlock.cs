using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.ResNet;

/// <summary>Norm and ReLU before every convolution, dropout between the two (Zagoruyko 2016, figure 1d).</summary>
internal sealed class WideBlock : Module
{
    private readonly BatchNorm2d _firstNorm;
    private readonly Conv2d _first;
    private readonly BatchNorm2d _secondNorm;
    private readonly Conv2d _second;
    private readonly Conv2d? _shortcut;
    private readonly Dropout _dropout;

    public WideBlock(long inputs, long inner, long outputs, long stride, double dropout, Generator? generator)
    {
        _firstNorm = RegisterModule("bn1", new BatchNorm2d(inputs));
        _first = RegisterModule("conv1", WideResNet.Convolution(inputs, inner, 3, stride, generator));
        _secondNorm = RegisterModule("bn2", new BatchNorm2d(inner));
        _second = RegisterModule("conv2", WideResNet.Convolution(inner, outputs, 3, 1, generator));
        if (stride != 1 || inputs != outputs)
            _shortcut = RegisterModule("convShortcut", WideResNet.Convolution(inputs, outputs, 1, stride, generator));
        _dropout = RegisterModule("dropout", new Dropout(dropout));
    }

    /// <summary>[B, in, H, W] to [B, out, H ÷ stride, W ÷ stride].</summary>
    public Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Open();
        var ready = _firstNorm.Forward(input).Relu();
        var x = ConvolutionNorm.Relu(_first, _secondNorm, ready);
        x = _second.Forward(_dropout.Forward(x));
        return RecordActivation(scope.Keep(x + (_shortcut?.Forward(ready) ?? input)));
    }

    public long Flops(long height, long width)
    {
        var (h, w) = (_first.OutputSize(height), _first.OutputSize(width));
        return _first.Flops(height, width) + _second.Flops(h, w) + (_shortcut?.Flops(height, width) ?? 0);
    }

    public long OutputSize(long size) => _first.OutputSize(size);
}
