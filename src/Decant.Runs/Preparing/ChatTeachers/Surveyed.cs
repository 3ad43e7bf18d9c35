using Decant.Runs.Reports.Record;
using Decant.Teachers.Remote.Asking;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>What a chat model said about items.</summary>
/// <param name="Answers">Its answers; those that were asked about and abstained on are among them.</param>
/// <param name="Remarks">What was asked, and what came of it, for people.</param>
/// <param name="Unasked">How many items nothing is known of, for they were not asked about.</param>
internal sealed record Surveyed<TItem, TAnswer>(IReadOnlyDictionary<TItem, TAnswer> Answers, IReadOnlyList<string> Remarks, int Unasked)
    where TItem : notnull
    where TAnswer : ChatAnswer
{
    private const int ShownAnswers = 8;
    private const int ShownAbstentions = 4;

    /// <summary>A few answers to look at, drawn by the hashes of the texts; null while none is known.</summary>
    /// <param name="teacher">Who was asked.</param>
    /// <param name="textOf">An item for people.</param>
    /// <param name="words">An answer for people.</param>
    public TeacherSaid? Look(string teacher, Func<TItem, string> textOf, Func<TItem, TAnswer, string> words)
    {
        var drawn = Answers.OrderBy(a => ChosenTexts.KeyOf(textOf(a.Key)), StringComparer.Ordinal).ToArray();
        var (answered, aside) = (drawn.Where(a => a.Value.Abstention is null).ToArray(), drawn.Where(a => a.Value.Abstention is not null).ToArray());
        return drawn.Length == 0 ? null : new()
        {
            Teacher = teacher,
            Answered = answered.Length,
            Abstained = aside.Length,
            Texts =
            [
                .. answered.Take(ShownAnswers).Select(a => new SaidOfText(Cut(textOf(a.Key)), Cut(words(a.Key, a.Value)), null)),
                .. aside.Take(ShownAbstentions).Select(a => new SaidOfText(Cut(textOf(a.Key)), Cut(a.Value.Answers.FirstOrDefault(text => text.Length > 0) ?? ""), AbstentionWords.Of(a.Value.Abstention!.Value))),
            ],
        };
    }

    private static string Cut(string text)
    {
        const int Most = 400;
        if (text.Length <= Most)
            return text;
        return text[..(char.IsHighSurrogate(text[Most - 1]) ? Most - 1 : Most)] + " …";
    }
}
