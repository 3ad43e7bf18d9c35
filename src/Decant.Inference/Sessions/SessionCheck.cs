using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Decant.Inference.Sessions;

/// <summary>Refuses ONNX files whose inputs, outputs or task are not those of the model that is loaded.</summary>
internal static class SessionCheck
{
    /// <summary>The inputs are known, and those that are needed are there.</summary>
    /// <param name="model">The file.</param>
    /// <param name="needed">Names that must be there.</param>
    /// <param name="optional">Names that may be there.</param>
    /// <exception cref="DecantException">They are not: expected, came.</exception>
    public static void Inputs(OnnxModel model, string[] needed, params ReadOnlySpan<string> optional)
    {
        var unknown = false;
        foreach (var name in model.Inputs.Keys)
            unknown |= !needed.Contains(name) && !optional.Contains(name);
        if (unknown || !needed.All(model.Inputs.ContainsKey))
            throw new DecantException($"{model.Path}: expected the inputs {string.Join(", ", needed)}{(optional.Length > 0 ? $" and perhaps {string.Join(", ", optional.ToArray())}" : "")}, came {string.Join(", ", model.Inputs.Keys)}. Is it another task's file, or another program's?");
    }

    /// <summary>An input or output is a tensor of one of these types.</summary>
    /// <exception cref="DecantException">It is not: expected, came.</exception>
    public static TensorElementType Type(OnnxModel model, string name, NodeMetadata node, params ReadOnlySpan<TensorElementType> served) => node.IsTensor && served.Contains(node.ElementDataType)
        ? node.ElementDataType
        : throw new DecantException($"{model.Path}: expected '{name}' to be a tensor of {string.Join(" or ", served.ToArray())}, came {(node.IsTensor ? node.ElementDataType : node.OnnxValueType)}.");

    /// <summary>The output of a name, or the first of several names that is there.</summary>
    /// <exception cref="DecantException">None is there.</exception>
    public static string Output(OnnxModel model, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (model.Outputs.ContainsKey(name))
                return name;
        }

        throw new DecantException($"{model.Path}: expected the output {string.Join(" or ", names.ToArray())}, came {string.Join(", ", model.Outputs.Keys)}. Is it another task's file?");
    }

    /// <summary>The task of file and settings, which must be one that the caller serves.</summary>
    /// <param name="model">The file.</param>
    /// <param name="config">The settings' file.</param>
    /// <param name="said">The task that the settings name; null: none.</param>
    /// <param name="instead">Who serves the other tasks, for the message.</param>
    /// <param name="served">The tasks that the caller serves; the first counts where nothing is named.</param>
    /// <exception cref="DecantException">File and settings disagree, or the task is another.</exception>
    public static string Task(OnnxModel model, string config, string? said, string instead, params ReadOnlySpan<string> served)
    {
        if (model.Task is { } own && said is not null && own != said)
            throw new DecantException($"{model.Path} is for {own}, and {config} is for {said}: they belong to two models. Export the model again.");
        var task = model.Task ?? said ?? served[0];
        return served.Contains(task) ? task : throw new DecantException($"{config}: expected a model for {string.Join(" or ", served.ToArray())}, came one for {task}. {instead}");
    }
}
