using System.Text.Json;
using Decant.Serving.Limits;
using Decant.Serving.Metrics;
using Decant.Serving.Models;
using Decant.Serving.Protocol;
using Microsoft.AspNetCore.Http;

namespace Decant.Serving.Hosting;

/// <summary>One request that was let in.</summary>
/// <param name="Context">The request and its answer.</param>
/// <param name="Models">The models.</param>
/// <param name="Limits">What a request may ask for.</param>
/// <param name="Gate">Where it waits.</param>
/// <param name="Metrics">Where it is counted.</param>
/// <param name="Cancellation">When the client went away or the time is over.</param>
internal sealed record ServedCall(HttpContext Context, ServedModels Models, ServingLimits Limits, AdmissionGate Gate, ServingMetrics Metrics, CancellationToken Cancellation)
{
    /// <summary>Computes something in its turn, on a thread of the pool.</summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, T> compute)
    {
        using var slot = await Gate.EnterAsync(Cancellation).ConfigureAwait(false);
        return await Task.Run(() => compute(Cancellation), Cancellation).ConfigureAwait(false);
    }

    /// <summary>Sends an answer.</summary>
    public Task SendAsync(Action<Utf8JsonWriter> write) => JsonAnswer.SendAsync(Context, write, Cancellation);
}
