using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Decant.Tests.Hub;

/// <summary>A server that answers as Hugging Face's hub does, with the shapes of its headers, and with faults that a test asks for. Large files come from a second server, as from another host.</summary>
internal sealed class FakeHub : IDisposable
{
    public const string Commit = "2439f60ef33a0d46d85da5001d52aeda5b00ce9f";
    private readonly TcpListener _hub = new(IPAddress.Loopback, 0), _cdn = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private long _sent;

    public FakeHub(IReadOnlyDictionary<string, byte[]> files)
    {
        Files = files;
        _hub.Start();
        _cdn.Start();
        _ = Serve(_hub, "hub");
        _ = Serve(_cdn, "cdn");
    }

    public IReadOnlyDictionary<string, byte[]> Files { get; }

    public string Name { get; init; } = "acme/minilm";

    /// <summary>What goes wrong with a request.</summary>
    public Func<HubRequest, HubFault> Fault { get; set; } = _ => HubFault.None;

    /// <summary>The token that it wants; null: none.</summary>
    public string? Token { get; set; }

    /// <summary>Changes the description of the repository before it is sent; null: as it is.</summary>
    public Func<string, string>? Description { get; set; }

    /// <summary>Whether the description says sizes and hashes.</summary>
    public bool SaysHashes { get; set; } = true;

    /// <summary>The name that a renamed repository is found under now; null: it was not renamed.</summary>
    public string? RenamedTo { get; set; }

    public ConcurrentQueue<HubRequest> Requests { get; } = new();

    /// <summary>The bytes of files that were sent.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_hub.LocalEndpoint).Port}/");

    /// <summary>The hash that the hub has for a file.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5350", Justification = "git's own hash")]
    public string HashOf(string path) => IsLarge(path)
        ? Convert.ToHexStringLower(SHA256.HashData(Files[path]))
        : Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {Files[path].Length}\0"), .. Files[path]]));

    public static bool IsLarge(string path) => Path.GetExtension(path) is ".safetensors" or ".bin" or ".onnx" or ".gguf";

    public void Dispose()
    {
        _stop.Cancel();
        _hub.Dispose();
        _cdn.Dispose();
    }

