using Decant.Torch;

namespace Decant.Modules;

/// <summary>
/// Gradient checkpointing (Chen et al. 2016, arXiv:1604.06174): of every layer of a model its input alone is kept, and the layer is computed again when the backward pass comes to it.
/// The gradients are the same; dropout draws the same numbers the second time.
/// </summary>
/// <remarks>Open it around a forward pass and its backward pass, in one flow of control: the layers' inputs live until it is disposed.</remarks>
internal sealed class Recomputation : IDisposable
{
    private static readonly AsyncLocal<Recomputation?> s_current = new();

    private readonly TensorScope _scope = TensorScope.Open();
    private readonly Recomputation? _before = s_current.Value;
    private readonly Func<Func<Tensor>, Tensor> _precision;

    private Recomputation(Func<Func<Tensor>, Tensor> precision) => _precision = precision;

    /// <summary>Whether layers are computed again in this flow of control.</summary>
    public static bool IsOpen => s_current.Value is not null;

    /// <summary>Begins; the innermost counts.</summary>
    /// <param name="precision">Runs what it is given in the precision of the forward pass; null: as it is.</param>
    public static Recomputation Open(Func<Func<Tensor>, Tensor>? precision = null) => s_current.Value = new Recomputation(precision ?? (work => work()));

    /// <summary>A layer's output: as the layer gives it, or, where this is open and a graph is recorded, without what is inside of it.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="input">What it is given, and differentiated for.</param>
    /// <param name="others">Tensors that it reads besides, none of which takes a gradient, such as a mask.</param>
    /// <param name="forward">The layer's forward pass.</param>
    public static Tensor Of(Module layer, Tensor input, ReadOnlySpan<Tensor?> others, Func<Tensor, Tensor> forward)
    {
        if (s_current.Value is not { } open || !Autograd.IsEnabled)
            return forward(input);
        foreach (var other in others)
        {
            if (other is not null)
                open._scope.Adopt(other);
        }

        return open.Of(layer, open._scope.Adopt(input), forward);
    }

    /// <summary>Releases the inputs of the layers.</summary>
    public void Dispose()
    {
        s_current.Value = _before;
        _scope.Dispose();
    }

    private Tensor Of(Module layer, Tensor input, Func<Tensor, Tensor> forward)
    {
        Tensor[] inputs = [input, .. layer.NamedParameters().Select(p => p.Value).Where(p => p.RequiresGrad)];
        var drawn = Draws(layer) ? States(input.Device) : null;
        Tensor output;
        using (Autograd.NoGrad())
            output = forward(input);
        return Autograd.Recomputed(output, inputs, flowing => Again(inputs, forward, flowing, drawn));
    }

    private Tensor?[] Again(Tensor[] inputs, Func<Tensor, Tensor> forward, Tensor flowing, (Device Device, byte[] State)[]? drawn)
    {
        using var scope = TensorScope.Open();
        var now = drawn is null ? null : drawn.Select(d => (d.Device, GeneratorOf(d.Device))).ToArray();
        Set(drawn);
        try
        {
            Tensor input, output;
            using (Autograd.EnableGrad())
            {
                input = inputs[0].Detach();
                input.RequiresGrad = inputs[0].RequiresGrad;
                output = _precision(() => forward(input));
            }

            Tensor[] learned = [.. inputs.Skip(1).Prepend(input).Where(i => i.RequiresGrad)];
            var gradients = Autograd.Grad([output], learned, [flowing], allowUnused: true);
            foreach (var gradient in gradients.OfType<Tensor>())
                TensorScope.Own(gradient);
            return input.RequiresGrad ? gradients : [null, .. gradients];
        }
        finally
        {
            Set(now);
        }
    }

    private static bool Draws(Module layer) => layer.NamedModules().Any(m => m.Value is Dropout { Probability: > 0, IsTraining: true } or LockedDropout { IsTraining: true });

    // What draws on another device draws from that one's generator.
    private static (Device Device, byte[] State)[] States(Device device) =>
        [.. new[] { Device.Cpu, device }.Distinct().Select(d => (d, GeneratorOf(d)))];

    private static void Set((Device Device, byte[] State)[]? states)
    {
        foreach (var (device, state) in states ?? [])
        {
            using var generator = Generator.Default(device);
            generator.SetState(state);
        }
    }

    private static byte[] GeneratorOf(Device device)
    {
        using var generator = Generator.Default(device);
        return generator.GetState();
    }
}
