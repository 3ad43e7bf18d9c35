namespace Decant.Serving.Protocol;

/// <summary>A request that is refused, in the words of OpenAI's API.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="message">What was expected, what came.</param>
/// <param name="parameter">The member of the request; null: none in particular.</param>
/// <param name="code">A short name of the fault; null: none.</param>
internal sealed class ApiException(int status, string message, string? parameter = null, string? code = null) : Exception(message)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The member of the request.</summary>
    public string? Parameter { get; } = parameter;

    /// <summary>A short name of the fault.</summary>
    public string? Code { get; } = code;

    /// <summary>OpenAI's name of the kind of fault.</summary>
    public string Kind => Status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        429 => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };

    /// <summary>A member of the request that is wrong.</summary>
    public static ApiException Of(string parameter, string expected, string came) =>
        new(400, $"{parameter}: expected {expected}, came {came}.", parameter, "invalid_value");
}
