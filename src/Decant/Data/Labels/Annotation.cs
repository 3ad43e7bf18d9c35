namespace Decant.Data.Labels;

/// <summary>A label that is not the index of one class.</summary>
public abstract record Annotation;

/// <summary>A tag for every word.</summary>
/// <param name="Tags">One per word: indices into <see cref="Dataset.Classes"/>.</param>
internal sealed record TagAnnotation(IReadOnlyList<int> Tags) : Annotation;

/// <summary>The numbers that a regression is to give.</summary>
/// <param name="Numbers">One per output, in the order of <see cref="Dataset.Classes"/>; finite.</param>
internal sealed record NumberAnnotation(IReadOnlyList<float> Numbers) : Annotation;

/// <summary>The classes that a sample has; there may be none.</summary>
/// <param name="Labels">Indices into <see cref="Dataset.Classes"/>, each once, in order.</param>
/// <param name="Classes">C, how many there are in all.</param>
internal sealed record LabelSetAnnotation(IReadOnlyList<int> Labels, int Classes) : Annotation;

/// <summary>How well each document of a query answers it.</summary>
/// <param name="Grades">One per document of its <see cref="RankingContent"/>, 0 or more; above 0 is relevant. At least one is.</param>
internal sealed record GradeAnnotation(IReadOnlyList<float> Grades) : Annotation;

/// <summary>The content is its own label: a language model's next token, or the token that is hidden.</summary>
internal sealed record ContentAnnotation : Annotation
{
    /// <summary>The only one that is needed.</summary>
    public static ContentAnnotation Instance { get; } = new();
}
