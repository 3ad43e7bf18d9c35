using System.Collections.Concurrent;
using System.Net;
using Decant.Serving;
using Decant.Serving.Access;
using Microsoft.Extensions.Logging;

namespace Decant.Tests.Serving;

public sealed class AccessTests(ServedFolders folders) : IClassFixture<ServedFolders>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://10.1.2.3:8080")]
    public async Task Other_addresses_than_this_machines_own_need_a_token(string url)
    {
        var fault = await Assert.ThrowsAsync<DecantException>(() => DecantServer.StartAsync(new() { Models = folders.Models }, url, cancellationToken: Cancellation));
        Assert.Contains("there is no token", fault.Message, StringComparison.Ordinal);
        Assert.False(ListenAddress.Read(url, hasToken: true).IsLoopback);
    }

    [Theory]
    [InlineData("https://127.0.0.1:1")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("http://*:8080")]
    [InlineData("http://example.org:80")]
    [InlineData("http://127.0.0.1:80/v1")]
    [InlineData("http://user@127.0.0.1:80")]
    public void What_is_no_address_to_listen_on_is_refused(string url) => Assert.Contains("--url", Assert.Throws<DecantException>(() => ListenAddress.Read(url, hasToken: true)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task All_addresses_are_served_with_a_token()
    {
        await using var server = await DecantServer.StartAsync(new() { Models = folders.Models, Token = ServedFolders.Token }, "http://0.0.0.0:0", cancellationToken: Cancellation);
        using var client = new HttpClient { BaseAddress = new(server.Address.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)) };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri("/v1/models", UriKind.Relative), Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri("/metrics", UriKind.Relative), Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/health/live", UriKind.Relative), Cancellation)).StatusCode);
        client.DefaultRequestHeaders.Authorization = new("Bearer", ServedFolders.Token);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/v1/models", UriKind.Relative), Cancellation)).StatusCode);
    }

    [Theory]
    [InlineData("Host", "evil.example", 403)]
    [InlineData("Host", "evil.example:8080", 403)]
    [InlineData("Host", "localhost", 200)]
    [InlineData("Host", "[::1]:99", 200)]
    [InlineData("Origin", "http://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    public async Task Another_host_and_pages_of_other_origins_are_refused(string header, string value, int expected)
    {
        await using var server = await folders.StartAsync();
        using var client = ServedFolders.Client(server);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/models", UriKind.Relative));
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await client.SendAsync(request, Cancellation);
        Assert.Equal(expected, (int)response.StatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task The_token_is_in_no_log_and_no_answer()
    {
        using var logs = new Lines();
        await using var server = await DecantServer.StartAsync(new() { Models = folders.Models, Token = ServedFolders.Token }, "http://127.0.0.1:0", logs, Cancellation);
        using var right = ServedFolders.Client(server, ServedFolders.Token);
        using var wrong = ServedFolders.Client(server, ServedFolders.Token + "x");
        foreach (var client in (HttpClient[])[right, wrong])
        {
            foreach (var path in (string[])["/v1/models", "/metrics", "/nowhere"])
                logs.All.Add(await client.GetStringAsync(new Uri(path, UriKind.Relative), Cancellation).ContinueWith(answer => answer.IsFaulted ? answer.Exception!.ToString() : answer.Result, Cancellation, TaskContinuationOptions.None, TaskScheduler.Default));
            logs.All.Add((await ServedFolders.PostAsync(client, "/v1/completions", "{")).Answer.ToJsonString());
        }

        Assert.True(logs.All.Count > 8);
        Assert.DoesNotContain(logs.All, line => line.Contains(ServedFolders.Token, StringComparison.Ordinal));
        Assert.DoesNotContain("secret", Assert.Throws<DecantException>(() => BearerToken.Of("secret")).Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever a wrong token has in common with the right one, it is compared as a hash of the same length.</summary>
    [Theory]
    [InlineData("", false)]
    [InlineData("a", false)]
    [InlineData("a-token-of-the-tests-012345678", false)]
    [InlineData("a-token-of-the-tests-01234567890", false)]
    [InlineData("A-token-of-the-tests-0123456789", false)]
    [InlineData(ServedFolders.Token, true)]
    public void A_token_is_right_as_a_whole(string token, bool expected) => Assert.Equal(expected, BearerToken.Of(ServedFolders.Token)!.IsRight(token));

    [Fact]
    public void Tokens_are_compared_in_constant_time()
    {
        using var assembly = Mono.Cecil.AssemblyDefinition.ReadAssembly(typeof(DecantServer).Assembly.Location);
        var calls = assembly.MainModule.GetType(typeof(BearerToken).FullName!.Replace('+', '/')).Methods.Single(m => m.Name == nameof(BearerToken.IsRight)).Body.Instructions
            .Select(i => (i.Operand as Mono.Cecil.MethodReference)?.Name).ToList();
        Assert.Contains("FixedTimeEquals", calls);
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentBag<string> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => All.Add(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}
