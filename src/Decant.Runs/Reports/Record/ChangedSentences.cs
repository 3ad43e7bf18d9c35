namespace Decant.Runs.Reports.Record;

/// <summary>Test sentences with changed tags: a few of each, for people to look at.</summary>
internal sealed record SentencesChanged : RunEvent
{
    /// <summary>The teacher tags every word rightly, the student not.</summary>
    public IReadOnlyList<ChangedSentence> Lost { get; init; } = [];

    /// <summary>The student tags every word rightly, the teacher not.</summary>
    public IReadOnlyList<ChangedSentence> Won { get; init; } = [];

    /// <summary>How many were lost in all; <see cref="Lost"/> may hold fewer.</summary>
    public int LostCount { get; init; }

    /// <summary>How many were won in all.</summary>
    public int WonCount { get; init; }
}

/// <summary>One sentence and the words with a wrong tag of any model.</summary>
internal sealed record ChangedSentence
{
    /// <summary>The words, in order.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Those that teacher or student tagged wrongly.</summary>
    public IReadOnlyList<ChangedWord> Differing { get; init; } = [];
}

/// <summary>A word with its tag and those it was given.</summary>
/// <param name="Index">Which word of the sentence, from 0.</param>
/// <param name="Label">Its tag.</param>
/// <param name="Teacher">The teacher's.</param>
/// <param name="Student">The student's.</param>
/// <param name="Control">The control's; null when there is none.</param>
internal sealed record ChangedWord(int Index, string Label, string? Teacher, string? Student, string? Control);
