using Decant.Serving.Access;
using Decant.Serving.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Decant.Serving;

/// <summary>A server of its own for exported models: what <c>decant serve</c> runs. On an address that other machines reach it needs a token.</summary>
public sealed class DecantServer : IAsyncDisposable
{
    private const int MostConnections = 4096;
    private readonly WebApplication _app;

    private DecantServer(WebApplication app) => _app = app;

    /// <summary>Where it listens, such as <c>http://127.0.0.1:8080</c>.</summary>
    public string Address => _app.Urls.Single();

    /// <summary>Opens the models and listens.</summary>
    /// <param name="options">What is served.</param>
    /// <param name="url">Where: http, an IP address or localhost, and a port; 0: a free one.</param>
    /// <param name="logs">Where faults are logged; null: nowhere.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="DecantException">The address is none, is taken, or needs a token; a model cannot be opened; an option is out of its range.</exception>
    public static async Task<DecantServer> StartAsync(ServingOptions options, string url = "http://127.0.0.1:8080", ILoggerProvider? logs = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var listen = ListenAddress.Read(url, BearerToken.Of(options.Token) is not null);
        // Empty: no file beside the program and no variable of the environment opens another address.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore();
        if (logs is not null)
            builder.Logging.AddProvider(logs);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(listen.Address, listen.Port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Limits.MaxBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Limits.StopTimeout);
        builder.Services.AddDecantServing(options with { AllowedHosts = options.AllowedHosts ?? (listen.IsLoopback ? [.. HostRule.Loopback, $"{listen.Address}"] : null) });
        var app = builder.Build();
        app.UseStatusCodePages(pages => JsonAnswer.SendAsync(pages.HttpContext, Unrouted(pages.HttpContext.Response.StatusCode), pages.HttpContext.RequestAborted));
        app.MapDecant();
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
            return new(app);
        }
        catch (IOException taken)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw new DecantException($"--url: {url} cannot be listened on: {taken.Message} Choose another port, or 0 for a free one.", ExitCodes.Machine, taken);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits until the process is asked to end (SIGINT, SIGTERM) or this is cancelled, then stops as <see cref="StopAsync"/> does.</summary>
    public Task WaitAsync(CancellationToken cancellationToken = default) => _app.WaitForShutdownAsync(cancellationToken);

    /// <summary>Listens no more, and lets accepted requests end within <c>StopTimeout</c>.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _app.StopAsync(cancellationToken);

    /// <summary>Stops, and releases the models.</summary>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static ApiException Unrouted(int status) => status switch
    {
        404 => new(404, "There is nothing at this address.", null, "not_found"),
        405 => new(405, "This address is not for this method.", null, "method_not_allowed"),
        _ => new(status, "The request cannot be served.", null, null),
    };
}
