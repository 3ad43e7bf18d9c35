using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Decant.Teachers.Remote;

/// <summary>Reads what a server says went wrong.</summary>
internal static class ErrorReply
{
    private const int LongestQuote = 500;
    private static readonly string[] s_tooLong = ["context_length_exceeded", "maximum context length", "context window", "exceeds the available context size", "exceed_context_size", "longer than the maximum model length"];
    private static readonly string[] s_filtered = ["content_filter", "content_policy_violation", "content management policy"];

    /// <summary>The exception of a reply that is no success.</summary>
    /// <param name="endpoint">Who replied.</param>
    /// <param name="status">The reply's status.</param>
    /// <param name="text">Its body, without the key.</param>
    /// <param name="wait">How long it asks to wait; null: it does not say.</param>
    public static RemoteTeacherException Read(RemoteEndpoint endpoint, HttpStatusCode status, string text, TimeSpan? wait)
    {
        var (message, code) = Content(text);
        var fault = FaultOf(status, code, message);
        var quote = message.Length > LongestQuote ? message[..LongestQuote] + "…" : message;
        return new RemoteTeacherException(fault, $"{endpoint.Address}, model '{endpoint.Model}': {(int)status} {status}{(quote.Length > 0 ? $" ({quote})" : "")}. {Advice(fault, endpoint)}", wait);
    }

    /// <summary>What went wrong, by status and what stands beside it.</summary>
    public static RemoteFault FaultOf(HttpStatusCode status, string code, string message)
    {
        bool Says(IEnumerable<string> words) => words.Any(word => code.Contains(word, StringComparison.OrdinalIgnoreCase) || message.Contains(word, StringComparison.OrdinalIgnoreCase));
        return (int)status switch
        {
            429 => Says(["insufficient_quota"]) ? RemoteFault.Quota : RemoteFault.Throttled,
            408 or 409 or 425 => RemoteFault.Server,
            401 or 403 => RemoteFault.Key,
            402 => RemoteFault.Quota,
            413 => RemoteFault.TooLong,
            404 => Says(["model", "deployment"]) ? RemoteFault.UnknownModel : RemoteFault.NotAnApi,
            >= 400 and < 500 => Says(s_tooLong) ? RemoteFault.TooLong : Says(s_filtered) ? RemoteFault.Filtered : Says(["model_not_found"]) ? RemoteFault.UnknownModel : RemoteFault.BadRequest,
            >= 300 and < 400 => RemoteFault.NotAnApi,
            _ => Says(s_tooLong) ? RemoteFault.TooLong : RemoteFault.Server,
        };
    }

    /// <summary>How long a server asks to wait.</summary>
    /// <param name="header">Its header; null: none.</param>
    /// <param name="now">The time now, which a date is compared with.</param>
    public static TimeSpan? Wait(RetryConditionHeaderValue? header, DateTimeOffset now) =>
        header?.Delta ?? (header?.Date is { } date ? date > now ? date - now : TimeSpan.Zero : null);

    private static (string Message, string Code) Content(string text)
    {
        if (text.AsSpan().TrimStart().StartsWith("<"))
            return ("a web page", "");
        try
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            var error = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error", out var inner) ? inner : root;
            if (error.ValueKind == JsonValueKind.String)
                return (error.GetString()!, "");
            return (Word(error, "message"), $"{Word(error, "code")} {Word(error, "type")}");
        }
        catch (JsonException)
        {
            return (text.Trim(), "");
        }
    }

    private static string Word(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static string Advice(RemoteFault fault, RemoteEndpoint endpoint) => fault switch
    {
        RemoteFault.Key => $"Give a key that may use this model in the environment variable {endpoint.KeyVariable}.",
        RemoteFault.UnknownModel => "Name a model that this server has.",
        RemoteFault.NotAnApi => "See that the address is that of the API, such as https://…/v1.",
        RemoteFault.TooLong => "Shorten the text or the prompt.",
        RemoteFault.Filtered => "Leave this text out.",
        RemoteFault.Quota => "Add credit to the account, or use another key.",
        RemoteFault.Throttled => "Send less at once, or try again later.",
        RemoteFault.BadRequest => "Change what is asked for; the probe says what this server can do.",
        _ => "Try again later.",
    };
}
