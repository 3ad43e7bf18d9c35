using Decant.Teachers.Answers.Storage;
using Decant.Teachers.Remote;
using Decant.Teachers.Remote.Limits;
using Decant.Teachers.Remote.Storing;
using Microsoft.Extensions.AI;

namespace Decant.Tests.Teachers.Remote;

public sealed class RemoteAnswersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_named()
    {
        var file = Path.Combine(_folder.Path, "answers");
        File.WriteAllText(file, "");
        Assert.Contains("is a file, expected a folder", Assert.Throws<DecantException>(() => RemoteAnswers.Open(file, "teacher")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stored_answer_is_the_answer_again_and_costs_nothing()
    {
        using var teacher = new FakeTeacher { Answer = _ => new FakeReply("ja 👍\ud83d", [("ja", [("ja", 0.7), ("nein", 0.2)]), (" 👍", [(" 👍", 1)])]) { Finish = "length" } };
        var budget = new RequestBudget(new BudgetOptions { MostRequests = 1 });
        var options = new ChatOptions { MaxOutputTokens = 5 }.WithLogprobs(2);
        ChatResponse first, second;
        using (var answers = RemoteAnswers.Open(_folder.Path, teacher.Endpoint))
        {
            using var client = teacher.Endpoint.OpenChat().AsBuilder().UseAnswers(answers).UseBudget(budget).Build();
            first = await client.GetResponseAsync("Ist es so?", options);
        }

        using (var answers = RemoteAnswers.Open(_folder.Path, teacher.Endpoint))
        {
            using var client = teacher.Endpoint.OpenChat().AsBuilder().UseAnswers(answers).UseBudget(budget).Build();
            second = await client.GetResponseAsync("Ist es so?", options);
            Assert.Equal((0L, 1L, 1, 0, 0), (answers.Sent, answers.FromStore, answers.Count, answers.InFlight, answers.LostInFlight));
        }

        Assert.Equal((false, true), (first.IsFromStore(), second.IsFromStore()));
        Assert.StartsWith("ja 👍", first.Text, StringComparison.Ordinal);
        Assert.Equal((first.Text, first.FinishReason, first.ModelId, first.ResponseId, first.CreatedAt), (second.Text, second.FinishReason, second.ModelId, second.ResponseId, second.CreatedAt));
        Assert.Equal((first.Usage!.InputTokenCount, first.Usage.OutputTokenCount, first.Usage.TotalTokenCount), (second.Usage!.InputTokenCount, second.Usage.OutputTokenCount, second.Usage.TotalTokenCount));
        Assert.Equal(first.Logprobs().SelectMany(l => l.Top.Prepend(new TokenLogprob(l.Token, l.Logprob))), second.Logprobs().SelectMany(l => l.Top.Prepend(new TokenLogprob(l.Token, l.Logprob))));
        Assert.Equal(2, second.Logprobs().Count);
        Assert.Equal(1, budget.Spent.Requests);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*" + RequestJournal.Extension, SearchOption.AllDirectories));
    }

    public static TheoryData<string> Differences => ["model", "temperature", "seed", "tokens", "format", "logprobs", "top", "sample", "stop", "system", "role", "text", "instructions", "top-p"];

    [Theory]
    [MemberData(nameof(Differences))]
    public void All_that_an_answer_depends_on_is_in_the_key(string what)
    {
        static List<ChatMessage> Asked() => [new(ChatRole.System, "Be brief."), new(ChatRole.User, "Is it?")];
        var (messages, options) = (Asked(), new ChatOptions());
        switch (what)
        {
            case "model": options.ModelId = "other"; break;
            case "temperature": options.Temperature = 0; break;
            case "seed": options.Seed = 0; break;
            case "tokens": options.MaxOutputTokens = 5; break;
            case "format": options.ResponseFormat = ChatResponseFormat.Json; break;
            case "logprobs": options.WithLogprobs(0); break;
            case "top": options.WithLogprobs(5); break;
            case "sample": options.WithSample(0); break;
            case "stop": options.StopSequences = ["x"]; break;
            case "system": messages[0] = new ChatMessage(ChatRole.System, "Be long."); break;
            case "role": messages[0] = new ChatMessage(ChatRole.User, "Be brief."); break;
            case "text": messages[1] = new ChatMessage(ChatRole.User, "Is it??"); break;
            case "instructions": options.Instructions = "Be kind."; break;
            default: options.TopP = 0.5f; break;
        }

        Assert.Equal(ChatKey.Of(Asked(), null), ChatKey.Of(Asked(), new ChatOptions()));
        Assert.NotEqual(ChatKey.Of(Asked(), null), ChatKey.Of(messages, options));
        Assert.Equal(ChatKey.Of(messages, options), ChatKey.Of(messages, options.Clone()));
        Assert.NotEqual(ChatKey.Of(Asked(), new ChatOptions().WithLogprobs(1)), ChatKey.Of(Asked(), new ChatOptions().WithLogprobs(2)));
    }

    [Fact]
    public void What_cannot_be_seen_has_no_key() =>
        Assert.Contains("RawRepresentationFactory", Assert.Throws<DecantException>(() => ChatKey.Of([], new ChatOptions { RawRepresentationFactory = _ => null })).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Equal_requests_at_the_same_time_are_sent_once()
    {
        var answer = new TaskCompletionSource<ChatResponse>();
        var inner = new ScriptedClient((_, _) => answer.Task);
        using var answers = RemoteAnswers.Open(_folder.Path, "teacher");
        using var client = inner.AsBuilder().UseAnswers(answers).Build();
        using var cancel = new CancellationTokenSource();
        var given = client.GetResponseAsync("Is it?", null, cancel.Token);
        var asked = Enumerable.Range(0, 20).Select(_ => client.GetResponseAsync("Is it?")).ToList();
        Assert.Equal(1, answers.InFlight);
        await cancel.CancelAsync(); // the first goes, the others still wait
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        answer.SetResult(ScriptedClient.Said("yes", 3, 1));
        Assert.All(await Task.WhenAll(asked), response => Assert.Equal("yes", response.Text));
        Assert.Equal((1, 1L, 0, 1), (inner.Sent, answers.Sent, answers.InFlight, answers.Count));
    }

    [Fact]
    public async Task A_request_that_nobody_waits_for_any_more_ends_and_one_whose_answer_comes_all_the_same_is_kept()
    {
        var answer = new TaskCompletionSource<ChatResponse>();
        var inner = new Stubborn(answer.Task);
        using var answers = RemoteAnswers.Open(_folder.Path, "teacher");
        using var client = inner.AsBuilder().UseAnswers(answers).Build();
        using var cancel = new CancellationTokenSource();
        var given = client.GetResponseAsync("Is it?", null, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        var again = client.GetResponseAsync("Is it?"); // waits for what is still out
        answer.SetResult(ScriptedClient.Said("yes"));
        Assert.Equal("yes", (await again).Text);
        Assert.Equal((1, true), (inner.Sent, inner.WasCancelled));
    }

    [Fact]
    public async Task A_failure_is_not_stored_and_the_journal_is_closed()
    {
        using var answers = RemoteAnswers.Open(_folder.Path, "teacher");
        using var client = new ScriptedClient((number, _) => number == 0 ? Task.FromException<ChatResponse>(new IOException("cut")) : Task.FromResult(ScriptedClient.Said("yes"))).AsBuilder().UseAnswers(answers).Build();
        await Assert.ThrowsAsync<IOException>(() => client.GetResponseAsync("Is it?"));
        Assert.Equal((0, 0), (answers.InFlight, answers.Count));
        Assert.Equal("yes", (await client.GetResponseAsync("Is it?")).Text);
    }

    [Fact]
    public async Task What_another_process_has_stored_meanwhile_is_not_asked_for_and_another_teacher_has_another_store()
    {
        using var mine = RemoteAnswers.Open(_folder.Path, "teacher");
        using var theirs = RemoteAnswers.Open(_folder.Path, "teacher");
        using var other = RemoteAnswers.Open(_folder.Path, "another teacher");
        var inner = new ScriptedClient(number => ScriptedClient.Said($"answer {number}"));
        foreach (var answers in new[] { theirs, mine, other })
        {
            using var client = inner.AsBuilder().UseAnswers(answers).Build();
            Assert.Equal(answers == other ? "answer 1" : "answer 0", (await client.GetResponseAsync("Is it?")).Text);
        }

        Assert.Equal((0, 2), (mine.LostInFlight, Directory.GetDirectories(_folder.Path).Length)); // a process that lives has lost nothing
    }

    [Fact]
    public async Task What_was_out_when_a_process_ended_is_counted_for_good()
    {
        var never = new TaskCompletionSource<ChatResponse>();
        var dropped = RemoteAnswers.Open(_folder.Path, "teacher");
        var client = new ScriptedClient((_, text) => text == "slow" ? never.Task : Task.FromResult(ScriptedClient.Said("yes"))).AsBuilder().UseAnswers(dropped).Build();
        await client.GetResponseAsync("quick");
        _ = client.GetResponseAsync("slow");
        dropped.Dispose();
        for (var opened = 0; opened < 2; opened++)
        {
            using var answers = RemoteAnswers.Open(_folder.Path, "teacher");
            Assert.Equal([ChatKey.Of([new ChatMessage(ChatRole.User, "slow")], null)], answers.LeftInFlight);
            using var again = new ScriptedClient(_ => ScriptedClient.Said("at last")).AsBuilder().UseAnswers(answers).Build();
            Assert.Equal("at last", (await again.GetResponseAsync("slow")).Text);
        }
    }

    [Fact]
    public void A_journal_that_is_cut_off_anywhere_is_read()
    {
        var keys = Enumerable.Range(1, 3).Select(i => new AnswerKey((UInt128)i)).ToArray();
        var whole = string.Concat(keys.Select(key => $"+ {key}\n")) + $"- {keys[0]}\nx {keys[1]}\n";
        for (var length = 0; length <= whole.Length; length++)
        {
            var path = _folder.Write($"j{RequestJournal.Extension}", whole[..length]);
            var left = RequestJournal.Left(_folder.Path, key => key == keys[2]); // the third was stored, and its line not written
            var open = left.SelectMany(k => k).ToList();
            Assert.True(open.Count <= 2 && !open.Contains(keys[2]), $"{length}: {string.Join(", ", open)}");
            Assert.Equal(open, RequestJournal.Left(_folder.Path, _ => true).SelectMany(k => k)); // settled once
            Assert.Equal(open.Count > 0, File.Exists(path));
        }
    }

    [Fact]
    public async Task Vectors_are_asked_for_once_each()
    {
        using var teacher = new FakeTeacher();
        foreach (var (texts, sent) in new[] { (new[] { "one", "two", "one" }, 2), (["two", "three"], 1), (["one", "two", "three"], 0) })
        {
            using var answers = RemoteAnswers.Open(_folder.Path, teacher.Endpoint);
            using var generator = teacher.Endpoint.OpenEmbeddings().AsBuilder().UseAnswers(answers).UseRetry().UseBudget(new RequestBudget(new BudgetOptions { MostTokens = 1000 })).UseRateLimit(new RateLimitOptions()).Build();
            var vectors = await generator.GenerateAsync(texts);
            Assert.Equal(texts.Select(FakeTeacherWire.VectorOf), vectors.Select(v => v.Vector.ToArray()));
            Assert.Equal(sent, teacher.Requests.Sum(request => request["input"]!.AsArray().Count));
            teacher.Requests.Clear();
        }
    }

    /// <summary>A client that does not end when it is cancelled.</summary>
    private sealed class Stubborn(Task<ChatResponse> answer) : DelegatingChatClient(new ScriptedClient(_ => ScriptedClient.Said("")))
    {
        public int Sent { get; private set; }

        public bool WasCancelled { get; private set; }

        public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Sent++;
            cancellationToken.Register(() => WasCancelled = true);
            return answer;
        }
    }
}
