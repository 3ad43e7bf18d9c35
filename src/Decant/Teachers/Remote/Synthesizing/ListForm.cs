namespace Decant.Teachers.Remote.Synthesizing;

/// <summary>In what form an answer brings its list of texts.</summary>
public enum ListForm
{
    /// <summary>A JSON list and nothing else, or an object that holds it alone.</summary>
    Clean,

    /// <summary>A list within a code fence.</summary>
    Fenced,

    /// <summary>A list with other text around it.</summary>
    Framed,

    /// <summary>A list that breaks off: its whole elements count, the rest is set aside.</summary>
    Cut,

    /// <summary>No list at all: prose, a refusal, something else. All of it is set aside.</summary>
    None,
}
