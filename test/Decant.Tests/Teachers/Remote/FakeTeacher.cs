using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Decant.Teachers.Remote;

namespace Decant.Tests.Teachers.Remote;

/// <summary>A server that speaks OpenAI's API on the wire, with the abilities and the faults that a test asks for.</summary>
internal sealed class FakeTeacher : IDisposable
{
    public const string Model = "tiny-1";
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private int _number;

    public FakeTeacher()
    {
        _listener.Start();
        _ = Serve();
    }

    /// <summary>What it answers to the last message.</summary>
    public Func<JsonNode, FakeReply> Answer { get; set; } = request => new FakeReply(FakeTeacherWire.Letters(request, 0));

    /// <summary>What goes wrong with a request, by its number from 0 and its body.</summary>
    public Func<int, JsonNode, TeacherFault> Fault { get; set; } = (_, _) => TeacherFault.None;

    public bool GivesLogprobs { get; init; } = true;

    public bool GivesPromptLogprobs { get; init; }

    /// <summary>What it answers at <c>/completions</c>; null: as at <c>/chat/completions</c>.</summary>
    public Func<JsonNode, JsonNode>? Completes { get; set; }

    public bool KeepsSeeds { get; init; } = true;

    public bool GivesChoices { get; init; } = true;

    public bool GivesUsage { get; init; } = true;

    /// <summary>What stands beside 429.</summary>
    public string RetryAfter { get; init; } = "1";

    public int MostTop { get; init; } = 20;

    public TimeSpan Latency { get; set; }

    /// <summary>A certificate, for https; null: http.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The key that it wants; null: none.</summary>
    public string? Key { get; init; }

    /// <summary>The bodies of all requests, and the heads.</summary>
    public ConcurrentQueue<JsonNode> Requests { get; } = new();

    public ConcurrentQueue<string> Heads { get; } = new();

