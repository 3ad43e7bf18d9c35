namespace Decant.Teachers.Remote;

/// <summary>What went wrong with a request to a remote teacher.</summary>
public enum RemoteFault
{
    /// <summary>401 or 403: no key, a wrong one, or one that may not use this model. Not tried again.</summary>
    Key,

    /// <summary>404 with the name of a model: the server does not have it. Not tried again.</summary>
    UnknownModel,

    /// <summary>404 otherwise, or a web page instead of JSON: no API is at this address. Not tried again.</summary>
    NotAnApi,

    /// <summary>The certificate of the server is not trusted. Not tried again.</summary>
    Certificate,

    /// <summary>400 and other refusals of this request. Not tried again.</summary>
    BadRequest,

    /// <summary>The request is longer than the model's context. Not tried again; a row is set aside.</summary>
    TooLong,

    /// <summary>The server's filter refused the request. Not tried again; a row is set aside.</summary>
    Filtered,

    /// <summary>The account has no credit left. Not tried again.</summary>
    Quota,

    /// <summary>429: more requests or tokens than the server allows. Tried again, after the time that it says.</summary>
    Throttled,

    /// <summary>408, 409 or 5xx. Tried again.</summary>
    Server,

    /// <summary>Nothing, or not all of the answer, came in time. Tried again.</summary>
    Timeout,

    /// <summary>The connection was cut. Tried again.</summary>
    Connection,

    /// <summary>No connection could be made: the server does not run, or the address is wrong. Tried again; never a row's own fault.</summary>
    Unreachable,

    /// <summary>An answer that is no JSON, half of one, or has no choices. Tried again.</summary>
    BrokenAnswer,

    /// <summary>An answer of another model than the endpoint's <see cref="RemoteEndpoint.ExpectedModel"/>. Tried again; never a row's own fault.</summary>
    WrongModel,
}
