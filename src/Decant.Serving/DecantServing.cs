using System.Text;
using Decant.Serving.Access;
using Decant.Serving.Hosting;
using Decant.Serving.Labelling;
using Decant.Serving.Limits;
using Decant.Serving.Metrics;
using Decant.Serving.Models;
using Decant.Serving.OpenAi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Decant.Serving;

/// <summary>Serves exported models in an ASP.NET Core program: <c>services.AddDecantServing(options)</c>, then <c>app.MapDecant()</c>.</summary>
public static class DecantServing
{
    /// <summary>Opens the models and adds what serves them; they are released with the program's services.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="options">What is served.</param>
    /// <exception cref="DecantException">A model cannot be opened, or an option is out of its range.</exception>
    public static IServiceCollection AddDecantServing(this IServiceCollection services, ServingOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        var (limits, token) = (options.Limits.Checked(), BearerToken.Of(options.Token));
        var models = ServedModels.Open([.. options.Models.Select(model => (model.Key, model.Value))], options.Inference);
        return services.AddSingleton(_ => models)
            .AddSingleton(_ => new AdmissionGate(limits))
            .AddSingleton(provider => new ServingMetrics(() => provider.GetRequiredService<AdmissionGate>().Admitted, () => provider.GetRequiredService<AdmissionGate>().Computing))
            .AddSingleton(provider => new RequestGuard(
                new HostRule(options.AllowedHosts), token, limits, models, provider.GetRequiredService<AdmissionGate>(), provider.GetRequiredService<ServingMetrics>(),
                provider.GetRequiredService<ILoggerFactory>().CreateLogger("Decant.Serving")));
    }

    /// <summary>Adds the routes: <c>/v1/completions</c>, <c>/v1/chat/completions</c>, <c>/v1/embeddings</c>, <c>/v1/models</c>, <c>/classify</c>, <c>/rerank</c>, <c>/metrics</c>, <c>/health/live</c> and <c>/health/ready</c>.</summary>
    /// <param name="routes">The program's routes, or a group of them with a prefix.</param>
    public static IEndpointConventionBuilder MapDecant(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var services = routes.ServiceProvider;
        var (guard, models, group) = (services.GetRequiredService<RequestGuard>(), services.GetRequiredService<ServedModels>(), routes.MapGroup(""));
        group.MapPost("/v1/completions", guard.Post("/v1/completions", Completions.AnswerAsync));
        group.MapPost("/v1/chat/completions", guard.Post("/v1/chat/completions", Chat.AnswerAsync));
        group.MapPost("/v1/embeddings", guard.Post("/v1/embeddings", Embeddings.AnswerAsync));
        group.MapPost("/classify", guard.Post("/classify", Classify.AnswerAsync));
        group.MapPost("/rerank", guard.Post("/rerank", Rerank.AnswerAsync));
        group.MapGet("/v1/models", guard.Open("/v1/models", context => ModelList.AllAsync(context, models)));
        group.MapGet("/v1/models/{id}", guard.Open("/v1/models/{id}", context => ModelList.OneAsync(context, models)));
        group.MapGet("/metrics", guard.Open("/metrics", context => TextAsync(context, services.GetRequiredService<ServingMetrics>().Text.Write(), "text/plain; version=0.0.4; charset=utf-8")));
        foreach (var route in (string[])["/health", "/health/live"])
            group.MapGet(route, guard.Open(route, context => TextAsync(context, "live\n", "text/plain"), needsToken: false));
        group.MapGet("/health/ready", guard.Open("/health/ready", ReadyAsync, needsToken: false));
        return group;
    }

    private static Task ReadyAsync(HttpContext context)
    {
        var isStopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;
        context.Response.StatusCode = isStopping ? 503 : 200;
        return TextAsync(context, isStopping ? "stopping\n" : "ready\n", "text/plain");
    }

    private static Task TextAsync(HttpContext context, string text, string type)
    {
        context.Response.ContentType = type;
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), context.RequestAborted).AsTask();
    }
}
