namespace Decant.LLama.Rows;

/// <summary>How many texts llama.cpp computes at once, and in which order: the longest first, so that texts of about one length are together.</summary>
internal static class TextGroups
{
    /// <summary>Groups of texts.</summary>
    /// <param name="spans">The texts.</param>
    /// <param name="most">The most texts of a group.</param>
    /// <param name="tokens">The most tokens of a group of several.</param>
    public static IEnumerable<TextSpan[]> Of(IReadOnlyList<TextSpan> spans, int most, int tokens)
    {
        var group = new List<TextSpan>();
        foreach (var span in spans.OrderByDescending(s => s.Length).ThenBy(s => s.First))
        {
            if (group.Count > 0 && (group.Count == most || (group.Count + 1) * group[0].Length > tokens))
            {
                yield return [.. group];
                group.Clear();
            }

            group.Add(span);
        }

        if (group.Count > 0)
            yield return [.. group];
    }
}
