using Decant.Compression.Quantization;
using Decant.Models.FromTeacher;

namespace Decant.Runs.Fitting;

/// <summary>A student that may be chosen: a part of the teacher in a form.</summary>
/// <param name="Levels">Of every axis, and of the forms behind them, which size it has: 0 is the teacher's own, and each next one is smaller.</param>
/// <param name="Part">The part.</param>
/// <param name="Form">The form that it learns for and is exported in; null: float32.</param>
/// <param name="Name">What distinguishes it from the teacher, in words.</param>
internal sealed record Candidate(IReadOnlyList<int> Levels, PartOfTeacher Part, QuantizationOptions? Form, string Name)
{
    /// <summary>Whether it has as much as another in every respect, and more in one.</summary>
    public bool IsLargerThan(Candidate other)
    {
        var isMore = false;
        for (var i = 0; i < Levels.Count; i++)
        {
            if (Levels[i] > other.Levels[i])
                return false;
            isMore |= Levels[i] < other.Levels[i];
        }

        return isMore;
    }

    /// <inheritdoc/>
    public bool Equals(Candidate? other) => other is not null && Name == other.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}
