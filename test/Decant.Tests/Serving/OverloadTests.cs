using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Decant.Serving.Limits;

namespace Decant.Tests.Serving;

/// <summary>Ten times as many requests at once as a server takes: ten seconds in the suite, as long as DECANT_OVERLOAD_SECONDS says by hand.</summary>
public sealed partial class OverloadTests(ServedFolders folders) : IClassFixture<ServedFolders>
{
    private const int Places = 10;
    private const double MostGrowth = 64; // MiB

    [Fact]
    public async Task Ten_times_the_load_is_shed_and_no_accepted_request_is_lost()
    {
        var seconds = double.Parse(Environment.GetEnvironmentVariable("DECANT_OVERLOAD_SECONDS") ?? "10", CultureInfo.InvariantCulture);
        await using var server = await folders.StartAsync(new ServingLimits { Concurrency = 2, Queue = Places - 2 });
        using var client = ServedFolders.Client(server);
        var expected = folders.Continuation("dogs", 64);
        var (answered, shed) = (0L, 0L);
        var clock = Stopwatch.StartNew();
        var memory = new List<double>();
        var watch = Task.Run(async () =>
        {
            while (clock.Elapsed.TotalSeconds < seconds)
            {
                await Task.Delay(TimeSpan.FromSeconds(seconds / 20), TestContext.Current.CancellationToken);
                memory.Add(Environment.WorkingSet / 1048576.0);
            }
        }, TestContext.Current.CancellationToken);
        await Parallel.ForAsync(0, 10 * Places, new ParallelOptions { MaxDegreeOfParallelism = 10 * Places, CancellationToken = TestContext.Current.CancellationToken }, async (_, cancellation) =>
        {
            while (clock.Elapsed.TotalSeconds < seconds)
            {
                using var response = await client.PostAsync(new Uri("/v1/completions", UriKind.Relative), ServedFolders.Json("""{"model":"stories","prompt":"dogs","max_tokens":64,"temperature":0}"""), cancellation);
                var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation))!;
                if ((int)response.StatusCode == 429)
                {
                    Assert.NotNull(response.Headers.RetryAfter);
                    Interlocked.Increment(ref shed);
                    await Task.Delay(5, cancellation);
                    continue;
                }

                Assert.True((int)response.StatusCode == 200, body.ToJsonString());
                Assert.Equal(expected, (string)body["choices"]![0]!["text"]!);
                Interlocked.Increment(ref answered);
            }
        });
        await watch;
        var metrics = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(answered, long.Parse(Answered().Match(metrics).Groups[1].Value, CultureInfo.InvariantCulture));
        Assert.Contains("decant_requests_admitted 0\n", metrics, StringComparison.Ordinal);
        Assert.True(answered > 20 && shed > 20, $"{answered} answered, {shed} shed: this was no overload");
        var growth = memory[^1] - memory[memory.Count / 4];
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s: {answered} answered, {shed} shed; {memory[memory.Count / 4]:0.0} MiB after a quarter, {memory[^1]:0.0} MiB at the end"));
        if (seconds >= 60) // shorter, other tests of the process weigh more
            Assert.True(growth < MostGrowth, $"the process grew by {growth:0.0} MiB");
    }

    [GeneratedRegex("status=\"200\"} (\\d+)\n")]
    private static partial Regex Answered();
}
