using Decant.Torch;

namespace Decant.Modules;

/// <summary>A linear layer to whose product a trained update of a low rank can be added.</summary>
internal interface IAdaptable : ILinear
{
    /// <summary>The width that comes in.</summary>
    long Inputs { get; }

    /// <summary>The width of the output.</summary>
    long Outputs { get; }

    /// <summary>[out, in], or [in, out] where it <see cref="IsTransposed"/>.</summary>
    Tensor Weight { get; }

    /// <summary>Whether the weight is stored as [in, out].</summary>
    bool IsTransposed { get; }

    /// <summary>What is added to its product; null: nothing.</summary>
    LowRankUpdate? Update { get; set; }
}
