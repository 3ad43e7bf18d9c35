using Decant.Teachers.Remote.Asking;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>Reasons for an abstention, for people.</summary>
internal static class AbstentionWords
{
    /// <summary>How many answers abstained for each reason, the most frequent first.</summary>
    /// <param name="aside">Answers that abstained.</param>
    public static string Counted(IEnumerable<ChatAnswer> aside) =>
        string.Join(", ", aside.GroupBy(a => a.Abstention!.Value).OrderByDescending(g => g.Count()).Select(g => FormattableString.Invariant($"{Of(g.Key)} {g.Count():N0}")));

    /// <summary>A reason in words.</summary>
    public static string Of(AbstentionReason reason) => reason switch
    {
        AbstentionReason.NoClass => "no class",
        AbstentionReason.SeveralClasses => "several classes",
        AbstentionReason.Prose => "prose",
        AbstentionReason.Refused => "refused",
        AbstentionReason.CutOff => "cut off",
        AbstentionReason.TooLong => "too long",
        AbstentionReason.BrokenJson => "broken JSON",
        AbstentionReason.OtherShape => "other JSON",
        AbstentionReason.SeveralAnswers => "several answers",
        AbstentionReason.UnknownType => "unknown type",
        AbstentionReason.NotInText => "not in the text",
        AbstentionReason.Overlap => "overlap",
        AbstentionReason.CutsWord => "cuts a word",
        AbstentionReason.NoNumber => "no number",
        AbstentionReason.OffScale => "off the scale",
        AbstentionReason.Empty => "empty",
        _ => "failed",
    };
}
