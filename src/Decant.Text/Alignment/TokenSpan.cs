namespace Decant.Text.Alignment;

/// <summary>A part of a text at whose two ends both tokenizers have an end of a token, and nowhere between: the smallest part that both say with whole tokens.</summary>
/// <param name="Student">The first of the student's tokens of it.</param>
/// <param name="Students">How many those are; 1 or more.</param>
/// <param name="Teacher">The first of the teacher's.</param>
/// <param name="Teachers">How many those are; 1 or more.</param>
internal readonly record struct TokenSpan(int Student, int Students, int Teacher, int Teachers)
{
    /// <summary>Whether it is one token for both.</summary>
    public bool IsToken => Students == 1 && Teachers == 1;

    /// <summary>The spans of a text.</summary>
    /// <param name="students">Where the student's tokens end, counted from the text's beginning; not falling.</param>
    /// <param name="teachers">Where the teacher's end; not falling. The last of both is the same.</param>
    /// <returns>In order, together all tokens of both; none where the ends differ.</returns>
    public static IReadOnlyList<TokenSpan> Between(ReadOnlySpan<int> students, ReadOnlySpan<int> teachers)
    {
        var spans = new List<TokenSpan>();
        if (students.IsEmpty || teachers.IsEmpty || students[^1] != teachers[^1])
            return spans;
        var (s, t, firstS, firstT) = (0, 0, 0, 0);
        while (s < students.Length && t < teachers.Length)
        {
            if (students[s] != teachers[t])
            {
                _ = students[s] < teachers[t] ? s++ : t++;
                continue;
            }

            // Tokens without bytes belong to what is before them.
            while (s + 1 < students.Length && students[s + 1] == students[s]) s++;
            while (t + 1 < teachers.Length && teachers[t + 1] == teachers[t]) t++;
            spans.Add(new(firstS, s + 1 - firstS, firstT, t + 1 - firstT));
            (s, t) = (s + 1, t + 1);
            (firstS, firstT) = (s, t);
        }

        return spans;
    }
}
