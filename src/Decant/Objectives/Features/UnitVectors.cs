using Decant.Torch;

namespace Decant.Objectives;

/// <summary>Vectors of length 1.</summary>
internal static class UnitVectors
{
    /// <summary>A vector that is shorter counts as this long: the gradient of a collapsed one stays bounded.</summary>
    private const double Shortest = 1e-3;

    /// <summary>v ÷ max(‖v‖, 10⁻³) along the last dimension.</summary>
    public static Tensor Of(Tensor vectors) => vectors / vectors.Norm([-1], keep: true).Clamp(min: Shortest);
}
