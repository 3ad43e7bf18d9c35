using System.Globalization;
using Decant.Export.Onnx.Symbolic;
using Decant.Models.Decoder;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Export.Onnx.Signatures;

/// <summary>A decoder that reads on from the keys and values of what it has read: none at first.</summary>
internal sealed class DecoderSignature : GraphSignature
{
    private readonly int _layers;

    public DecoderSignature(CausalDecoder model)
    {
        var (layers, heads, width) = model.CacheShape;
        _layers = layers;
        var most = model.MaxTokens ?? long.MaxValue;
        var (batch, sequence, past) = (Size.Varying(SizeNames.Batch), Size.Varying(SizeNames.Sequence), Size.Varying(SizeNames.Past));
        Size[] cache = [batch, heads, past, width];
        Inputs =
        [
            new(InputNames.Tokens, DType.Int64, [batch, sequence], InputNumbers.Below, model.VocabularySize),
            new(InputNames.Mask, DType.Int64, [batch, past + sequence], InputNumbers.Mask),
            .. Enumerable.Range(0, layers).SelectMany(i => new GraphInput[]
            {
                new(PastName(i, "key"), DType.Float32, cache, InputNumbers.Real), new(PastName(i, "value"), DType.Float32, cache, InputNumbers.Real),
            }),
        ];
        var lengths = RecordedLengths.Of(most);
        Recorded = new Dictionary<string, long[]>
        {
            [SizeNames.Batch] = [2, 3, 5, 2, 4, 3],
            [SizeNames.Sequence] = [.. lengths.Select(l => (l + 1) / 2)],
            [SizeNames.Past] = [.. lengths.Select((l, i) => Math.Max(1, Math.Min(s_past[i], most - ((l + 1) / 2))))],
        };
        Limits = new Dictionary<string, (long, long)> { [SizeNames.Batch] = (1, long.MaxValue), [SizeNames.Sequence] = (1, most), [SizeNames.Past] = (0, most) };
    }

    private static readonly long[] s_past = [3, 8, 2, 7, 10, 4];

    /// <inheritdoc/>
    public override IReadOnlyList<GraphInput> Inputs { get; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, long[]> Recorded { get; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, (long Least, long Most)> Limits { get; }

    /// <summary>The name of a layer's keys or values that come.</summary>
    public static string PastName(int layer, string what) => string.Create(CultureInfo.InvariantCulture, $"past_key_values.{layer}.{what}");

    /// <summary>The name of a layer's keys or values that are given back.</summary>
    public static string PresentName(int layer, string what) => string.Create(CultureInfo.InvariantCulture, $"present.{layer}.{what}");

    /// <inheritdoc/>
    public override void Prepare(Model model) => ((CausalDecoder)model).ReservePositions();

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, Tensor>> Run(Model model, IReadOnlyDictionary<string, Tensor> inputs)
    {
        GivenKeyValues[] caches = [.. Enumerable.Range(0, _layers).Select(i => new GivenKeyValues(inputs[PastName(i, "key")], inputs[PastName(i, "value")]))];
        var logits = ((CausalDecoder)model).Continue(inputs[InputNames.Tokens], Mask(inputs), caches);
        var outputs = new List<KeyValuePair<string, Tensor>> { new(InputNames.Logits, logits) };
        for (var i = 0; i < _layers; i++)
        {
            var (keys, values) = caches[i].All;
            outputs.Add(new(PresentName(i, "key"), keys));
            outputs.Add(new(PresentName(i, "value"), values));
        }

        return outputs;
    }
}
