namespace Decant.Teachers.Remote.Ranking;

/// <summary>A query with documents that are to be ranked. Lists of the same query and documents are equal.</summary>
/// <param name="Query">The query.</param>
/// <param name="Documents">Two or more different documents.</param>
public sealed record RankedList(string Query, IReadOnlyList<string> Documents)
{
    /// <inheritdoc/>
    public bool Equals(RankedList? other) => other is not null && Query == other.Query && Documents.SequenceEqual(other.Documents, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Query.GetHashCode(StringComparison.Ordinal), Documents.Count);

    /// <summary>All of it as one text.</summary>
    internal string Whole => string.Join('\0', Documents.Prepend(Query));
}
