using System.Diagnostics;
using Decant.Serving.Access;
using Decant.Serving.Limits;
using Decant.Serving.Metrics;
using Decant.Serving.Models;
using Decant.Serving.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Decant.Serving.Hosting;

/// <summary>What stands before every route: who may ask, how much, how long; and what becomes of a failure.</summary>
internal sealed class RequestGuard(HostRule hosts, BearerToken? token, ServingLimits limits, ServedModels models, AdmissionGate gate, ServingMetrics metrics, ILogger logger)
{
    private const int ClientClosed = 499;

    /// <summary>A route that reads no body and waits for nobody.</summary>
    public RequestDelegate Open(string route, Func<HttpContext, Task> answer, bool needsToken = true) => context => Guarded(context, route, needsToken, _ => answer(context));

    /// <summary>A route that computes.</summary>
    public RequestDelegate Post(string route, Func<RequestBody, ServedCall, Task> answer) => context => Guarded(context, route, needsToken: true, async cancellation =>
    {
        using var place = gate.Admit();
        if (!context.Request.HasJsonContentType())
            throw new ApiException(415, "Expected the header 'Content-Type: application/json'.", null, "unsupported_media_type");
        using var body = RequestBody.Parse(await ReadAsync(context.Request, cancellation).ConfigureAwait(false));
        await answer(body, new(context, models, limits, gate, metrics, cancellation)).ConfigureAwait(false);
    });

    private async Task Guarded(HttpContext context, string route, bool needsToken, Func<CancellationToken, Task> answer)
    {
        var began = Stopwatch.GetTimestamp();
        using var time = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        time.CancelAfter(limits.Timeout);
        var status = 0;
        try
        {
            hosts.Check(context.Request);
            if (needsToken)
                token?.Check(context.Request);
            await answer(time.Token).ConfigureAwait(false);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            status = ClientClosed;
        }
        catch (Exception fault)
        {
            await RefuseAsync(context, Fault(fault, time.Token)).ConfigureAwait(false);
        }
        finally
        {
            metrics.Answered(route, status > 0 ? status : context.Response.StatusCode, Stopwatch.GetElapsedTime(began));
        }
    }

    private ApiException Fault(Exception fault, CancellationToken time)
    {
        switch (fault)
        {
            case ApiException known:
                return known;
            case OperationCanceledException when time.IsCancellationRequested:
                return new(503, $"The answer took longer than {limits.Timeout.TotalSeconds:0.###} s, which is this server's limit.", null, "timeout");
            case BadHttpRequestException { StatusCode: var status, Message: var message }:
                return new(status, message, null, status == 413 ? "request_too_large" : null);
            case DecantException { ExitCode: ExitCodes.BadInput } known:
                return new(400, known.Message, null, "invalid_value");
            default:
                Log.Failed(logger, fault);
                return new(500, "The server could not compute the answer; its log says why.", null, "internal_error");
        }
    }

    private static async Task RefuseAsync(HttpContext context, ApiException fault)
    {
        if (context.Response.HasStarted)
        {
            // What was sent cannot be taken back; a cut connection says that the answer is not whole.
            context.Abort();
            return;
        }

        if (fault.Status == 429)
            context.Response.Headers.RetryAfter = "1";
        if (fault.Status == 401)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        if (fault.Status is 413 or 415)
            context.Response.Headers.Connection = "close";
        await JsonAnswer.SendAsync(context, fault, context.RequestAborted).ConfigureAwait(false);
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var tooLong = new ApiException(413, $"The body is longer than {limits.MaxBodyBytes:N0} bytes, which is this server's limit. Send fewer or shorter texts.", null, "request_too_large");
        if (request.ContentLength > limits.MaxBodyBytes)
            throw tooLong;
        using var read = new MemoryStream((int)(request.ContentLength ?? 0));
        var part = new byte[16 * 1024];
        while (await request.Body.ReadAsync(part, cancellation).ConfigureAwait(false) is > 0 and var count)
        {
            if (read.Length + count > limits.MaxBodyBytes)
                throw tooLong;
            read.Write(part, 0, count);
        }

        return read.ToArray();
    }
}
