namespace Decant.Teachers.Answers.Storage;

/// <summary>Where an answer is in a shard.</summary>
/// <param name="Key">The key of its question.</param>
/// <param name="At">Where its record begins.</param>
/// <param name="Length">The bytes of its payload.</param>
internal readonly record struct ShardEntry(AnswerKey Key, long At, int Length);
