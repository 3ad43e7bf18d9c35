using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Decant.Serving.Protocol;

/// <summary>Answers in JSON.</summary>
internal static class JsonAnswer
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The bytes of a JSON value.</summary>
    public static ReadOnlyMemory<byte> Bytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_options))
            write(json);
        return buffer.WrittenMemory;
    }

    /// <summary>Sends a JSON value.</summary>
    public static async Task SendAsync(HttpContext context, Action<Utf8JsonWriter> write, CancellationToken cancellationToken, int status = 200)
    {
        var bytes = Bytes(write);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a fault in OpenAI's shape.</summary>
    public static Task SendAsync(HttpContext context, ApiException fault, CancellationToken cancellationToken) => SendAsync(context, json => Write(json, fault), cancellationToken, fault.Status);

    /// <summary>Writes a fault in OpenAI's shape.</summary>
    public static void Write(Utf8JsonWriter json, ApiException fault)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", fault.Message);
        json.WriteString("type", fault.Kind);
        json.WriteString("param", fault.Parameter);
        json.WriteString("code", fault.Code);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
