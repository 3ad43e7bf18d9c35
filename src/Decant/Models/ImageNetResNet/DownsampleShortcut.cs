using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.ImageNetResNet;

/// <summary>A convolution of 1×1 and a norm, named <c>0</c> and <c>1</c>.</summary>
internal sealed class DownsampleShortcut : Module
{
    private readonly Conv2d _convolution;
    private readonly BatchNorm2d _norm;

    public DownsampleShortcut(long inputs, long outputs, long stride, Generator? generator)
    {
        _convolution = RegisterModule("0", ResidualBlock.Convolution(inputs, outputs, 1, stride, generator));
        _norm = RegisterModule("1", new BatchNorm2d(outputs));
    }

    /// <summary>[B, in, H, W] to [B, out, H ÷ stride, W ÷ stride].</summary>
    public Tensor Forward(Tensor input) => RecordActivation(_norm.Forward(_convolution.Forward(input)));

    public long Flops(long height, long width) => _convolution.Flops(height, width);
}
