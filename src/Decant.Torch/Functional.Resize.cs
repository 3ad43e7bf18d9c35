namespace Decant.Torch;

public static partial class Functional
{
    private static readonly Operator s_resize = new("aten::_upsample_bilinear2d_aa");

    /// <summary>Images of another size, bilinear; where they shrink each pixel is the mean of all that it covers, weighted by a triangle (antialiased), as PIL and torchvision do it.</summary>
    /// <param name="input">[B, C, H, W], float32.</param>
    /// <param name="height">The new H, 1 or more.</param>
    /// <param name="width">The new W, 1 or more.</param>
    /// <returns>[B, C, height, width], not rounded.</returns>
    public static Tensor ResizeBilinear(Tensor input, long height, long width) => s_resize.Call(input, new[] { height, width }, false, Arg.None, Arg.None);
}
