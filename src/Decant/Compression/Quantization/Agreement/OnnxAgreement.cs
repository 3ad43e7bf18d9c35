using Decant.Compression.Quantization.Calibrating;
using Decant.Export.Onnx.Running;

namespace Decant.Compression.Quantization.Agreement;

/// <summary>Compares the outputs of two models on the same samples.</summary>
internal static class OnnxAgreement
{
    /// <summary>The figures.</summary>
    /// <param name="reference">The model that is the measure, for example the float32 one.</param>
    /// <param name="other">A model with the same inputs and output.</param>
    /// <param name="samples">Inputs by name, each a batch of any size.</param>
    /// <param name="output">The output to compare; null: the first one of <paramref name="reference"/>.</param>
    /// <exception cref="DecantException">There is no sample, one does not fit, or the outputs are of different shapes.</exception>
    public static AgreementFigures Measure(OnnxSession reference, OnnxSession other, IEnumerable<IReadOnlyDictionary<string, OnnxArray>> samples, string? output = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(samples);
        var name = output ?? reference.Outputs[0];
        var rows = new RowDifferences();
        var number = 0;
        foreach (var sample in samples)
        {
            SampleCheck.Require(reference, sample, ++number);
            rows.Add(reference.Run(sample, [name])[name], other.Run(sample, [name])[name]);
        }

        return rows.Figures() ?? throw new DecantException("Agreement: there is no sample to compare two models on. Give at least one.");
    }
}
