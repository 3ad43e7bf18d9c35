using Decant.Export.Onnx.Running;
using Decant.Export.Onnx.Signatures;
using Decant.Export.Onnx.Symbolic;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Export.Onnx;

/// <summary>Runs an exported file in ONNX Runtime beside the model that it was made of, with sizes that it was not recorded with.</summary>
internal static class OnnxVerification
{
    /// <summary>By how much an output may differ, where the model's own numbers are up to 1; in proportion where they are larger.</summary>
    public const double Tolerance = 1e-4;

    private const long LongText = 512;

    /// <summary>Compares them.</summary>
    /// <param name="session">The file.</param>
    /// <param name="model">The model.</param>
    /// <param name="signature">How it is called.</param>
    /// <param name="further">Batches of real data, in addition to drawn ones; null: none.</param>
    /// <returns>The largest difference, in proportion as <see cref="Tolerance"/> has it.</returns>
    /// <exception cref="DecantException">They differ by more: which output, at which sizes.</exception>
    public static double Run(OnnxSession session, Model model, GraphSignature signature, IEnumerable<IReadOnlyDictionary<string, OnnxArray>>? further = null)
    {
        var draw = new SampleInputs(2);
        var largest = 0.0;
        foreach (var sizes in Sizes(signature))
            largest = Math.Max(largest, Compare(session, model, signature, draw.Draw(signature, sizes)));
        foreach (var inputs in further ?? [])
            largest = Math.Max(largest, Compare(session, model, signature, inputs));
        return largest;
    }

    /// <summary>Sizes to compare at: the least, the largest (texts of up to 512 tokens, or what the model reads), and some between.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, long>> Sizes(GraphSignature signature)
    {
        foreach (var (batch, place) in new (long, int)[] { (1, 0), (5, 1), (1, 2), (5, 3), (1, 4), (7, 5) })
        {
            var sizes = new Dictionary<string, long>(StringComparer.Ordinal) { [SizeNames.Batch] = batch };
            foreach (var (name, (least, most)) in signature.Limits.Where(l => l.Key != SizeNames.Batch && l.Key != SizeNames.Past))
                sizes[name] = name == SizeNames.Sequence ? Length(place, Math.Min(most, LongText)) : least + (8 * place);
            if (signature.Limits.TryGetValue(SizeNames.Past, out var past))
                Past(sizes, place, past.Most);
            yield return sizes;
        }
    }

    // The least, 7, 17, the largest, 128, 31.
    private static long Length(int place, long most) => Math.Min(most, place switch { 0 => 1, 1 => 7, 2 => 17, 3 => most, 4 => 128, _ => 31 });

    // Nothing before, one token behind many, many behind many.
    private static void Past(Dictionary<string, long> sizes, int place, long most)
    {
        sizes[SizeNames.Past] = place switch { 0 => 0, 1 => 5, 2 => Math.Min(most, LongText) - 1, 3 => 0, 4 => 1, _ => 19 };
        if (place == 2)
            sizes[SizeNames.Sequence] = 1;
        sizes[SizeNames.Past] = Math.Max(0, Math.Min(sizes[SizeNames.Past], most - sizes[SizeNames.Sequence]));
    }

    private static double Compare(OnnxSession session, Model model, GraphSignature signature, IReadOnlyDictionary<string, OnnxArray> inputs)
    {
        var answers = session.Run(inputs);
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var own = model.InEvaluation(() => signature.Run(model, SampleInputs.Tensors(inputs)));
        var largest = 0.0;
        foreach (var (name, tensor) in own)
        {
            var difference = Difference(tensor.ToArray<float>(), answers[name].Floats);
            if (!(difference <= Tolerance) || !tensor.Shape.SequenceEqual(answers[name].Shape))
            {
                throw new DecantException(
                    $"The exported file does not compute what the model computes: '{name}' is [{string.Join(", ", answers[name].Shape)}] in ONNX Runtime and [{string.Join(", ", tensor.Shape)}] here, " +
                    $"the largest difference is {difference:g3} ({Tolerance:g1} is allowed), for {string.Join(", ", inputs.Select(i => $"{i.Key} [{string.Join(", ", i.Value.Shape)}]"))}. Nothing was left behind. This is a fault of the export; please report it with the model's config.json.");
            }

            largest = Math.Max(largest, difference);
        }

        return largest;
    }

    /// <summary>The largest difference, divided by the largest of the expected numbers where that is above 1; NaN where one side alone is not finite.</summary>
    public static double Difference(float[] expected, float[] came)
    {
        if (expected.Length != came.Length)
            return double.NaN;
        var (largest, scale) = (0.0, 1.0);
        for (var i = 0; i < expected.Length; i++)
        {
            if (expected[i].Equals(came[i]))
                continue;
            if (!float.IsFinite(expected[i]) || !float.IsFinite(came[i]))
                return double.NaN;
            largest = Math.Max(largest, Math.Abs((double)expected[i] - came[i]));
            scale = Math.Max(scale, Math.Abs(expected[i]));
        }

        return largest / scale;
    }
}
