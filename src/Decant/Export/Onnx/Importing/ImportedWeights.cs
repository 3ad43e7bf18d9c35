using System.Text;
using System.Text.Json;
using Decant.Export.Safetensors;
using Decant.Files;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Export.Onnx.Importing;

/// <summary>Writes settings and weights as they were found, and loads them as any folder is loaded.</summary>
internal static class ImportedWeights
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    /// <summary>Writes them and gives the model, in evaluation mode, which the caller disposes of.</summary>
    /// <exception cref="DecantException">Weights are missing, or of other shapes than the settings say.</exception>
    public static Model Write(string folder, ReadGraph graph, IImported imported)
    {
        try
        {
            using (TensorScope.Open())
                SafetensorsWriter.Write(Path.Combine(folder, ModelFolder.WeightsName), imported.Weights());
            AtomicFile.Write(Path.Combine(folder, ModelFolder.ConfigName), Encoding.UTF8.GetBytes(imported.Config.ToJsonString(s_json) + "\n"));
            var model = ModelFolder.Load(folder);
            // As other programs expect it: every setting, not only those that could be seen.
            ModelFolder.Save(folder, model);
            return model;
        }
        catch (DecantException error) when (error.Message.StartsWith(folder, StringComparison.Ordinal))
        {
            throw new DecantException($"{graph.Path} looks like a {imported.Config["model_type"]} model, but is none that is known: {error.Message[(error.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..]}", error.ExitCode, error);
        }
    }
}
