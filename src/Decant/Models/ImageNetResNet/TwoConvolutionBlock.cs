using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.ImageNetResNet;

/// <summary>Two convolutions of 3×3, of ResNet-18 and ResNet-34.</summary>
internal sealed class TwoConvolutionBlock : ResidualBlock
{
    private readonly Conv2d _first;
    private readonly BatchNorm2d _firstNorm;
    private readonly Conv2d _second;
    private readonly BatchNorm2d _secondNorm;

    public TwoConvolutionBlock(long inputs, long between, long outputs, long stride, Generator? generator)
    {
        _first = RegisterModule("conv1", Convolution(inputs, between, 3, stride, generator));
        _firstNorm = RegisterModule("bn1", new BatchNorm2d(between));
        _second = RegisterModule("conv2", Convolution(between, outputs, 3, 1, generator));
        _secondNorm = RegisterModule("bn2", new BatchNorm2d(outputs));
        AddShortcut(inputs, outputs, stride, generator);
    }

    /// <inheritdoc/>
    public override long OutputSize(long size) => _first.OutputSize(size);

    /// <inheritdoc/>
    protected override Tensor Through(Tensor input, Tensor around) =>
        ConvolutionNorm.Relu(_second, _secondNorm, ConvolutionNorm.Relu(_first, _firstNorm, input), around);

    /// <inheritdoc/>
    protected override long BlockFlops(long height, long width) =>
        _first.Flops(height, width) + _second.Flops(_first.OutputSize(height), _first.OutputSize(width));
}
