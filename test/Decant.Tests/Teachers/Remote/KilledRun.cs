using System.Collections.Concurrent;
using Decant.Teachers.Remote;
using Decant.Teachers.Remote.Classifying;
using Decant.Teachers.Remote.Limits;
using Decant.Teachers.Remote.Storing;
using Microsoft.Extensions.AI;

namespace Decant.Tests.Teachers.Remote;

/// <summary>A run of a classifier over rows, with all decorators, that can be killed.</summary>
/// <param name="folder">The folder of stores.</param>
/// <param name="endpoint">The teacher.</param>
internal sealed class KilledRun(string folder, RemoteEndpoint endpoint)
{
    public const int Concurrency = 4;

    public static readonly ChatClassifierOptions Question = new() { Classes = [new("sport"), new("science"), new("art")] };

    /// <summary>The rows that were sent for, and those whose answers reached <c>UseAnswers</c> before the kill.</summary>
    public ConcurrentQueue<string> Begun { get; } = new();

    public ConcurrentQueue<string> Arrived { get; } = new();

    /// <summary>The rows that runs before this one had sent when they were killed.</summary>
    public IReadOnlyList<string> LeftBefore { get; private set; } = [];

    public static string Row(int i) => $"row {i}: " + new string('x', i % 5);

    /// <summary>Runs to the end, or until it is killed: from that moment on nothing is written and no lock is held, as after the end of a process, while requests are still out.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="kill">When it is killed; null: never.</param>
    /// <returns>The classifications; null: it was killed.</returns>
    public async Task<List<ChatClassification>?> Run(int rows, Task? kill)
    {
        var isAlive = true;
        using var answers = RemoteAnswers.Open(folder, endpoint);
        LeftBefore = [.. Enumerable.Range(0, rows).Select(Row).Where(row => answers.LeftInFlight.Contains(KeyOf(row)))];
        Assert.Equal(answers.LostInFlight, answers.LeftInFlight.Count);
        using var client = endpoint.OpenChat().AsBuilder()
            .UseAnswers(answers)
            .Use(inner => new Watched(inner, Begun, row =>
            {
                if (Volatile.Read(ref isAlive))
                    Arrived.Enqueue(row);
            }))
            .UseRateLimit(new RateLimitOptions { Concurrency = Concurrency })
            .UseRetry(new RetryOptions { Attempts = 8, FirstWait = TimeSpan.FromMilliseconds(1), LongestWait = TimeSpan.FromSeconds(1), BreakAfter = 1000 })
            .UseBudget(new RequestBudget(new BudgetOptions { MostRequests = 10_000 }))
            .Build();
        var work = new ChatClassifier(client, Question).ClassifyAsync(Enumerable.Range(0, rows).Select(Row), Concurrency).ToListAsync().AsTask();
        if (kill is not null && await Task.WhenAny(work, kill) == kill)
        {
            Volatile.Write(ref isAlive, false);
            answers.Dispose();
            await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return null;
        }

        return await work;
    }

    public static Decant.Teachers.Answers.Storage.AnswerKey KeyOf(string row) =>
        ChatKey.Of(new ClassPrompt(Question).Messages(row), new ChatOptions { Temperature = 0, Seed = 0, MaxOutputTokens = 16 }.WithLogprobs(20));

    private sealed class Watched(IChatClient inner, ConcurrentQueue<string> begun, Action<string> arrived) : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var row = messages.Last().Text.Split('\n')[1];
            begun.Enqueue(row);
            var response = await base.GetResponseAsync(messages, options, cancellationToken);
            arrived(row);
            return response;
        }
    }
}
