using System.Text.Json.Nodes;

namespace Decant.Tests.Teachers.Remote;

/// <summary>The pieces of the wire format.</summary>
internal static class FakeTeacherWire
{
    /// <summary>The text of the last message.</summary>
    public static string Last(JsonNode request) => (string)request["messages"]!.AsArray()[^1]!["content"]!;

    public static bool Asks(JsonNode request, string what) => Last(request).Contains(what, StringComparison.Ordinal);

    /// <summary>Eight letters, drawn by the request's seed.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5394", Justification = "a test's letters")]
    public static string Letters(JsonNode request, int choice)
    {
        var random = new Random((int)(((long?)request["seed"] ?? 5) * 31) + choice);
        return string.Concat(Enumerable.Range(0, 8).Select(_ => (char)('a' + random.Next(26))));
    }

    public static string Error(string message, string type, string code) => new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["type"] = type, ["code"] = code } }.ToJsonString();

    /// <summary>The reply of faults that are refusals; null: it is none.</summary>
    public static (string Status, string[] Headers, string Text)? Refusal(TeacherFault fault, string key, string retryAfter)
    {
        string[] json = ["Content-Type: application/json"];
        return fault switch
        {
            TeacherFault.Throttled => ("429 Too Many Requests", [.. json, $"Retry-After: {retryAfter}"], Error("Rate limit reached", "requests", "rate_limit_exceeded")),
            TeacherFault.NoCredit => ("429 Too Many Requests", json, Error("You exceeded your current quota", "insufficient_quota", "insufficient_quota")),
            TeacherFault.ServerError => ("500 Internal Server Error", json, Error("The server had an error", "server_error", "")),
            TeacherFault.WebPage => ("200 OK", ["Content-Type: text/html"], "<!DOCTYPE html><html><body>Log in</body></html>"),
            TeacherFault.WrongKey => ("401 Unauthorized", json, Error($"Incorrect API key provided: {key}. Headers: Bearer {key}", "invalid_request_error", "invalid_api_key")),
            TeacherFault.Forbidden => ("403 Forbidden", json, Error($"{key} may not use this model", "permission_error", "")),
            TeacherFault.UnknownModel => ("404 Not Found", json, Error("The model `tiny-1` does not exist", "invalid_request_error", "model_not_found")),
            TeacherFault.NoSuchPath => ("404 Not Found", ["Content-Type: text/html"], "<html>nothing here</html>"),
            TeacherFault.TooLong => ("400 Bad Request", json, Error("This model's maximum context length is 4096 tokens", "invalid_request_error", "context_length_exceeded")),
            TeacherFault.Filtered => ("400 Bad Request", json, Error("The response was filtered", "invalid_request_error", "content_filter")),
            TeacherFault.BadRequest => ("400 Bad Request", json, Error("Unsupported value: 'temperature'", "invalid_request_error", "unsupported_value")),
            TeacherFault.ErrorWithin => ("200 OK", json, Error("upstream failed", "server_error", "")),
            _ => null,
        };
    }

    public static JsonObject Choice(FakeReply reply, int index, bool withLogprobs, int top) => new()
    {
        ["index"] = index,
        ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = reply.Text, ["refusal"] = reply.Refusal },
        ["logprobs"] = withLogprobs ? new JsonObject { ["content"] = new JsonArray([.. (reply.Tokens ?? [(reply.Text, Enumerable.Range(0, 20).Select(i => (i == 0 ? reply.Text : $"~{i}", i == 0 ? 1.0 : 1e-9)).ToArray())]).Select(token => Position(token.Token, token.Top, top))]) } : null,
        ["finish_reason"] = reply.Finish,
    };

    public static JsonObject Usage(JsonNode request, JsonArray choices)
    {
        var input = request["messages"]!.AsArray().Sum(m => ((string)m!["content"]!).Length / 4);
        var output = choices.Sum(c => Math.Max(1, ((string)c!["message"]!["content"]!).Length / 4));
        return new JsonObject { ["prompt_tokens"] = input, ["completion_tokens"] = output, ["total_tokens"] = input + output };
    }

    /// <summary>Vectors of three numbers that follow from the texts, as the official client asks for them: base64 of float32.</summary>
    public static string Vectors(JsonNode request)
    {
        var texts = request["input"] is JsonArray many ? many.Select(t => (string)t!).ToList() : [(string)request["input"]!];
        var data = texts.Select((text, i) => (JsonNode)new JsonObject { ["object"] = "embedding", ["index"] = i, ["embedding"] = Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(VectorOf(text))) });
        return new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. data]), ["model"] = "tiny-1", ["usage"] = new JsonObject { ["prompt_tokens"] = texts.Sum(t => t.Length), ["total_tokens"] = texts.Sum(t => t.Length) } }.ToJsonString();
    }

    public static float[] VectorOf(string text) => [text.Length, text.Sum(c => c) / 7f, text.Length == 0 ? 0 : text[0]];

    private static JsonNode Position(string token, (string Token, double P)[] top, int most) => new JsonObject
    {
        ["token"] = token,
        ["logprob"] = Math.Log(top.Where(t => t.Token == token).Select(t => t.P).DefaultIfEmpty(1e-3).First()),
        ["bytes"] = null,
        ["top_logprobs"] = new JsonArray([.. top.Take(most).Select(t => (JsonNode)new JsonObject { ["token"] = t.Token, ["logprob"] = Math.Log(t.P), ["bytes"] = null })]),
    };
}
