using Decant.Export.Onnx.Running;
using Decant.Export.Onnx.Signatures;
using Decant.Modules;

namespace Decant.Export.Onnx;

/// <summary>
/// Writes models as ONNX files, for ONNX Runtime and whatever is built on it: the operators of a forward pass are recorded at several sizes, so that batch and length vary, and
/// the file is run in ONNX Runtime beside the model before it is kept.
/// </summary>
public static class OnnxExport
{
    private const long DrawnVocabulary = 2; // of a model without an example's ids

    /// <summary>Writes a model of a known family. Inputs and outputs have the names that Hugging Face's exports have: <c>input_ids</c>, <c>attention_mask</c>, <c>pixel_values</c>, <c>logits</c> ….</summary>
    /// <param name="path">The file; one that is there is replaced. Constants of more than 1.8 GB go to a file of the same name with <c>_data</c> appended.</param>
    /// <param name="model">The model, on the CPU and in float32; of several tasks, that of one (<see cref="Models.MultiTask.MultiTaskModel.Of"/>).</param>
    /// <returns>The largest difference between an output in ONNX Runtime and here, in proportion to the largest number of it; at most 1e-4.</returns>
    /// <exception cref="DecantException">
    /// The model is your own (give an example), it computes what ONNX has no operator for, its forward pass is not one graph for all sizes, or the file gives other answers. Nothing is written then.
    /// </exception>
    public static double Save(string path, Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Write(path, model, GraphSignatures.Of(model));
    }

    /// <summary>Writes any model, also one of your own.</summary>
    /// <param name="path">As for the other.</param>
    /// <param name="model">The model, on the CPU and in float32.</param>
    /// <param name="example">
    /// A batch as it comes: int64 [B, T] are tokens (<c>input_ids</c>, with <c>attention_mask</c> and <c>token_type_ids</c> where the example has them), of which B and T vary; [B, C, H, W] is
    /// <c>pixel_values</c> and anything else <c>features</c>, of which B varies.
    /// </param>
    /// <returns>As for the other.</returns>
    /// <exception cref="DecantException">As for the other.</exception>
    public static double Save(string path, Model model, ModelInput example)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(example);
        var ids = example.Values.DType == Torch.DType.Int64 ? example.Values.ToArray<long>() : [];
        return Write(path, model, GraphSignatures.Of(example, ids.DefaultIfEmpty(DrawnVocabulary - 1).Max() + 1));
    }

    /// <summary>Writes a model, checked with further batches too.</summary>
    internal static double Write(string path, Model model, GraphSignature signature, IEnumerable<IReadOnlyDictionary<string, OnnxArray>>? further = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (model.Device.Kind != Torch.DeviceKind.Cpu)
            throw new DecantException($"The model is on {model.Device}; move it to the CPU to export it: model.To(Device.Cpu).");
        return VerifiedFile.Write(path, OnnxGraph.Of(model, signature), session => OnnxVerification.Run(session, model, signature, further));
    }
}
