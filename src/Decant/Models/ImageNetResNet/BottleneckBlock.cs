using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.ImageNetResNet;

/// <summary>
/// Convolutions of 1×1, 3×3 and 1×1, of ResNet-50. The one of 3×3 has the stride, as torchvision's networks have it (version 1.5); in He et al. 2016a the first has.
/// </summary>
internal sealed class BottleneckBlock : ResidualBlock
{
    /// <summary>How many times as many channels go out of published networks as are between.</summary>
    public const int Expansion = 4;

    private readonly Conv2d _first;
    private readonly BatchNorm2d _firstNorm;
    private readonly Conv2d _second;
    private readonly BatchNorm2d _secondNorm;
    private readonly Conv2d _third;
    private readonly BatchNorm2d _thirdNorm;

    public BottleneckBlock(long inputs, long between, long outputs, long stride, Generator? generator)
    {
        _first = RegisterModule("conv1", Convolution(inputs, between, 1, 1, generator));
        _firstNorm = RegisterModule("bn1", new BatchNorm2d(between));
        _second = RegisterModule("conv2", Convolution(between, between, 3, stride, generator));
        _secondNorm = RegisterModule("bn2", new BatchNorm2d(between));
        _third = RegisterModule("conv3", Convolution(between, outputs, 1, 1, generator));
        _thirdNorm = RegisterModule("bn3", new BatchNorm2d(outputs));
        AddShortcut(inputs, outputs, stride, generator);
    }

    /// <inheritdoc/>
    public override long OutputSize(long size) => _second.OutputSize(size);

    /// <inheritdoc/>
    protected override Tensor Through(Tensor input, Tensor around)
    {
        var x = ConvolutionNorm.Relu(_first, _firstNorm, input);
        x = ConvolutionNorm.Relu(_second, _secondNorm, x);
        return ConvolutionNorm.Relu(_third, _thirdNorm, x, around);
    }

    /// <inheritdoc/>
    protected override long BlockFlops(long height, long width) =>
        _first.Flops(height, width) + _second.Flops(height, width) + _third.Flops(_second.OutputSize(height), _second.OutputSize(width));
}
