using System.Text;
using System.Text.Json.Nodes;
using Decant.Files;

namespace Decant.Export.Onnx.Importing;

/// <summary>What becomes of an image before an imported model reads it: bytes are divided by 255, less a mean, divided by a deviation, the same for every channel.</summary>
/// <param name="Side">The side in pixels of the square that images are resized to.</param>
/// <param name="Red">The mean of the first channel.</param>
/// <param name="Green">That of the second.</param>
/// <param name="Blue">That of the third.</param>
/// <param name="Deviation">What each channel is divided by.</param>
internal sealed record ImportedImages(int Side, double Red, double Green, double Blue, double Deviation)
{
    private const int Bilinear = 2; // PIL's number of it

    /// <summary>Writes <c>preprocessor_config.json</c> beside the model.</summary>
    public void Write(string folder)
    {
        var json = new JsonObject
        {
            ["do_normalize"] = true,
            ["do_rescale"] = true,
            ["do_resize"] = true,
            ["image_mean"] = new JsonArray(Red, Green, Blue),
            ["image_processor_type"] = "ViTImageProcessor",
            ["image_std"] = new JsonArray(Deviation, Deviation, Deviation),
            ["resample"] = Bilinear,
            ["rescale_factor"] = 1.0 / 255,
            ["size"] = new JsonObject { ["height"] = Side, ["width"] = Side },
        };
        AtomicFile.Write(Path.Combine(folder, "preprocessor_config.json"), Encoding.UTF8.GetBytes(json.ToJsonString() + "\n"));
    }
}
