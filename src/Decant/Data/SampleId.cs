using System.Globalization;

namespace Decant.Data;

/// <summary>The name of a sample that never changes: 64 bits of the SHA-256 of its content.</summary>
/// <remarks>
/// A second sample with the same content in the same source gets the next id of that content, so ids are unique within a source, and do not
/// depend on file names, on the order of the rows or on the epoch. The same content has the same id in every source.
/// </remarks>
/// <param name="Value">The 64 bits.</param>
public readonly record struct SampleId(ulong Value)
{
    /// <summary>Sixteen hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}
