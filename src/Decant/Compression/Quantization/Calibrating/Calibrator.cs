using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Running;

namespace Decant.Compression.Quantization.Calibrating;

/// <summary>Runs a float model over samples and keeps a histogram of each activation that is asked for. Only the activations of one sample are in memory at a time.</summary>
internal static class Calibrator
{
    /// <summary>The histograms.</summary>
    /// <param name="model">The float32 model; unchanged.</param>
    /// <param name="activations">The names of its values.</param>
    /// <param name="samples">Inputs by name, each a batch of any size.</param>
    /// <param name="cancel">Stops between samples.</param>
    /// <exception cref="DecantException">There is no sample, one has other inputs than the model, or an activation is not finite.</exception>
    public static IReadOnlyDictionary<string, ActivationHistogram> Run(
        ModelProto model, IReadOnlyCollection<string> activations, IEnumerable<IReadOnlyDictionary<string, OnnxArray>> samples, CancellationToken cancel)
    {
        var histograms = activations.ToDictionary(a => a, _ => new ActivationHistogram(), StringComparer.Ordinal);
        if (activations.Count == 0)
            return histograms;
        using var session = ModelSession.Open(WithOutputs(model, activations));
        var number = 0;
        foreach (var sample in samples)
        {
            cancel.ThrowIfCancellationRequested();
            number++;
            SampleCheck.Require(session, sample, number);
            foreach (var (name, values) in session.Run(sample, activations))
                if (!histograms[name].Add(values.Floats, values.Shape.Length))
                    throw new DecantException($"Calibration: sample {number} makes the activation '{name}' infinite or not a number. Finite values were expected; check the sample and the float model.");
        }

        return number > 0
            ? histograms
            : throw new DecantException("Calibration: there is no sample. Static int8 finds the scales of activations from samples, 100 to 500 of the training data; give some, or choose dynamic int8, which needs none.");
    }

    private static ModelProto WithOutputs(ModelProto model, IEnumerable<string> activations)
    {
        var extended = model.Clone();
        var there = extended.Graph.Output.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in activations.Where(a => !there.Contains(a)))
            extended.Graph.Output.Add(new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new() { ElemType = (int)TensorProto.Types.DataType.Float } } });
        return extended;
    }
}
