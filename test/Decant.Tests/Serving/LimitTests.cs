using System.Net;
using System.Net.Sockets;
using System.Text;
using Decant.Serving;
using Decant.Serving.Limits;
using Decant.Serving.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Decant.Tests.Serving;

public sealed class LimitTests(ServedFolders folders) : IClassFixture<ServedFolders>
{
    private const string Short = """{"model":"stories","prompt":"dogs","max_tokens":2}""";
    private const string Long = """{"model":"endless","prompt":"dogs","max_tokens":10000000,"temperature":0,"logprobs":5,"stream":true}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_body_over_the_limit_is_refused_with_and_without_a_length()
    {
        await using var server = await folders.StartAsync(new ServingLimits { MaxBodyBytes = 2048 });
        using var client = ServedFolders.Client(server);
        var body = $$"""{"model":"stories","prompt":"{{new string('a', 4000)}}"}""";
        var (status, answer) = await ServedFolders.PostAsync(client, "/v1/completions", body);
        Assert.Equal((413, "request_too_large"), (status, (string?)answer["error"]!["code"]));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/completions", UriKind.Relative)) { Content = ServedFolders.Json(body) };
        request.Headers.TransferEncodingChunked = true;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await client.SendAsync(request, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Other_types_addresses_and_methods_are_refused_in_the_same_shape()
    {
        await using var server = await folders.StartAsync();
        using var client = ServedFolders.Client(server);
        using var form = await client.PostAsync(new Uri("/v1/completions", UriKind.Relative), new StringContent(Short, Encoding.UTF8, "text/plain"), Cancellation);
        using var nowhere = await client.GetAsync(new Uri("/v2/else", UriKind.Relative), Cancellation);
        using var method = await client.GetAsync(new Uri("/v1/completions", UriKind.Relative), Cancellation);
        foreach (var (response, expected) in new[] { (form, 415), (nowhere, 404), (method, 405) })
        {
            Assert.Equal(expected, (int)response.StatusCode);
            Assert.StartsWith("{\"error\":", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Who_does_not_fit_is_told_to_come_again_and_a_cancelled_request_frees_its_place()
    {
        await using var server = await folders.StartAsync(new ServingLimits { Concurrency = 1, Queue = 0, MaxTokens = int.MaxValue });
        using var client = ServedFolders.Client(server);
        var busy = await client.SendAsync(new(HttpMethod.Post, new Uri("/v1/completions", UriKind.Relative)) { Content = ServedFolders.Json(Long) }, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal(HttpStatusCode.OK, busy.StatusCode);
        using var refused = await client.PostAsync(new Uri("/v1/completions", UriKind.Relative), ServedFolders.Json(Short), Cancellation);
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(1)), (refused.StatusCode, refused.Headers.RetryAfter!.Delta));
        busy.Dispose();
        await FreeAsync(client);
    }

    [Fact]
    public async Task A_client_that_stops_reading_frees_its_place_when_the_time_is_over()
    {
        await using var server = await folders.StartAsync(new ServingLimits { Concurrency = 1, Queue = 0, MaxTokens = int.MaxValue, Timeout = TimeSpan.FromSeconds(3) });
        using var client = ServedFolders.Client(server);
        using var deaf = new TcpClient { ReceiveBufferSize = 4096 };
        await deaf.ConnectAsync(IPAddress.Loopback, new Uri(server.Address).Port, Cancellation);
        await deaf.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Long.Length}\r\n\r\n{Long}"), Cancellation);
        await Task.Delay(500, Cancellation);
        Assert.Equal(429, (await ServedFolders.PostAsync(client, "/v1/completions", Short)).Status);
        await FreeAsync(client);
    }

    [Fact]
    public async Task An_answer_that_takes_too_long_is_ended()
    {
        await using var server = await folders.StartAsync(new ServingLimits { MaxTokens = int.MaxValue, Timeout = TimeSpan.FromSeconds(0.5) });
        using var client = ServedFolders.Client(server);
        var (status, answer) = await ServedFolders.PostAsync(client, "/v1/completions", """{"model":"endless","prompt":"dogs","max_tokens":10000000,"temperature":0}""");
        Assert.Equal((503, "timeout"), (status, (string?)answer["error"]!["code"]));
    }

    [Fact]
    public async Task A_server_that_stops_finishes_what_it_accepted()
    {
        var server = await folders.StartAsync(new ServingLimits { MaxTokens = 1_000_000 });
        using var client = ServedFolders.Client(server);
        using var response = await client.SendAsync(
            new(HttpMethod.Post, new Uri("/v1/completions", UriKind.Relative)) { Content = ServedFolders.Json("""{"model":"stories","prompt":"dogs","max_tokens":2000,"temperature":0,"stream":true}""") }, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        var stop = server.StopAsync(Cancellation);
        Assert.EndsWith("data: [DONE]\n\n", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        await stop;
        await server.DisposeAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("/health/live", UriKind.Relative), Cancellation));
    }

    [Fact]
    public void A_gate_counts_who_is_in()
    {
        using var gate = new AdmissionGate(new() { Concurrency = 1, Queue = 1 });
        var (first, second) = (gate.Admit(), gate.Admit());
        Assert.Equal(429, Assert.Throws<ApiException>(gate.Admit).Status);
        first.Dispose();
        first.Dispose(); // a second time: nothing
        using (gate.Admit())
            Assert.Equal(2, gate.Admitted);
        second.Dispose();
        Assert.Equal(0, gate.Admitted);
    }

    [Fact]
    public async Task A_program_of_ones_own_can_serve_models_under_a_prefix_and_count_them()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        Microsoft.Extensions.DependencyInjection.RoutingServiceCollectionExtensions.AddRouting(builder.Services);
        builder.Services.AddDecantServing(new() { Models = folders.Models });
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGroup("/models").MapDecant();
        await app.StartAsync(Cancellation);
        using var client = new HttpClient { BaseAddress = new(app.Urls.Single()) };
        Assert.Equal(200, (await ServedFolders.PostAsync(client, "/models/v1/completions", Short)).Status);
        Assert.Equal(400, (await ServedFolders.PostAsync(client, "/models/v1/completions", "{}")).Status);
        var metrics = await client.GetStringAsync(new Uri("/models/metrics", UriKind.Relative), Cancellation);
        Assert.Contains("decant_requests_total{route=\"/v1/completions\",status=\"200\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("decant_requests_total{route=\"/v1/completions\",status=\"400\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("decant_tokens_total{model=\"stories\",kind=\"generated\"} 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("decant_request_seconds_count{route=\"/v1/completions\"} 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("decant_requests_computing 0\n", metrics, StringComparison.Ordinal);
    }

    private static async Task FreeAsync(HttpClient client)
    {
        var status = 0;
        for (var i = 0; i < 200 && status != 200; i++)
        {
            await Task.Delay(50, Cancellation);
            status = (await ServedFolders.PostAsync(client, "/v1/completions", Short)).Status;
        }

        Assert.Equal(200, status);
    }
}
