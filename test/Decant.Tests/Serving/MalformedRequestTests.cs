using System.Text;
using Decant.Serving.Limits;

namespace Decant.Tests.Serving;

public sealed class MalformedRequestTests(ServedFolders folders) : IClassFixture<ServedFolders>
{
    private const int Refused = 10_000;

    private static readonly (string Path, string Body)[] s_valid =
    [
        ("/v1/completions", """{"model":"stories","prompt":["dogs","a film"],"max_tokens":4,"temperature":0.5,"top_p":0.9,"seed":3,"stop":["x"],"logprobs":2,"stream":false}"""),
        ("/v1/embeddings", """{"model":"vectors","input":["dogs","a film"],"encoding_format":"float","dimensions":5}"""),
        ("/classify", """{"model":"ranks","pairs":[["dogs","cats"],["a film","a plot"]]}"""),
        ("/v1/chat/completions", """{"model":"chats","max_tokens":3,"messages":[{"role":"user","content":"hello"},{"role":"assistant","content":null,"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}]}"""),
    ];

    private static readonly string[] s_junk = ["-1", "1e999", "null", "{}", "[]", "\"\\ud800\"", "\"\"", "true", "99999999999999999999", "NaN", "\0", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "\u2028", "0.5"];

    /// <summary>Mutations of valid requests, seeds fixed; what happens to stay valid is answered, and counted apart.</summary>
    [Fact]
    public async Task Ten_thousand_malformed_requests_are_refused_and_none_is_the_servers_fault()
    {
        await using var server = await folders.StartAsync(new ServingLimits { Queue = 1000, MaxTokens = 8 });
        using var client = ServedFolders.Client(server);
        var (refused, answered, seed) = (0, 0, 0);
        await Parallel.ForAsync(0, 8, TestContext.Current.CancellationToken, async (_, cancellation) =>
        {
            while (Volatile.Read(ref refused) < Refused)
            {
                var own = Interlocked.Increment(ref seed);
                var (path, body) = Mutated(new Random(own));
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new("application/json");
                using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content, cancellation);
                var status = (int)response.StatusCode;
                Assert.True(status is 200 or (>= 400 and < 500), $"seed {own}: {status} to {Encoding.UTF8.GetString(body)}");
                if (status == 200)
                {
                    Interlocked.Increment(ref answered);
                    continue;
                }

                Assert.StartsWith("{\"error\":{\"message\":\"", await response.Content.ReadAsStringAsync(cancellation), StringComparison.Ordinal);
                Interlocked.Increment(ref refused);
            }
        });
        Assert.InRange(answered, 0, Refused);
        Assert.Equal(200, (await ServedFolders.PostAsync(client, s_valid[0].Path, s_valid[0].Body)).Status);
    }

    private static (string Path, byte[] Body) Mutated(Random random)
    {
        var (path, text) = s_valid[random.Next(s_valid.Length)];
        var body = Encoding.UTF8.GetBytes(text).ToList();
        for (var times = random.Next(1, 4); times > 0 && body.Count > 1; times--)
        {
            var at = random.Next(body.Count);
            switch (random.Next(5))
            {
                case 0:
                    body.RemoveRange(at, random.Next(1, body.Count - at + 1));
                    break;
                case 1:
                    body[at] = (byte)random.Next(256);
                    break;
                case 2:
                    body.InsertRange(at, Encoding.UTF8.GetBytes(s_junk[random.Next(s_junk.Length)]));
                    break;
                case 3:
                    body.InsertRange(at, body.GetRange(at, random.Next(1, body.Count - at + 1)));
                    break;
                default:
                    var value = body.IndexOf((byte)':', at);
                    if (value > 0)
                        body.InsertRange(value + 1, [.. Encoding.UTF8.GetBytes(s_junk[random.Next(s_junk.Length)]), (byte)',', .. "\"other\":"u8]);
                    break;
            }
        }

        return (path, [.. body]);
    }
}
