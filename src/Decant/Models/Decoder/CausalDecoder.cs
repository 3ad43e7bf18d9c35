using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Decoder;

/// <summary>
/// A transformer that reads from left to right and says the next token: GPT-2, Llama, Mistral, Qwen2 and Qwen3 in one implementation, each under the names
/// and shapes of its published weights. Linear layers and embeddings are drawn normally with <c>initializer_range</c>, biases are 0.
/// </summary>
internal sealed class CausalDecoder : ChunkedHeadModel, IConfigured, ICausalModel
{
    private readonly DecoderConfig _config;
    private readonly DecoderPlan _plan;
    private readonly DecoderBody _body;
    private readonly Linear? _head;

    internal CausalDecoder(DecoderConfig config, DecoderPlan plan, Generator? generator)
    {
        (_config, _plan) = (config, plan);
        _body = RegisterModule(plan.Names.Body, new DecoderBody(plan, generator));
        if (!plan.Tied)
            _head = RegisterModule(plan.Names.Head, new Linear(plan.Width, plan.Vocabulary, bias: false, generator));
        Redraw(generator);
    }

    /// <inheritdoc/>
    public ModelConfig Config => _config;

    /// <inheritdoc/>
    public override string Kind => _plan.Kind;

    /// <inheritdoc/>
    public override ModelLayers Layers => _body.LayersIn(this);

    /// <inheritdoc/>
    public override OutputHead Head => new(_head?.Weight ?? _body.Embedding.Weight);

    /// <inheritdoc/>
    public long VocabularySize => _plan.Vocabulary;

    /// <inheritdoc/>
    public long? MaxTokens => _plan.MaxTokens;

    /// <inheritdoc/>
    public override Tensor States(ModelInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        InputCheck.Tokens(input.Values, _plan.MaxTokens, Kind);
        using var scope = TensorScope.Open();
        // Padding at the end is not seen by what stands before it; asking a device for it would make it wait.
        var mask = input.Lengths is not null || (input.AttentionMask is { Device.Kind: DeviceKind.Cpu } near && TokenMask.IsAtTheEnd(near)) ? null : input.AttentionMask;
        var states = _body.Forward(input.Values, mask, input.Segments, null); // [B, T, H]
        return RecordActivation(scope.Keep(_body.Norm(At(states, input.Positions))), Representation);
    }

    /// <inheritdoc/>
    public ICausalState NewState() => new DecoderState(_plan.Layers, Rereads(_plan.MaxTokens));

    /// <inheritdoc/>
    public Tensor Next(Tensor tokens, ICausalState state, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var own = state as DecoderState ?? throw new ArgumentException("The state is another model's; take one from NewState.", nameof(state));
        InputCheck.Tokens(tokens, long.MaxValue, Kind);
        if (own.Length + tokens.Size(1) > _plan.MaxTokens)
            throw new DecantException($"The text would have {own.Length + tokens.Size(1)} tokens; this model of kind '{Kind}' reads at most {_plan.MaxTokens}. Begin with less.");
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var all = own.Mask(tokens, mask);
        var read = own.Remember(tokens);
        if (Rereads(own.Length + tokens.Size(1)))
        {
            own.Clear(); // the angles of all positions change with the length
            tokens = read;
        }

        var states = _body.Forward(tokens, all, null, own.Caches);
        return scope.Keep(Head.Logits(_body.Norm(states.Select(1, -1)))); // [B, V]
    }

    /// <summary>Reads on from given keys and values: the pass that is exported.</summary>
    /// <param name="tokens">[B, T] int64.</param>
    /// <param name="mask">[B, P + T] bool, true where there is a token.</param>
    /// <param name="caches">What every layer read before, P positions; afterwards P + T.</param>
    /// <returns>[B, T, V].</returns>
    internal Tensor Continue(Tensor tokens, Tensor mask, IReadOnlyList<KeyValueCache> caches)
    {
        using var scope = TensorScope.Open();
        var (batch, length) = (tokens.Size(0), tokens.Size(1));
        var states = _body.Norm(_body.Forward(tokens, mask, null, caches)); // [B, T, H]
        return scope.Keep(Head.Logits(states.Reshape(batch * length, _plan.Width)).View(batch, length, _plan.Vocabulary));
    }

    /// <summary>Makes what is kept for all positions once.</summary>
    internal void ReservePositions() => _body.Reserve(_plan.MaxTokens);

    /// <summary>H.</summary>
    internal long Width => _plan.Width;

    /// <summary>A, the heads of the queries.</summary>
    internal long Heads => _plan.Attention(0).Heads;

    /// <summary>How many layers there are, how many heads of keys and values, and how wide each is.</summary>
    internal (int Layers, long KeyHeads, long HeadWidth) CacheShape
    {
        get
        {
            var attention = _plan.Attention(0);
            return (_plan.Layers, attention.KeyValueHeads ?? attention.Heads, attention.HeadWidth ?? (attention.Width / attention.Heads));
        }
    }

    /// <inheritdoc/>
    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) =>
        _body.Flops(sampleShape[0]) + (2 * sampleShape[0] * _plan.Width * _plan.Vocabulary);

    private bool Rereads(long length) => _body.Frequencies?.LengthFor(length) > 0;

    private void Redraw(Generator? generator)
    {
        var smaller = _plan.InitializerRange / Math.Sqrt(2.0 * _plan.Layers);
        var factors = NamedModules().Where(m => m.Value is LowRankLinear).DistinctBy(m => m.Value.NamedParameters().First().Value).ToArray();
        foreach (var (name, weight) in NamedParameters().Where(p => !Array.Exists(factors, f => p.Key.StartsWith(f.Key + ".", StringComparison.Ordinal))))
        {
            if (name.EndsWith(".bias", StringComparison.Ordinal))
                Initialise.Zero(weight);
            else if (weight.Dimensions == 2)
                Initialise.Redraw(weight, _plan.ScalesResiduals && IsLast(name) ? smaller : _plan.InitializerRange, generator);
        }

        foreach (var (name, linear) in factors)
            ((LowRankLinear)linear).Redraw(_plan.ScalesResiduals && IsLast(name + ".weight") ? smaller : _plan.InitializerRange, generator);
    }

    private bool IsLast(string name) =>
        name.EndsWith($".{_plan.Names.InAttention.Output}.weight", StringComparison.Ordinal) || name.EndsWith($".{_plan.Names.Down}.weight", StringComparison.Ordinal);
}
