using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Decoder;

/// <summary>The feed-forward part: down(f(up(x))), or with a gate down(f(gate(x))·up(x)) (SwiGLU, Shazeer 2020).</summary>
internal sealed class DecoderMlp : Module
{
    /// <summary>The part that <see cref="_down"/> reads: [B, T, I].</summary>
    public const string Inner = "inner";

    private readonly ILayer? _gate;
    private readonly ILayer _up;
    private readonly ILayer _down;
    private readonly Activation _activation;
    private readonly long _flops;

    public DecoderMlp(DecoderPlan plan, Generator? generator)
    {
        var names = plan.Names;
        if (names.Gate is { } gate)
            _gate = (ILayer)RegisterModule(gate, plan.Linear(plan.Width, plan.Intermediate, generator));
        _up = (ILayer)RegisterModule(names.Up, plan.Linear(plan.Width, plan.Intermediate, generator));
        _down = (ILayer)RegisterModule(names.Down, plan.Linear(plan.Intermediate, plan.Width, generator));
        _activation = RegisterModule("act_fn", new Activation(plan.Activation));
        _flops = 2L * (_gate is null ? 2 : 3) * plan.Width * plan.Intermediate;
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

    public long Flops(long length) => length * _flops;
}
