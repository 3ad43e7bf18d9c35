namespace Decant.Torch.Recording;

/// <summary>A tensor that was seen while operators were recorded.</summary>
/// <param name="DType">The type of its elements.</param>
/// <param name="Shape">Its sizes in this recording.</param>
internal sealed record RecordedValue(DType DType, IReadOnlyList<long> Shape)
{
    /// <summary>The name it was handed in under, as an input of what was recorded; null: it is none.</summary>
    public string? Input { get; init; }

    /// <summary>The tensor itself, where it was known before: a parameter or buffer. Null: it is none.</summary>
    public Tensor? State { get; init; }

    /// <summary>Its elements, row by row, where it was made outside of operators, from numbers that the program had. Null: it was not.</summary>
    public Array? Constant { get; init; }

    /// <summary>Whether it was computed of state and constants alone, whatever the inputs are.</summary>
    public bool IsDerived { get; init; }

    /// <summary>The elements of a derived one, where they are kept; else null.</summary>
    public Array? Derived { get; init; }
}
