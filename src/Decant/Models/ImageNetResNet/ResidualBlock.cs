using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.ImageNetResNet;

/// <summary>A block and the way around it: a convolution of 1×1 with a norm where the size or the channels change, and nothing elsewhere.</summary>
internal abstract class ResidualBlock : Module
{
    private DownsampleShortcut? _downsample;

    /// <summary>[B, in, H, W] to [B, out, H ÷ stride, W ÷ stride].</summary>
    public Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Open();
        return RecordActivation(scope.Keep(Through(input, _downsample?.Forward(input) ?? input)));
    }

    /// <summary>Floating-point operations for one image of that size.</summary>
    public long Flops(long height, long width) => BlockFlops(height, width) + (_downsample?.Flops(height, width) ?? 0);

    /// <summary>The size of an image behind the block.</summary>
    public abstract long OutputSize(long size);

    /// <summary>The block's own convolutions, with what came around added before the last ReLU.</summary>
    protected abstract Tensor Through(Tensor input, Tensor around);

    /// <summary>Those of the block without the way around.</summary>
    protected abstract long BlockFlops(long height, long width);

    /// <summary>Registers the way around where one is needed; after the block's own layers, as PyTorch's names are in order.</summary>
    protected void AddShortcut(long inputs, long outputs, long stride, Generator? generator)
    {
        if (stride != 1 || inputs != outputs)
            _downsample = RegisterModule("downsample", new DownsampleShortcut(inputs, outputs, stride, generator));
    }

    /// <summary>A convolution without a bias, drawn as He et al. 2015 by what goes out.</summary>
    internal static Conv2d Convolution(long inputs, long outputs, long kernel, long stride, Generator? generator)
    {
        var convolution = new Conv2d(inputs, outputs, kernel, stride, padding: kernel / 2, bias: false, generator: generator);
        Initialise.He(convolution.Weight, outputs * kernel * kernel, generator);
        return convolution;
    }
}
