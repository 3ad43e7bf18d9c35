namespace Decant.Tests.Teachers.Remote;

/// <summary>What a <see cref="FakeTeacher"/> does wrong with one request.</summary>
public enum TeacherFault
{
    None,

    /// <summary>429 with Retry-After: 1.</summary>
    Throttled,

    /// <summary>429, and the account is empty.</summary>
    NoCredit,

    ServerError,

    /// <summary>The connection is closed after half of the body.</summary>
    Cut,

    /// <summary>The connection is closed without an answer.</summary>
    CutAtStart,

    /// <summary>Half of the JSON, with a length that agrees.</summary>
    HalfJson,

    /// <summary>A byte now and then, longer than anybody waits.</summary>
    SlowBytes,

    /// <summary>An answer that says another model's name, and something else.</summary>
    WrongModel,

    /// <summary>The choice twice.</summary>
    DuplicatedChoices,

    /// <summary>No choices.</summary>
    NoChoices,

    WebPage,
    WrongKey,
    Forbidden,
    UnknownModel,
    NoSuchPath,
    TooLong,
    Filtered,
    BadRequest,

    /// <summary>Status 200 with an error in it, as some proxies have it.</summary>
    ErrorWithin,
}
