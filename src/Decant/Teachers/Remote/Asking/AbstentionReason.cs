namespace Decant.Teachers.Remote.Asking;

/// <summary>Why an answer cannot be used.</summary>
public enum AbstentionReason
{
    /// <summary>The answer names none of the classes.</summary>
    NoClass,

    /// <summary>It names several.</summary>
    SeveralClasses,

    /// <summary>It is a text and not the name of a class.</summary>
    Prose,

    /// <summary>The model refused, or the server's filter did.</summary>
    Refused,

    /// <summary>The answer ended at the most tokens before it named a class.</summary>
    CutOff,

    /// <summary>The text is longer than the model's context.</summary>
    TooLong,

    /// <summary>The request failed as often as it may be tried.</summary>
    Poisoned,

    /// <summary>The answer is to be JSON, and ends or breaks within it.</summary>
    BrokenJson,

    /// <summary>It is JSON of another shape than was asked for.</summary>
    OtherShape,

    /// <summary>It holds several answers where one was asked for: several JSON values, several numbers.</summary>
    SeveralAnswers,

    /// <summary>A span has a type that is none of the types.</summary>
    UnknownType,

    /// <summary>A span does not occur in the text, or not as often as it is listed.</summary>
    NotInText,

    /// <summary>Two spans overlap.</summary>
    Overlap,

    /// <summary>A span begins or ends within a word.</summary>
    CutsWord,

    /// <summary>The answer has no number.</summary>
    NoNumber,

    /// <summary>Its number is not on the scale.</summary>
    OffScale,

    /// <summary>It says nothing.</summary>
    Empty,
}