    private async Task Serve(TcpListener listener, string host)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptTcpClientAsync(_stop.Token);
                _ = Task.Run(() => Answer(client, host));
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task Answer(TcpClient client, string host)
    {
        using var connection = client;
        try
        {
            using var stream = client.GetStream();
            if (await Read(stream, host) is not { } request)
                return;
            Requests.Enqueue(request);
            await Answer(stream, request, Fault(request));
            client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
        {
            // the client has gone
        }
    }

    private static async Task<HubRequest?> Read(NetworkStream stream, string host)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one) == 0)
                return null;
            head.Append((char)one[0]);
        }

        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var first = lines[0].Split(' ');
        return new HubRequest(host, first[0], first[1], lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(p => p[0].ToLowerInvariant(), p => p[1]));
    }

    private async Task Answer(NetworkStream stream, HubRequest request, HubFault fault)
    {
        switch (fault)
        {
            case HubFault.CutAtStart:
                return;
            case HubFault.CutInHead:
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Le"u8.ToArray());
                return;
            case HubFault.WebPage:
                await Send(stream, request, "200 OK", Encoding.UTF8.GetBytes("<!DOCTYPE html><html><body>Log in to the network</body></html>"), ["Content-Type: text/html; charset=utf-8"]);
                return;
            case HubFault.LfsPointer:
                await Send(stream, request, "200 OK", Encoding.UTF8.GetBytes("version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 45437760\n"), ["Content-Type: text/plain; charset=utf-8"]);
                return;
            case HubFault.Unauthorized:
                await Send(stream, request, "401 Unauthorized", "Invalid username or password."u8.ToArray(), ["X-Error-Message: Invalid credentials in Authorization header"]);
                return;
            case HubFault.Gated:
                await Send(stream, request, "403 Forbidden", "Access to model is restricted"u8.ToArray(), ["X-Error-Code: GatedRepo", $"X-Error-Message: Access to model {Name} is restricted and you are not in the authorized list. Visit https://huggingface.co/{Name} to ask for access."]);
                return;
            case HubFault.NotFound:
                await Send(stream, request, "404 Not Found", "Entry not found"u8.ToArray(), ["X-Error-Code: EntryNotFound", "X-Error-Message: Entry not found"]);
                return;
            case HubFault.TooManySeconds:
                await Send(stream, request, "429 Too Many Requests", "Rate limited"u8.ToArray(), ["Retry-After: 7"]);
                return;
            case HubFault.TooManyDate:
                await Send(stream, request, "429 Too Many Requests", "Rate limited"u8.ToArray(), [$"Retry-After: {DateTimeOffset.UtcNow.AddSeconds(20):R}"]);
                return;
            case HubFault.ServerError:
                await Send(stream, request, "500 Internal Server Error", "Internal Error"u8.ToArray(), []);
                return;
            case HubFault.Unavailable:
                await Send(stream, request, "503 Service Unavailable", "<html>Service Unavailable</html>"u8.ToArray(), ["Content-Type: text/html"]);
                return;
            case HubFault.RedirectLoop:
                await Send(stream, request, "302 Found", [], [$"Location: {request.Path}"]);
                return;
            case HubFault.RedirectNowhere:
                await Send(stream, request, "302 Found", [], []);
                return;
            default:
                await Answer(stream, request, request.Path.Split('?')[0].Trim('/').Split('/'), fault);
                return;
        }
    }

    private async Task Answer(NetworkStream stream, HubRequest request, string[] parts, HubFault fault)
    {
        if (request.Host == "cdn")
        {
            var path = Files.Keys.First(f => HashOf(f) == parts[^1]);
            await File(stream, request, Files[path], [$"ETag: \"{parts[^1]}\"", "Content-Type: binary/octet-stream"], fault);
            return;
        }

        var name = parts[0] == "api" ? $"{parts[2]}/{parts[3]}" : $"{parts[0]}/{parts[1]}";
        if (RenamedTo is not null && name == Name)
        {
            await Send(stream, request, "307 Temporary Redirect", [], [$"Location: {request.Path.Replace(Name, RenamedTo, StringComparison.Ordinal)}"]);
            return;
        }

        if (name != (RenamedTo ?? Name) || (Token is not null && request.Headers.GetValueOrDefault("authorization") != $"Bearer {Token}"))
        {
            await Send(stream, request, "401 Unauthorized", "Invalid username or password."u8.ToArray(), ["X-Error-Code: RepoNotFound", "X-Error-Message: Repository not found"]);
            return;
        }

        var revision = Uri.UnescapeDataString(parts[0] == "api" ? parts[5] : parts[3]);
        if (revision is not ("main" or "refs/pr/1" or Commit))
            await Send(stream, request, "404 Not Found", "{}"u8.ToArray(), ["X-Error-Code: RevisionNotFound", "X-Error-Message: Invalid rev id: " + revision]);
        else if (parts[0] == "api")
            await File(stream, request, Encoding.UTF8.GetBytes(Described()), ["Content-Type: application/json; charset=utf-8"], fault);
        else
            await Resolve(stream, request, Uri.UnescapeDataString(string.Join('/', parts[4..])), fault);
    }

    private async Task Resolve(NetworkStream stream, HubRequest request, string path, HubFault fault)
    {
        if (!Files.TryGetValue(path, out var content))
        {
            await Send(stream, request, "404 Not Found", "Entry not found"u8.ToArray(), ["X-Error-Code: EntryNotFound", $"X-Repo-Commit: {Commit}"]);
            return;
        }

        var etag = fault == HubFault.OtherEtag ? new string('d', HashOf(path).Length) : HashOf(path);
        if (IsLarge(path))
        {
            string[] linked = fault == HubFault.NoHeaders ? [] : [$"X-Repo-Commit: {Commit}", $"X-Linked-Size: {content.Length}", $"X-Linked-Etag: \"{etag}\"", "ETag: \"0123456789abcdef0123456789abcdef-3\""];
            await Send(stream, request, "302 Found", "Found. Redirecting"u8.ToArray(), [$"Location: http://127.0.0.1:{((IPEndPoint)_cdn.LocalEndpoint).Port}/repos/7a/3b/{HashOf(path)}?X-Amz-Signature=5ec7e7", "X-Xet-Hash: 51c2", .. linked]);
            return;
        }

        await File(stream, request, content, fault == HubFault.NoHeaders ? [] : [$"ETag: \"{etag}\"", $"X-Repo-Commit: {Commit}", "Content-Type: text/plain; charset=utf-8"], fault);
    }

    private string Described()
    {
        var json = JsonSerializer.Serialize(new
        {
            _id = "621ffdc136468d709f180294",
            id = RenamedTo ?? Name,
            modelId = RenamedTo ?? Name,
            sha = Commit,
            @private = false,
            gated = false,
            siblings = Files.Select(f => (object)(!SaysHashes ? new { rfilename = f.Key }
                : IsLarge(f.Key) ? new { rfilename = f.Key, size = f.Value.Length, blobId = new string('b', 40), lfs = new { sha256 = HashOf(f.Key), size = f.Value.Length, pointerSize = 134 } }
                : new { rfilename = f.Key, size = f.Value.Length, blobId = HashOf(f.Key) })),
        });
        return Description?.Invoke(json) ?? json;
    }

    private async Task File(NetworkStream stream, HubRequest request, byte[] whole, string[] headers, HubFault fault)
    {
        var from = fault == HubFault.NoRange ? 0 : request.From;
        if (from >= whole.Length && from > 0)
        {
            await Send(stream, request, "416 Range Not Satisfiable", [], [$"Content-Range: bytes */{whole.Length}"]);
            return;
        }

        var body = whole[from..];
        var (status, range) = from > 0 ? ("206 Partial Content", new[] { $"Content-Range: bytes {from}-{whole.Length - 1}/{whole.Length}" }) : ("200 OK", []);
        switch (fault)
        {
            case HubFault.WrongBytes when body.Length > 0:
                body = [.. body];
                body[^1] ^= 0x40;
                break;
            case HubFault.TooShort:
                body = body[..(body.Length / 2)];
                break;
            case HubFault.TooLong:
                await Head(stream, request, status, [.. headers, .. range], null);
                await Body(stream, request, [.. body, .. "and more"u8]);
                return;
            case HubFault.CutMidFile or HubFault.Stalled:
                await Head(stream, request, status, [.. headers, .. range], body.Length);
                await Body(stream, request, body[..(body.Length / 2)]);
                if (fault == HubFault.Stalled)
                    await Task.Delay(TimeSpan.FromSeconds(5), _stop.Token);
                return;
        }

        await Head(stream, request, status, [.. headers, .. range], body.Length);
        await Body(stream, request, body);
    }

    private static async Task Send(NetworkStream stream, HubRequest request, string status, byte[] body, string[] headers)
    {
        await Head(stream, request, status, headers, body.Length);
        if (request.Method != "HEAD")
            await stream.WriteAsync(body);
    }

    private async Task Body(NetworkStream stream, HubRequest request, byte[] body)
    {
        if (request.Method == "HEAD")
            return;
        await stream.WriteAsync(body);
        Interlocked.Add(ref _sent, body.Length);
    }

    private static async Task Head(NetworkStream stream, HubRequest request, string status, string[] headers, int? length) => await stream.WriteAsync(Encoding.ASCII.GetBytes(
        $"HTTP/1.1 {status}\r\n{string.Concat(headers.Select(h => h + "\r\n"))}{(length is null ? "" : $"Content-Length: {length}\r\n")}Connection: close\r\nX-Request-Id: Root=1-{request.Path.Length}\r\n\r\n"));
}
