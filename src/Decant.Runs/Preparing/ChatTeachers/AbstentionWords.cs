using Decant.Teachers.Remote.Classifying;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>Reasons for an abstention, for people.</summary>
internal static class AbstentionWords
{
    /// <summary>A reason in a word or two.</summary>
    public static string Of(AbstentionReason reason) => reason switch
    {
        AbstentionReason.NoClass => "no class",
        AbstentionReason.SeveralClasses => "several classes",
        AbstentionReason.Prose => "prose",
        AbstentionReason.Refused => "refused",
        AbstentionReason.CutOff => "cut off",
        AbstentionReason.TooLong => "too long",
        _ => "failed",
    };
}
