using Decant.Export.Onnx.Running;
using Decant.Export.Onnx.Signatures;
using Decant.Export.Onnx.Symbolic;
using Decant.Models.Configuration;
using Decant.Models.Encoders;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Export.Onnx.Importing;

/// <summary>Runs the ONNX file in ONNX Runtime beside the model that was made of it, on texts of several lengths, some of them filled up.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="session">The file, opened.</param>
/// <param name="model">The model.</param>
internal sealed class EncoderCheck(string path, OnnxSession session, Model model)
{
    private static readonly (long Batch, long Length)[] s_sizes = [(1, 1), (4, 9), (3, 40), (1, 512)];

    private readonly List<(float[] States, int Tokens, float[] Vector)> _texts = [];

    /// <summary>The largest difference, in proportion as <see cref="OnnxVerification.Tolerance"/> has it.</summary>
    public double Largest { get; private set; }

    /// <summary>The output with vectors of whole texts, where the graph makes some; null: it ends with the tokens' states.</summary>
    public string? VectorOutput { get; private set; }

    /// <summary>Compares logits or states, and gathers the graph's vectors.</summary>
    /// <param name="poolerOutputs">Outputs that BERT's pooler makes, which takes no part in embeddings.</param>
    /// <exception cref="DecantException">The two differ: where, and by how much.</exception>
    public void Run(IReadOnlySet<string> poolerOutputs)
    {
        var signature = GraphSignatures.Of(model);
        var draw = new SampleInputs(3);
        var longest = signature.Limits[SizeNames.Sequence].Most;
        foreach (var (batch, length) in s_sizes.Where(s => s.Length <= longest).Append((2, Math.Min(longest, 64))).Distinct())
            Compare(signature, draw.Draw(signature, new Dictionary<string, long> { [SizeNames.Batch] = batch, [SizeNames.Sequence] = length }), poolerOutputs);
    }

    /// <summary>How the graph pools, where it makes vectors of texts.</summary>
    public (EncoderPooling Pooling, bool Normalize)? Pooling(ImportOptions options) => VectorOutput is { } output ? ImportedVectors.Find(path, output, _texts, options) : null;

    private void Compare(GraphSignature signature, IReadOnlyDictionary<string, OnnxArray> drawn, IReadOnlySet<string> poolerOutputs)
    {
        var inputs = Given(drawn);
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var answers = session.Run(Fit(inputs)).Where(a => !poolerOutputs.Contains(a.Key)).ToArray();
        var own = model.InEvaluation(() => signature.Run(model, SampleInputs.Tensors(inputs))).ToDictionary(o => o.Key, o => o.Value);
        var mask = (long[])inputs[InputNames.Mask].Values;
        foreach (var (name, answer) in answers)
        {
            if (own.GetValueOrDefault(InputNames.States) is { } states && answer.Shape.Length == 2)
                Gather(name, states, mask, answer);
            else
                Differ(name, own.GetValueOrDefault(InputNames.States) ?? own[InputNames.Logits], answer, mask);
        }
    }

    // Masks are as drawn where the graph has such an input, and whole where it has not; of one kind where it does not ask for kinds. The padding token stands where a text has ended, and nowhere else.
    private Dictionary<string, OnnxArray> Given(IReadOnlyDictionary<string, OnnxArray> drawn)
    {
        var names = session.Inputs.Select(i => i.Name).ToHashSet(StringComparer.Ordinal);
        var given = drawn.ToDictionary(d => d.Key, d => names.Contains(d.Key) ? d.Value : d.Value with { Values = Filled(d.Value, d.Key == InputNames.Mask ? 1L : 0L) }, StringComparer.Ordinal);
        var shape = ((EncoderConfig)((IConfigured)model).Config).Shape;
        var (tokens, mask) = ((long[])given[InputNames.Tokens].Values, (long[])given[InputNames.Mask].Values);
        for (var i = 0; i < tokens.Length; i++)
            tokens[i] = mask[i] == 0 ? shape.Padding : tokens[i] == shape.Padding ? (shape.Padding + 1) % shape.Vocabulary : tokens[i];
        return given;
    }

    private static long[] Filled(OnnxArray like, long value)
    {
        var values = new long[like.Values.Length];
        Array.Fill(values, value);
        return values;
    }

    private Dictionary<string, OnnxArray> Fit(Dictionary<string, OnnxArray> inputs)
    {
        var fit = new Dictionary<string, OnnxArray>(StringComparer.Ordinal);
        foreach (var (name, type, _) in session.Inputs)
        {
            var given = inputs.GetValueOrDefault(name) ?? throw new DecantException($"{path}: it has the input '{name}'; encoders with {InputNames.Tokens}, {InputNames.Mask} and {InputNames.TokenTypes} are served.");
            fit[name] = type == typeof(int) ? given with { Values = Array.ConvertAll((long[])given.Values, v => (int)v) } : given;
        }

        return fit;
    }

    private void Gather(string name, Tensor states, long[] mask, OnnxArray answer)
    {
        VectorOutput ??= name;
        if (VectorOutput != name || answer.Shape[1] != states.Size(2))
            throw new DecantException($"{path}: the output '{name}' is [{string.Join(", ", answer.Shape)}]{(VectorOutput != name ? $" beside '{VectorOutput}'" : "")}; one vector for a text, as wide as the states of {states.Size(2)}, is served.");
        var (values, vectors, length, width) = (states.ToArray<float>(), answer.Floats, (int)states.Size(1), (int)states.Size(2));
        for (var row = 0; row < states.Size(0); row++)
        {
            var tokens = (int)mask.AsSpan(row * length, length).ToArray().Sum();
            _texts.Add((values[(row * length * width)..((row + 1) * length * width)], tokens, vectors[(row * width)..((row + 1) * width)]));
        }
    }

    private void Differ(string name, Tensor own, OnnxArray answer, long[] mask)
    {
        if (!own.Shape.SequenceEqual(answer.Shape) && own.ElementCount != answer.Values.Length)
            throw Unequal($"'{name}' is [{string.Join(", ", answer.Shape)}] in ONNX Runtime and [{string.Join(", ", own.Shape)}] here");
        var (expected, came) = (answer.Floats, own.ToArray<float>());
        if (expected.Length % mask.Length == 0 && answer.Shape.Length == 3)
            ClearPadding(expected, came, mask);
        var difference = OnnxVerification.Difference(expected, came);
        if (!(difference <= OnnxVerification.Tolerance))
            throw Unequal($"the largest difference of '{name}' [{string.Join(", ", answer.Shape)}] is {difference:g3} ({OnnxVerification.Tolerance:g1} is allowed)");
        Largest = Math.Max(Largest, difference);
    }

    // What stands where a text has ended means nothing.
    private static void ClearPadding(float[] expected, float[] came, long[] mask)
    {
        var width = expected.Length / mask.Length;
        for (var i = 0; i < mask.Length; i++)
        {
            if (mask[i] != 0)
                continue;
            expected.AsSpan(i * width, width).Clear();
            came.AsSpan(i * width, width).Clear();
        }
    }

    private DecantException Unequal(string what) => new(
        $"{path} was read as a {model.Kind}, but the model that was made of it does not compute what the file computes: {what}. Something in the graph is not what this family has, so it was not imported; nothing was left behind.");
}
