namespace Decant.Inference;

/// <summary>A text with the tags of its words.</summary>
/// <param name="Text">The text that the places are of: as it was given, or the words put together as their language writes them.</param>
/// <param name="Words">Its words.</param>
/// <param name="Entities">The entities that the tags make, in their order; null where the model's tags name no entities.</param>
/// <param name="IsTruncated">Whether there were more words than the model reads; the others have no tag.</param>
public sealed record TaggedText(string Text, IReadOnlyList<TaggedWord> Words, IReadOnlyList<TaggedEntity>? Entities, bool IsTruncated);

/// <summary>A word with its tag.</summary>
/// <param name="Text">The word.</param>
/// <param name="Start">Where it begins in <see cref="TaggedText.Text"/>, in UTF-16 units.</param>
/// <param name="End">The place behind its end.</param>
/// <param name="Tag">Its most probable tag; null: the model did not read as far.</param>
/// <param name="Probability">The probability of the tag, 0 to 1; 0 where there is none.</param>
public sealed record TaggedWord(string Text, int Start, int End, string? Tag, float Probability);

/// <summary>A named thing in a text.</summary>
/// <param name="Type">What it is, such as <c>person</c>; empty where the tags name no type.</param>
/// <param name="Text">The words of it, as they stand in the text.</param>
/// <param name="Start">Where it begins in <see cref="TaggedText.Text"/>, in UTF-16 units.</param>
/// <param name="End">The place behind its end.</param>
public sealed record TaggedEntity(string Type, string Text, int Start, int End);
