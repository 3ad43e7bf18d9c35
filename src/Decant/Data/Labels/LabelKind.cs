namespace Decant.Data.Labels;

/// <summary>What the labels of a dataset are.</summary>
public enum LabelKind
{
    /// <summary>The index of a class: <see cref="Sample.Label"/>.</summary>
    Class,

    /// <summary>A tag for every word: <see cref="TagAnnotation"/>.</summary>
    Tags,

    /// <summary>Numbers: <see cref="NumberAnnotation"/>.</summary>
    Numbers,

    /// <summary>Any number of classes: <see cref="LabelSetAnnotation"/>.</summary>
    LabelSet,

    /// <summary>A grade for each document of a query: <see cref="GradeAnnotation"/>.</summary>
    Grades,

    /// <summary>The content itself: <see cref="ContentAnnotation"/>.</summary>
    Content,
}
