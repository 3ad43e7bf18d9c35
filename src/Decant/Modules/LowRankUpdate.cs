using Decant.Torch;

namespace Decant.Modules;

/// <summary>s·B·A·dropout(x), which is added to a linear layer that stays as it is (LoRA, Hu et al. 2021, arXiv:2106.09685, equation 3).</summary>
/// <remarks>A [r, in] is drawn evenly from ±1/√in (Kaiming with a = √5), B [out, r] is 0: at first nothing is added. Both are parts of the layer, as <c>lora_A.weight</c> and <c>lora_B.weight</c>.</remarks>
internal sealed class LowRankUpdate : IDisposable
{
    /// <summary>The name of A in its layer.</summary>
    public const string DownName = "lora_A";

    /// <summary>The name of B in its layer.</summary>
    public const string UpName = "lora_B";

    private const string DropoutName = "lora_dropout";

    private readonly Linear _down;
    private readonly Linear _up;
    private readonly Dropout _dropout;

    /// <summary>An update of a layer, which is not there before <see cref="Attach"/>.</summary>
    /// <param name="inputs">The layer's.</param>
    /// <param name="outputs">The layer's.</param>
    /// <param name="rank">r.</param>
    /// <param name="scale">s.</param>
    /// <param name="dropout">The probability that a number of the input is dropped in training; 0.</param>
    /// <param name="generator">Where A is drawn from; null is libtorch's own.</param>
    public LowRankUpdate(long inputs, long outputs, long rank, double scale, double dropout = 0, Generator? generator = null)
    {
        Scale = scale;
        _down = new Linear(inputs, rank, bias: false, generator);
        _up = new Linear(rank, outputs, bias: false, generator);
        Initialise.Zero(_up.Weight);
        _dropout = new Dropout(dropout);
    }

    /// <summary>A [r, in].</summary>
    public Tensor Down => _down.Weight;

    /// <summary>B [out, r].</summary>
    public Tensor Up => _up.Weight;

    /// <summary>s.</summary>
    public double Scale { get; }

    /// <summary>[…, in] to […, out].</summary>
    public Tensor Forward(Tensor input) => _up.Forward(_down.Forward(_dropout.Forward(input)) * Scale);

    /// <summary>s·B·A in the shape of the layer's weight.</summary>
    /// <param name="isTransposed">Whether that is [in, out].</param>
    public Tensor Matrix(bool isTransposed)
    {
        using var scope = TensorScope.Open();
        var product = Up.MatMul(Down) * Scale; // [out, in]
        return scope.Keep(isTransposed ? product.Transpose(0, 1).Contiguous() : product);
    }

    /// <summary>Makes it a part of a layer.</summary>
    public void Attach(IAdaptable layer)
    {
        var module = (Module)layer;
        module.AddModule(DownName, _down);
        module.AddModule(UpName, _up);
        module.AddModule(DropoutName, _dropout);
        layer.Update = this;
    }

    /// <summary>Takes it away from its layers, and releases it.</summary>
    public void Detach(IReadOnlyList<IAdaptable> layers)
    {
        foreach (var layer in layers)
        {
            layer.Update = null;
            foreach (var name in new[] { DownName, UpName, DropoutName })
                _ = ((Module)layer).RemoveModule(name);
        }

        Dispose();
    }

    /// <summary>Releases A and B; what is a part of a layer is released with it.</summary>
    public void Dispose()
    {
        _down.Dispose();
        _up.Dispose();
        _dropout.Dispose();
    }
}
