using System.Text;
using Decant.Torch;

namespace Decant.Modules;

/// <summary>The input of a model.</summary>
/// <param name="Values">Token ids [B, T] int64; images [B, C, H, W] float32; vectors [B, D] float32.</param>
/// <param name="AttentionMask">[B, T] bool, true where there is a token; null when all positions are real or there are none.</param>
/// <param name="TokenTypes">[B, T] int64: 0 for the first text, 1 for the second; null is all 0.</param>
/// <param name="Positions">
/// [R] int64, indices into the B·T positions row by row: those at which a model of tokens predicts, in this order; null: all of them. Models that answer once
/// per sample leave it alone.
/// </param>
/// <param name="Segments">
/// [B, T] int64: the document that a token belongs to, for models that read from left to right. Tokens of other documents are not seen, and positions begin
/// anew with each. Null: every row is one document.
/// </param>
/// <param name="State">
/// The state of a recurrent language model after the batches before; the forward pass advances it. Null: every row begins a text. Other models leave it alone.
/// </param>
public sealed record ModelInput(
    Tensor Values, Tensor? AttentionMask = null, Tensor? TokenTypes = null, Tensor? Positions = null, Tensor? Segments = null, RecurrentState? State = null)
{
    /// <summary>The task that the batch is of, for a model with a head for each of several; null: there is one.</summary>
    public string? Task { get; init; }

    /// <summary>
    /// The tokens of each sequence [B], as the mask has them, where padding stands at the end of them: what a model would have to read out of the mask. Null: not known,
    /// or it stands elsewhere.
    /// </summary>
    public IReadOnlyList<long>? Lengths { get; init; }
}

/// <summary>A whole network that answers with logits. It knows nothing of losses.</summary>
public abstract class Model : Module
{
    /// <summary>The family's name in recipes and in <c>config.json</c>, like <c>mlp</c>; default: the name of the class in lower case, its words separated by hyphens.</summary>
    public virtual string Kind => InWords(GetType().Name);

    /// <summary>How many numbers an answer has: classes C, the vocabulary V of a language model, the width D of an embedding.</summary>
    public abstract int Classes { get; }

    /// <summary>The path of what the head is applied to: [B, H], of a model of tokens [R, H].</summary>
    public const string Representation = "representation";

    /// <summary>The paths of its layers; default: none.</summary>
    public virtual ModelLayers Layers => ModelLayers.None;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Parts => [Representation];

    /// <summary>What is trained of it while its own weights stay; null: its weights are.</summary>
    internal ModelAdapter? Adapter { get; set; }

    /// <inheritdoc/>
    internal override IReadOnlyDictionary<string, Tensor> LearnedState() => Adapter?.State ?? StateDict();

    /// <summary>The logits of a batch.</summary>
    /// <param name="input">The batch.</param>
    /// <returns>[B, C] float32; of a model of tokens [R, C], R of <see cref="ModelInput.Positions"/>.</returns>
    public abstract Tensor Forward(ModelInput input);

    /// <summary>
    /// Floating-point operations of one forward pass of one sample; a multiplication and an addition count as two. Default: counted in a forward pass of one sample of zeros
    /// (<see cref="SampleInput"/>), as <see cref="FlopCounter"/> does.
    /// </summary>
    /// <param name="sampleShape">The shape of one sample without B: [T], [C, H, W] or [D].</param>
    public virtual long FlopsPerSample(ReadOnlySpan<long> sampleShape) => CountFlops(sampleShape);

    /// <summary>One sample of zeros, on the CPU, for what is found out by trying. Default: token ids where a model has an <see cref="Embedding"/>, else float32 numbers.</summary>
    /// <param name="sampleShape">The shape of one sample without B: [T], [C, H, W] or [D].</param>
    protected virtual ModelInput SampleInput(ReadOnlySpan<long> sampleShape)
    {
        var isText = sampleShape.Length == 1 && NamedModules().Any(m => m.Value is Embedding);
        return new ModelInput(Tensor.Zeros([1, .. sampleShape], isText ? DType.Int64 : DType.Float32));
    }

    /// <summary>Counts in a forward pass, whatever a family says of itself.</summary>
    internal long CountFlops(ReadOnlySpan<long> sampleShape)
    {
        using var shapes = HasNoMemory ? ShapesOnly.Open() : null;
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var input = SampleInput(sampleShape);
        try
        {
            return CountFlops(input);
        }
        catch (TorchException) when (sampleShape.Length == 1 && input.Values.DType == DType.Float32)
        {
            return CountFlops(input with { Values = input.Values.To(DType.Int64) }); // it looks tokens up without an Embedding
        }
    }

    private long CountFlops(ModelInput input)
    {
        var placed = input with { Values = input.Values.To(Device) };
        using var counter = FlopCounter.Open();
        _ = InEvaluation(() => Forward(placed));
        return counter.Flops;
    }

    // MyOwnNet and MLPNet to my-own-net and mlp-net; the arity of a generic class is no part of its name.
    private static string InWords(string name)
    {
        var words = new StringBuilder();
        for (var i = 0; i < name.Length && name[i] != '`'; i++)
        {
            var begins = i > 0 && char.IsUpper(name[i]) && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            words.Append(begins ? "-" : "").Append(char.ToLowerInvariant(name[i]));
        }

        return words.ToString();
    }
}
