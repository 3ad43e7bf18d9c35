using Decant.Torch;

namespace Decant.Models.Configuration;

/// <summary>How images lie in memory for convolutions.</summary>
internal static class ImageLayout
{
    /// <summary>
    /// [B, C, H, W] as it is fastest: on the CPU with the channels side by side, which saves oneDNN from turning every layer's input and output around. GPUs
    /// choose by themselves.
    /// </summary>
    public static Tensor Of(Tensor images) => images.Device.Kind == DeviceKind.Cpu ? images.ChannelsLast() : images;
}
