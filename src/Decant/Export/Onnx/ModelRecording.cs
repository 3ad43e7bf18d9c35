using Decant.Export.Onnx.Signatures;
using Decant.Export.Onnx.Symbolic;
using Decant.Modules;
using Decant.Torch;
using Decant.Torch.Recording;

namespace Decant.Export.Onnx;

/// <summary>Runs a model on inputs of several sizes while its operators are recorded, and makes one program of them.</summary>
internal static class ModelRecording
{
    /// <summary>The program.</summary>
    /// <param name="model">On the CPU, its weights in float32; in evaluation meanwhile.</param>
    /// <param name="signature">How it is called.</param>
    /// <exception cref="DecantException">It is not one graph for all sizes: the operator, the module and the reason.</exception>
    public static SymbolicGraph Of(Model model, GraphSignature signature)
    {
        signature.Prepare(model);
        var paths = model.NamedModules().DistinctBy(m => m.Value).ToDictionary(m => (object)m.Value, m => m.Key, ReferenceEqualityComparer.Instance);
        var recordings = new List<OperatorRecording>();
        var sizes = new List<IReadOnlyDictionary<string, long>>();
        var draw = new SampleInputs(1);
        for (var i = 0; i < signature.Recorded.First().Value.Length; i++)
        {
            var drawn = signature.Recorded.ToDictionary(s => s.Key, s => s.Value[i]);
            sizes.Add(drawn);
            recordings.Add(Record(model, signature, draw.Draw(signature, drawn), paths, isFirst: i == 0));
        }

        return RecordingMerge.Of(recordings, sizes, place => NameOf(place, paths));
    }

    /// <summary>Where an operator stands, for a message: behind its name.</summary>
    public static string NameOf(object? place, IReadOnlyDictionary<object, string> paths) => place is not Module module ? ""
        : $" in {(paths.GetValueOrDefault(module) is { Length: > 0 } path ? $"'{path}' ({module.GetType().Name})" : module.GetType().Name)}";

    private static OperatorRecording Record(Model model, GraphSignature signature, IReadOnlyDictionary<string, Running.OnnxArray> drawn, IReadOnlyDictionary<object, string> paths, bool isFirst)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var inputs = SampleInputs.Tensors(drawn);
        return model.InEvaluation(() =>
        {
            using var recorder = new OperatorRecorder(model.NamedState().Select(s => s.Value), keepsDerived: isFirst);
            foreach (var (name, tensor) in inputs)
                recorder.Input(name, tensor);
            try
            {
                return recorder.Finish(signature.Run(model, inputs));
            }
            catch (RecordingException error)
            {
                var behind = recorder.LastEnded is Module last ? $", behind what is computed{NameOf(last, paths)}" : "";
                throw new RecordingException($"The forward pass of {model.GetType().Name} cannot be exported{behind}: {error.Message}");
            }
        });
    }
}
