using Decant.Torch;

namespace Decant.Modules;

/// <summary>The functions between layers; the names are those of Hugging Face's <c>hidden_act</c>.</summary>
public enum ActivationKind
{
    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x·Φ(x) with the exact normal distribution (Hendrycks 2016).</summary>
    Gelu,

    /// <summary>The tanh approximation of <see cref="Gelu"/>: <c>gelu_new</c>, which GPT-2 uses.</summary>
    GeluNew,

    /// <summary>x·sigmoid(x), also called swish.</summary>
    Silu,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>1 ÷ (1 + exp(−x)).</summary>
    Sigmoid,

    /// <summary>x where positive, 0.01·x elsewhere.</summary>
    LeakyRelu,

    /// <summary>x·sigmoid(1.702·x), an older approximation of <see cref="Gelu"/>.</summary>
    QuickGelu,
}

/// <summary>A function applied to every element.</summary>
/// <param name="kind">Which one.</param>
internal sealed class Activation(ActivationKind kind) : Module, ILayer
{
    /// <summary>Which one.</summary>
    public ActivationKind Kind => kind;

    /// <summary>The same shape.</summary>
    public Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return RecordActivation(kind switch
        {
            ActivationKind.Relu => input.Relu(),
            ActivationKind.Gelu => input.Gelu(),
            ActivationKind.GeluNew => input.Gelu(tanh: true),
            ActivationKind.Silu => input.Silu(),
            ActivationKind.Tanh => input.Tanh(),
            ActivationKind.Sigmoid => input.Sigmoid(),
            ActivationKind.LeakyRelu => input.LeakyRelu(),
            ActivationKind.QuickGelu => QuickGelu(input),
            _ => throw new InvalidOperationException($"There is no activation {kind}."),
        });
    }

    private static Tensor QuickGelu(Tensor input)
    {
        using var scope = TensorScope.Open();
        return scope.Keep(input.Mul(1.702).Sigmoid().Mul(input));
    }
}
