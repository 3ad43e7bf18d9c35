namespace Decant.Teachers.Remote.Asking;

/// <summary>Why a text has no probabilities.</summary>
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
}
