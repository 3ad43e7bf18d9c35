using Decant.Torch;

namespace Decant.Objectives;

/// <summary>How far apart the directions of vectors are.</summary>
internal static class Directions
{
    private const double Shortest = 1e-3;

    /// <summary>Keeps vectors of nothing but 0 from 0 ÷ 0.</summary>
    private const double NotZero = 1e-12;

    /// <summary>½·‖â − b̂‖² = 1 − cos(a, b) of all vectors along a dimension; 0 where they are equal, with gradients that stay bounded as a vector vanishes.</summary>
    /// <param name="a">Vectors.</param>
    /// <param name="b">As many, as long.</param>
    /// <param name="dimension">The dimension that they lie along; it is removed.</param>
    /// <param name="unitA">Norms below 10⁻³ of this count as that; of a's shape with 1 for the dimension, null: 1.</param>
    /// <param name="unitB">The same of b.</param>
    public static Tensor Distance(Tensor a, Tensor b, long dimension, Tensor? unitA = null, Tensor? unitB = null) =>
        (Unit(a, dimension, unitA) - Unit(b, dimension, unitB)).Square().Sum(dimension) * 0.5;

    /// <summary>Vectors of length 1; those that are shorter than 10⁻³, or than that part of a unit, stay shorter than 1.</summary>
    /// <param name="vectors">Vectors.</param>
    /// <param name="dimension">Along which they lie.</param>
    /// <param name="unit">Norms below 10⁻³ of this count as that; null: 1.</param>
    public static Tensor Unit(Tensor vectors, long dimension, Tensor? unit = null)
    {
        var norm = vectors.Norm([dimension], keep: true);
        return vectors / (unit is null ? norm.Clamp(min: Shortest) : norm.Maximum(unit * Shortest).Clamp(min: NotZero));
    }
}
