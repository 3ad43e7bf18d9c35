using System.Security.Cryptography;
using System.Text;

namespace Decant.Teachers.Remote.Ranking;

/// <summary>The order in which documents are shown: another for each sample, and the same one for the same list.</summary>
internal static class ShownOrder
{
    /// <summary>Which document stands at each place: a permutation of 0 … n − 1.</summary>
    /// <param name="list">The list.</param>
    /// <param name="sample">The number of the sample.</param>
    public static int[] Of(RankedList list, int sample) =>
        [.. list.Documents.Index().OrderBy(d => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{sample}\0{list.Query}\0{d.Item}"))), StringComparer.Ordinal).Select(d => d.Index)];
}
