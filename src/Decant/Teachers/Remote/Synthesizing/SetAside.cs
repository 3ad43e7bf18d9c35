namespace Decant.Teachers.Remote.Synthesizing;

/// <summary>Why a text that a model wrote is not among the rows.</summary>
public enum SetAside
{
    /// <summary>An element of the list is no text.</summary>
    NotText,

    /// <summary>It is empty, or has a character that no text has.</summary>
    Empty,

    /// <summary>It is shorter than <see cref="SynthesisFilters.MinWords"/> or <see cref="SynthesisFilters.MinCharacters"/>.</summary>
    TooShort,

    /// <summary>It is longer than <see cref="SynthesisFilters.MaxWords"/> or <see cref="SynthesisFilters.MaxCharacters"/>.</summary>
    TooLong,

    /// <summary>Too few of its letters are of <see cref="SynthesisFilters.Scripts"/>.</summary>
    OtherScript,

    /// <summary>Too few of its words are in <see cref="SynthesisFilters.LanguageWords"/>.</summary>
    OtherLanguage,

    /// <summary>It has a word or phrase of <see cref="SynthesisFilters.Forbidden"/>.</summary>
    ForbiddenWord,

    /// <summary>It does not match <see cref="SynthesisFilters.Match"/>, or matches <see cref="SynthesisFilters.Refuse"/>.</summary>
    Pattern,

    /// <summary>A regular expression took longer than <see cref="SynthesisFilters.PatternMilliseconds"/>.</summary>
    PatternTime,

    /// <summary>It is one of the examples, or nearly.</summary>
    Example,

    /// <summary>It was written before, but for case, punctuation and white space.</summary>
    Repeated,

    /// <summary>It is a near duplicate of one that was written before.</summary>
    NearRepeated,

    /// <summary>It is a row of the held-out files.</summary>
    HeldOut,

    /// <summary>It is a near duplicate of such a row.</summary>
    NearHeldOut,

    /// <summary>It shares a passage with such a row.</summary>
    HeldOutPassage,

    /// <summary>The judge drops it.</summary>
    JudgedOut,

    /// <summary>The judge's answer says neither.</summary>
    Unjudged,

    /// <summary>Its class had as many rows as were asked for already.</summary>
    Surplus,
}
