using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Decoder;

/// <summary>The feed-forward part: down(f(up(x))), or with a gate down(f(gate(x))·up(x)) (SwiGLU, Shazeer 2020).</summary>
internal sealed class DecoderMlp : Module
{
    /// <summary>The part that <see cref="_down"/> reads: [B, T, I].</summary>
    public const string Inner = "inner";

    private readonly ILinear? _gate;
    private readonly ILinear _up;
    private readonly ILinear _down;
    private readonly Activation _activation;

    /// <summary>A part with drawn weights.</summary>
    /// <param name="plan">The decoder.</param>
    /// <param name="ranks">The ranks of linear layers in two factors, by path in the block; the others are whole.</param>
    /// <param name="generator">Where the weights are drawn from; null is libtorch's own.</param>
    public DecoderMlp(DecoderPlan plan, IReadOnlyDictionary<string, int> ranks, Generator? generator)
    {
        var names = plan.Names;
        if (names.Gate is { } gate)
            _gate = Linear(gate, plan.Width, plan.Intermediate);
        _up = Linear(names.Up, plan.Width, plan.Intermediate);
        _down = Linear(names.Down, plan.Intermediate, plan.Width);
        _activation = RegisterModule("act_fn", new Activation(plan.Activation));

        ILinear Linear(string name, long inputs, long outputs) =>
            (ILinear)RegisterModule(name, plan.Linear(inputs, outputs, ranks.TryGetValue($"{names.Mlp}.{name}", out var rank) ? rank : null, generator));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Parts => [Inner];

    /// <summary>[B, T, H] to [B, T, H].</summary>
    public Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Open();
        var inner = _gate is null
            ? _activation.Forward(_up.Forward(input))
            : _activation.Forward(_gate.Forward(input)).Mul(_up.Forward(input)); // [B, T, I]
        return RecordActivation(scope.Keep(_down.Forward(RecordActivation(inner, Inner))));
    }

    public long Flops(long length) => (_gate?.Flops(length) ?? 0) + _up.Flops(length) + _down.Flops(length);
}
