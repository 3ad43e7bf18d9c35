using Decant.Export.PyTorch;
using Decant.Export.Safetensors;
using Decant.Export.Tensors;
using Decant.Files;

namespace Decant.Export.Loading;

/// <summary>Identifies a weight file by its first bytes, and opens it.</summary>
internal static class WeightFormat
{
    private const int TarMagicAt = 257;

    /// <exception cref="DecantException">The file is not there, or no format that is read: the message says what it is instead.</exception>
    public static IWeightSource Open(string path)
    {
        byte[] head;
        try
        {
            PlaceholderFile.Refuse(path);
            head = PlaceholderFile.Head(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{path} cannot be read: {error.Message}", inner: error);
        }

        if (head is [(byte)'P', (byte)'K', 3 or 5, 4 or 6, ..] || TorchLegacy.Begins(head))
            return PyTorchFile.Open(path);
        if (path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) || (head.Length > 8 && head[8] == '{'))
            return SafetensorsFile.Open(path);
        throw new DecantException($"{path} is {Other(head)}; weights are read from safetensors files and from what torch.save writes (.bin, .pt, .pth, .th, .ckpt).");
    }

    private static string Other(byte[] head) => head switch
    {
        [0x1f, 0x8b, ..] => "packed with gzip: unpack it first",
        [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => "an HDF5 file, as Keras and TensorFlow write them",
        [(byte)'G', (byte)'G', (byte)'U', (byte)'F', ..] => "a GGUF file",
        [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', ..] => "an array of NumPy",
        [0x80, >= 2 and <= 5, ..] => "a pickle, but not one that torch.save wrote",
        _ when head.Length > TarMagicAt + 5 && head.AsSpan(TarMagicAt, 5).SequenceEqual("ustar"u8) =>
            "a tar archive, PyTorch's format before version 0.1.10: load it in Python and save it again",
        _ => "of no known format",
    };
}
