using Decant.Data;
using Decant.Evaluation;
using Decant.Evaluation.Tokens;
using Decant.Runs.Preparing;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Comparing;

/// <summary>The test sentences that the student lost against its teacher, and those that it won, of the first seed.</summary>
internal static class ChangedSentences
{
    private const int Shown = 12;

    public static SentencesChanged Of(IReadOnlyDictionary<string, List<TaskAnswers>> answers, Func<ulong, IReadOnlyList<string>?> wordsOf)
    {
        var (teacher, student) = ((TokenAnswers)answers[Arms.Teacher][0], (TokenAnswers)answers[Arms.Student][0]);
        var control = answers.TryGetValue(Arms.Control, out var all) ? (TokenAnswers)all[0] : null;
        var lost = Where((t, s) => t && !s);
        var won = Where((t, s) => !t && s);
        return new SentencesChanged { LostCount = lost.Length, WonCount = won.Length, Lost = Some(lost), Won = Some(won) };

        int[] Where(Func<bool, bool, bool> changed) => [.. Enumerable.Range(0, teacher.Count).Where(i => changed(teacher.IsCorrect(i), student.IsCorrect(i)))];

        ChangedSentence[] Some(int[] samples) => [.. samples.Select(Describe).OfType<ChangedSentence>().Take(Shown)];

        // A sentence with words that the model was not asked about cannot be aligned.
        ChangedSentence? Describe(int i) => wordsOf(teacher.SampleIds[i]) is not { } words || words.Count != teacher.WordsPerSample[i] ? null : new ChangedSentence
        {
            Words = words,
            Differing = [.. Enumerable.Range(0, words.Count).Select(w => Word(w, teacher.StartOf(i) + w)).OfType<ChangedWord>()],
        };

        ChangedWord? Word(int index, int row) => teacher.Words.IsCorrect(row) && student.Words.IsCorrect(row) ? null
            : new ChangedWord(index, teacher.Tags[teacher.Words.Labels[row]], Tag(teacher, row), Tag(student, row), control is null ? null : Tag(control, row));
    }

    /// <summary>The words of a sample; null where its content holds none.</summary>
    public static Func<ulong, IReadOnlyList<string>?> WordsOf(Dataset test)
    {
        var rows = EvaluationTasks.Rows(test);
        return id => rows.TryGetValue(new SampleId(id), out var row) && test[row].Content is WordsContent sentence ? sentence.Words : null;
    }

    private static string Tag(TokenAnswers answers, int row) => answers.Tags[answers.Words.Answers[row]];
}
