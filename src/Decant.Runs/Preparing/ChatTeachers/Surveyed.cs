using Decant.Teachers.Remote.Asking;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>What a chat model said about items.</summary>
/// <param name="Answers">Its answers; those that were asked about and abstained on are among them.</param>
/// <param name="Remarks">What was asked, and what came of it, for people.</param>
/// <param name="Unasked">How many items nothing is known of, for they were not asked about.</param>
internal sealed record Surveyed<TItem, TAnswer>(IReadOnlyDictionary<TItem, TAnswer> Answers, IReadOnlyList<string> Remarks, int Unasked)
    where TItem : notnull
    where TAnswer : ChatAnswer;
