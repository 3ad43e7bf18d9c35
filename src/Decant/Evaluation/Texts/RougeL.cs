namespace Decant.Evaluation.Texts;

/// <summary>
/// ROUGE-L of a text against one reference: with L the longest common subsequence of their <see cref="TextWords"/>, P = L ÷ words of the text and R = L ÷ words of the reference, F = 2·P·R ÷ (P + R).
/// 0 where they share no word, also where one of them has none.
/// </summary>
/// <remarks>C.-Y. Lin, ROUGE: A Package for Automatic Evaluation of Summaries, 2004, section 3.1 (the sentence level, β = 1); there is no stemming.</remarks>
internal static class RougeL
{
    /// <summary>F, from 0 to 1.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="reference">What was to be written.</param>
    public static double Of(string text, string reference)
    {
        var (written, wanted) = (TextWords.Of(text), TextWords.Of(reference));
        var common = LongestCommonSubsequence(written, wanted);
        return common == 0 ? 0 : 2.0 * common / (written.Length + wanted.Length); // 2·P·R ÷ (P + R), with L ÷ m and L ÷ n put in
    }

    /// <summary>The length of the longest sequence of words that both have in this order, not necessarily side by side; O(m·n) time, O(n) memory.</summary>
    public static int LongestCommonSubsequence(ReadOnlySpan<string> a, ReadOnlySpan<string> b)
    {
        var lengths = new int[b.Length + 1]; // of a's first words with b's first j
        foreach (var word in a)
        {
            var diagonal = 0;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = lengths[j];
                lengths[j] = word == b[j - 1] ? diagonal + 1 : Math.Max(above, lengths[j - 1]);
                diagonal = above;
            }
        }

        return lengths[^1];
    }
}