    public RemoteEndpoint Endpoint => new()
    {
        Address = new Uri($"{(Certificate is null ? "http" : "https")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1"),
        Model = Model,
        KeyVariable = "TEST_KEY",
    };

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }

    private async Task Serve()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = Task.Run(() => One(client));
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task One(TcpClient client)
    {
        using var connection = client;
        try
        {
            await using Stream stream = Certificate is null ? client.GetStream() : await Secured(client);
            if (await Read(stream) is not var (head, body))
                return;
            var number = Interlocked.Increment(ref _number) - 1;
            Heads.Enqueue(head);
            Requests.Enqueue(body);
            await Task.Delay(Latency, _stop.Token);
            await Respond(stream, head, body, Key is not null && !head.Contains($"Bearer {Key}\r\n", StringComparison.Ordinal) ? TeacherFault.WrongKey : Fault(number, body), number);
            client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or AuthenticationException or ObjectDisposedException)
        {
            // the client has gone
        }
    }

    private async Task<SslStream> Secured(TcpClient client)
    {
        var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsServerAsync(Certificate!);
        return stream;
    }

    private static async Task<(string Head, JsonNode Body)?> Read(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one) == 0)
                return null;
            head.Append((char)one[0]);
        }

        var text = head.ToString();
        var length = int.Parse(text.Split("\r\n").Single(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Split(':')[1]);
        var body = new byte[length];
        await stream.ReadExactlyAsync(body);
        return (text, JsonNode.Parse(body)!);
    }

    private async Task Respond(Stream stream, string head, JsonNode request, TeacherFault fault, int number)
    {
        var key = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Authorization: Bearer ", StringComparison.Ordinal))?["Authorization: Bearer ".Length..] ?? "";
        if (FakeTeacherWire.Refusal(fault, key, RetryAfter) is var (status, headers, message))
        {
            await Send(stream, status, message, headers);
            return;
        }

        if (fault == TeacherFault.CutAtStart)
            return;
        if (Unable(request) is { } unable)
        {
            await Send(stream, "400 Bad Request", FakeTeacherWire.Error(unable, "invalid_request_error", "unsupported"), []);
            return;
        }

        if (Completes is { } completes && head.Contains("/v1/completions", StringComparison.Ordinal))
        {
            var (failure, completed) = Completed(completes, request);
            if (failure is null)
                await Send(stream, fault, completed);
            else
                await Send(stream, "400 Bad Request", FakeTeacherWire.Error(failure, "invalid_request_error", "the test's server"), []);
            return;
        }

        var whole = head.Contains("/embeddings", StringComparison.Ordinal) ? FakeTeacherWire.Vectors(request) : Completion(request, fault, number);
        await Send(stream, fault, whole);
    }

    // What is wrong with the test itself must not look like a connection that was cut.
    private static (string? Failure, string Whole) Completed(Func<JsonNode, JsonNode> completes, JsonNode request)
    {
        try
        {
            return (null, completes(request).ToJsonString());
        }
        catch (Exception error)
        {
            return (error.ToString(), "");
        }
    }

    private string? Unable(JsonNode request) => (int?)request["top_logprobs"] > MostTop ? $"top_logprobs must be at most {MostTop}" : null;

    private string Completion(JsonNode request, TeacherFault fault, int number)
    {
        var choices = new JsonArray();
        var count = GivesChoices ? (int?)request["n"] ?? 1 : 1;
        for (var i = 0; i < count; i++)
        {
            if (!KeepsSeeds)
                request["seed"] = (1000L * number) + 17;
            var reply = request["response_format"] is not null && FakeTeacherWire.Asks(request, "JSON object") ? new FakeReply("{\"number\": 3}")
                : FakeTeacherWire.Asks(request, "random letters") ? new FakeReply(FakeTeacherWire.Letters(request, i)) : Answer(request);
            choices.Add(FakeTeacherWire.Choice(fault == TeacherFault.WrongModel ? new FakeReply("another model's words") : reply, i, GivesLogprobs && (bool?)request["logprobs"] == true, (int?)request["top_logprobs"] ?? 0));
        }

        var usage = FakeTeacherWire.Usage(request, choices);
        if (fault == TeacherFault.DuplicatedChoices)
            choices.Add(choices[0]!.DeepClone());
        if (fault == TeacherFault.NoChoices)
            choices.Clear();
        var answer = new JsonObject { ["id"] = $"c{number}", ["object"] = "chat.completion", ["created"] = 1_700_000_000, ["model"] = fault == TeacherFault.WrongModel ? "tiny-0" : Model, ["choices"] = choices };
        if (GivesUsage)
            answer["usage"] = usage;
        if (GivesPromptLogprobs && request["prompt_logprobs"] is not null)
            answer["prompt_logprobs"] = JsonNode.Parse("""[null,{"12":{"logprob":-1.5}},{"7":{"logprob":-0.5}}]""");
        return answer.ToJsonString();
    }

    private async Task Send(Stream stream, TeacherFault fault, string whole)
    {
        var body = Encoding.UTF8.GetBytes(whole);
        switch (fault)
        {
            case TeacherFault.Cut:
                await Head(stream, "200 OK", ["Content-Type: application/json"], body.Length);
                await stream.WriteAsync(body.AsMemory(0, body.Length / 2));
                return;
            case TeacherFault.SlowBytes:
                await Head(stream, "200 OK", ["Content-Type: application/json"], body.Length);
                foreach (var one in body)
                {
                    await stream.WriteAsync(new[] { one });
                    await Task.Delay(500, _stop.Token);
                }

                return;
            case TeacherFault.HalfJson:
                await Send(stream, "200 OK", whole[..(whole.Length / 2)], ["Content-Type: application/json"]);
                return;
            default:
                await Send(stream, "200 OK", whole, ["Content-Type: application/json"]);
                return;
        }
    }

    private static async Task Send(Stream stream, string status, string text, string[] headers)
    {
        var body = Encoding.UTF8.GetBytes(text);
        await Head(stream, status, headers, body.Length);
        await stream.WriteAsync(body);
    }

    private static async Task Head(Stream stream, string status, string[] headers, int length) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{string.Concat(headers.Select(h => h + "\r\n"))}Content-Length: {length}\r\nConnection: close\r\n\r\n"));
}
