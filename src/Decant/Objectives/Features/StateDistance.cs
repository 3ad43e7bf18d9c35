using Decant.Torch;

namespace Decant.Objectives.Features;

/// <summary>How two vectors of H numbers are compared.</summary>
public enum StateDistance
{
    /// <summary>The mean of (s − t)² over H.</summary>
    Mse,

    /// <summary>1 − cos(s, t).</summary>
    Cosine,

    /// <summary>Σ over H of (s ÷ ‖s‖ − t ÷ ‖t‖)², which is 2·(1 − cos(s, t)).</summary>
    Normalized,
}

/// <summary>The formulas of <see cref="StateDistance"/>.</summary>
internal static class StateDistances
{
    /// <summary>The distances of vectors, [.., H] and [.., H] to [..].</summary>
    public static Tensor Between(this StateDistance distance, Tensor student, Tensor teacher) => distance switch
    {
        StateDistance.Cosine => Directions.Distance(student, teacher, -1),
        StateDistance.Normalized => Directions.Distance(student, teacher, -1) * 2,
        _ => (student - teacher).Square().Mean(-1),
    };
}
