using System.Text.Json;
using Decant.Serving.Hosting;
using Decant.Serving.Protocol;

namespace Decant.Serving.OpenAi;

/// <summary>Answers as server-sent events, one JSON value each.</summary>
internal static class EventStream
{
    /// <summary>Sends an event.</summary>
    public static async Task SendAsync(ServedCall call, Action<Utf8JsonWriter> write)
    {
        Begin(call);
        await SendAsync(call, JsonAnswer.Bytes(write)).ConfigureAwait(false);
    }

    /// <summary>Sends the mark that nothing more comes.</summary>
    public static Task EndAsync(ServedCall call)
    {
        Begin(call);
        return SendAsync(call, "[DONE]"u8.ToArray());
    }

    private static void Begin(ServedCall call)
    {
        if (call.Context.Response.HasStarted)
            return;
        call.Context.Response.ContentType = "text/event-stream";
        call.Context.Response.Headers.CacheControl = "no-store";
    }

    private static async Task SendAsync(ServedCall call, ReadOnlyMemory<byte> bytes)
    {
        var body = call.Context.Response.Body;
        byte[] line = [.. "data: "u8, .. bytes.Span, .. "\n\n"u8];
        await body.WriteAsync(line, call.Cancellation).ConfigureAwait(false);
        await body.FlushAsync(call.Cancellation).ConfigureAwait(false);
    }
}
