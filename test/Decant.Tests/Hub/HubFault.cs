namespace Decant.Tests.Hub;

/// <summary>What a <see cref="FakeHub"/> does wrong with one request.</summary>
public enum HubFault
{
    None,

    /// <summary>The connection is closed without an answer.</summary>
    CutAtStart,

    /// <summary>The connection is closed in the middle of the answer's head.</summary>
    CutInHead,

    /// <summary>The connection is closed after half of the body.</summary>
    CutMidFile,

    /// <summary>Half of the body, and then nothing, with the connection open.</summary>
    Stalled,

    /// <summary>A byte of the body is another.</summary>
    WrongBytes,

    /// <summary>The body ends early, and its announced length agrees.</summary>
    TooShort,

    /// <summary>More bytes than the file has, without an announced length.</summary>
    TooLong,

    /// <summary>A web page, with status 200.</summary>
    WebPage,

    /// <summary>The pointer that git keeps for a large file, with status 200.</summary>
    LfsPointer,

    Unauthorized,
    Gated,
    NotFound,
    TooManySeconds,
    TooManyDate,
    ServerError,
    Unavailable,

    /// <summary>A redirect to where it was asked.</summary>
    RedirectLoop,

    /// <summary>A redirect without a target.</summary>
    RedirectNowhere,

    /// <summary>Neither ETag nor the hub's own headers.</summary>
    NoHeaders,

    /// <summary>An ETag of another content than the listing says.</summary>
    OtherEtag,

    /// <summary>The server ignores that only a part was asked for.</summary>
    NoRange,
}
