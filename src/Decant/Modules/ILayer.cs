using Decant.Torch;

namespace Decant.Modules;

/// <summary>A module that makes one tensor of one tensor, so that it can be exchanged for another such.</summary>
internal interface ILayer
{
    /// <summary>[…, in] to […, out].</summary>
    Tensor Forward(Tensor input);
}
