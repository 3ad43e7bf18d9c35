using Decant.Export.Onnx.Symbolic;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Export.Onnx.Signatures;

/// <summary>A model that reads images or vectors.</summary>
/// <param name="shape">The sizes of one sample; null where one varies.</param>
/// <param name="output">What its answer is called.</param>
internal sealed class NumberSignature(IReadOnlyList<long?> shape, string output) : GraphSignature
{
    private static readonly long[][] s_sizes = [[32, 24, 40, 28, 36, 44], [28, 36, 32, 44, 24, 40], [40, 32, 28, 36, 44, 24]];

    private readonly string[] _names = [.. shape.Select((_, i) => shape.Count == 3 && i > 0 ? (i == 1 ? "height" : "width") : $"size_{i + 1}")];

    /// <inheritdoc/>
    public override IReadOnlyList<GraphInput> Inputs =>
    [
        new(
            shape.Count == 3 ? InputNames.Pixels : InputNames.Features, DType.Float32,
            [Size.Varying(SizeNames.Batch), .. shape.Select((size, i) => size ?? Size.Varying(_names[i]))], InputNumbers.Real),
    ];

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, long[]> Recorded
    {
        get
        {
            var sizes = new Dictionary<string, long[]> { [SizeNames.Batch] = [2, 3, 5, 2, 4, 3] };
            foreach (var axis in Varying)
                sizes[_names[axis]] = s_sizes[axis % s_sizes.Length];
            return sizes;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, (long Least, long Most)> Limits
    {
        get
        {
            var limits = new Dictionary<string, (long, long)> { [SizeNames.Batch] = (1, long.MaxValue) };
            foreach (var axis in Varying)
                limits[_names[axis]] = (s_sizes[0].Min(), long.MaxValue);
            return limits;
        }
    }

    /// <inheritdoc/>
    public override string AnswerName => output;

    private IEnumerable<int> Varying => Enumerable.Range(0, shape.Count).Where(i => shape[i] is null);

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, Tensor>> Run(Model model, IReadOnlyDictionary<string, Tensor> inputs) =>
        [new(output, model.Forward(new ModelInput(inputs[Inputs[0].Name])))];
}
