using Decant.Data;
using Decant.Data.Batching;
using Decant.Objectives.Sequence;
using Decant.Rollouts;
using Decant.Signals;
using Decant.Teachers.Local;
using Decant.Teachers.Remote;
using Decant.Teachers.Remote.Limits;
using Decant.Teachers.Remote.Scoring;
using Decant.Tests.Rollouts;
using Decant.Torch;

namespace Decant.Tests.Teachers.Remote.Scoring;

public sealed class TokenScorerTests : IDisposable
{
    private static readonly NumberTokens s_tokens = new(WritingRun.Vocabulary);
    private readonly FakeTeacher _server = new() { RetryAfter = "0" };

    public TokenScorerTests() => _server.Completes = request => ScoringWire.Answer(request, at => -0.1 * at, s_tokens.TokenOf);

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData(false, 0, """{"model":"tiny-1","prompt":[3,1,4,19],"max_tokens":0,"temperature":1,"echo":true,"logprobs":1}""")]
    [InlineData(false, 1, """{"model":"tiny-1","prompt":[3,1,4,19],"max_tokens":1,"temperature":1,"echo":true,"logprobs":1}""")]
    [InlineData(true, 0, """{"model":"tiny-1","prompt":[3,1,4,19],"max_tokens":1,"temperature":1,"prompt_logprobs":0}""")]
    public void Each_written_token_has_the_score_of_its_place_in_its_text(bool byIds, int generated, string request)
    {
        using var scope = TensorScope.Open();
        using var scorer = Open(new() { Form = FormOf(byIds), GeneratedTokens = generated });
        using var batch = Written();
        var scores = Assert.IsType<TokenScores>(scorer.Answer(batch, TestContext.Current.CancellationToken)).LogProbabilities.ToArray<float>();
        Assert.Equal([-0.2f, -0.3f, -0.1f, -0.3f, -0.4f, -0.5f], scores); // [3 1] 4 19, [9] 2, [1 8 9] 7 7 19
        Assert.Equal([request], _server.Requests.Select(r => r.ToJsonString()).Where(r => r.Contains("[3,1,", StringComparison.Ordinal)));
        Assert.Equal(3, _server.Requests.Count);
        Assert.Equal((SignalKinds.TokenScores, 20, "numbers"), (scorer.Offer.Kinds, scorer.Offer.Outputs, scorer.Offer.TokenizerHash));
    }

    [Fact]
    public void Of_a_batch_of_the_data_nothing_is_asked_and_nothing_known()
    {
        using var scope = TensorScope.Open();
        using var scorer = Open();
        using var batch = WritingRun.Prompts();
        var scores = ((TokenScores)scorer.Answer(batch, TestContext.Current.CancellationToken)).LogProbabilities.ToArray<float>();
        Assert.Equal(batch.Rows, scores.Length);
        Assert.All(scores, s => Assert.True(float.IsNaN(s)));
        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Scores_are_those_of_the_same_model_in_this_process(bool byIds)
    {
        using var model = WritingRun.Llama(seed: 2, layers: 2);
        using var local = new LocalTeacher(model, [], owns: false);
        _server.Completes = request => ScoringWire.Of(model, request, s_tokens.TokenOf);
        using var scope = TensorScope.Open();
        using var scorer = Open(new() { Form = FormOf(byIds) });
        using var batch = Written();
        var known = ((DenseLogits)local.Answer(batch, TestContext.Current.CancellationToken).Whole()).Logits.LogSoftmax(-1).Gather(-1, batch.Written!.Tokens.Unsqueeze(-1)).ToArray<float>();
        var scores = ((TokenScores)scorer.Answer(batch, TestContext.Current.CancellationToken)).LogProbabilities.ToArray<float>();
        Assert.Equal(known.Length, scores.Length);
        Assert.All(known.Zip(scores), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void A_student_that_is_scored_from_outside_becomes_the_one_that_is_taught_here()
    {
        var (options, objective) = (new RolloutOptions { MaxNewTokens = 6 }, new OnPolicy { Granularity = Granularity.Sampled, Future = 0.5 });
        using var here = new WritingRun(options, objective, epochs: 2);
        var before = here.Weights;
        here.Run(cancellationToken: TestContext.Current.CancellationToken);
        using var model = WritingRun.Llama(seed: 2, layers: 2);
        model.Eval();
        _server.Completes = request => ScoringWire.Of(model, request, s_tokens.TokenOf);
        using var scorer = Open();
        using var outside = new WritingRun(options, objective, epochs: 2, teacher: scorer);
        outside.Run(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(24, _server.Requests.Count); // 8 batches of 3 texts
        Assert.Contains(before.Zip(here.Weights), pair => Math.Abs(pair.First - pair.Second) > 1e-2);
        Assert.All(here.Weights.Zip(outside.Weights), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void No_more_requests_are_out_at_once_than_allowed()
    {
        var (now, most) = (0, 0);
        _server.Completes = request =>
        {
            var running = Interlocked.Increment(ref now);
            lock (s_tokens)
                most = Math.Max(most, running);
            Thread.Sleep(100);
            Interlocked.Decrement(ref now);
            return ScoringWire.Answer(request, at => -0.1 * at, s_tokens.TokenOf);
        };
        using var scope = TensorScope.Open();
        using var scorer = Open(limits: new() { Rate = new() { Concurrency = 2 }, Retry = new() { Attempts = 1 } });
        using var batch = Written(twice: true);
        Assert.Equal(12, ((TokenScores)scorer.Answer(batch, TestContext.Current.CancellationToken)).LogProbabilities.Size(0));
        Assert.Equal(2, most);
    }

    [Theory]
    [InlineData(TeacherFault.Throttled)]
    [InlineData(TeacherFault.Cut)]
    [InlineData(TeacherFault.CutAtStart)]
    [InlineData(TeacherFault.HalfJson)]
    [InlineData(TeacherFault.ServerError)]
    public async Task What_may_pass_is_sent_again(TeacherFault fault)
    {
        _server.Fault = (number, _) => number == 0 ? fault : TeacherFault.None;
        using var scorer = Open(limits: new() { Retry = new() { FirstWait = TimeSpan.FromMilliseconds(1) } });
        Assert.Equal(new[] { -0.1f, -0.2f }, await scorer.ScoreAsync([3, 1, 4], TestContext.Current.CancellationToken));
        Assert.Equal(2, _server.Requests.Count);
    }

    [Fact]
    public async Task A_request_that_fails_each_time_ends_the_work_and_none_is_begun_after_it()
    {
        _server.Fault = (_, _) => TeacherFault.ServerError;
        using var scorer = Open(limits: new() { Rate = new() { Concurrency = 1 }, Retry = new() { Attempts = 2, FirstWait = TimeSpan.FromMilliseconds(1) } });
        var error = await Assert.ThrowsAsync<RemoteTeacherException>(() => scorer.ScoreAsync([3, 1], TestContext.Current.CancellationToken));
        Assert.Equal(RemoteFault.Server, error.Fault);
        Assert.Contains("tried 2 times", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("set aside", error.Message, StringComparison.Ordinal);
        using var scope = TensorScope.Open();
        using var batch = Written();
        Assert.Throws<RemoteTeacherException>(() => scorer.Answer(batch, TestContext.Current.CancellationToken));
        Assert.Equal(4, _server.Requests.Count);
    }

    [Fact]
    public async Task The_key_is_sent_and_stands_in_no_message()
    {
        using var server = new FakeTeacher { Key = "sk-right", Completes = _server.Completes };
        using var right = new TokenScorer(server.Endpoint, s_tokens, environment: _ => "sk-right");
        Assert.Equal(new[] { -0.1f }, await right.ScoreAsync([3, 1], TestContext.Current.CancellationToken));
        using var wrong = new TokenScorer(server.Endpoint, s_tokens, environment: _ => "sk-secret");
        var error = await Assert.ThrowsAsync<RemoteTeacherException>(() => wrong.ScoreAsync([3, 1], TestContext.Current.CancellationToken));
        Assert.Equal(RemoteFault.Key, error.Fault);
        Assert.DoesNotContain("sk-secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_budget_counts_what_the_server_counts_and_is_kept()
    {
        var budget = new RequestBudget(new() { MostRequests = 2, MostTokens = 100 });
        using var scorer = Open(limits: new() { Budget = budget, Retry = new() { Attempts = 1 } });
        await scorer.ScoreAsync([3, 1, 4], TestContext.Current.CancellationToken);
        await scorer.ScoreAsync([3, 1], TestContext.Current.CancellationToken);
        Assert.Equal(new BudgetSpent(2, 0, 0, 5, 0, 0), budget.Spent);
        await Assert.ThrowsAsync<BudgetExceededException>(() => scorer.ScoreAsync([3, 1], TestContext.Current.CancellationToken));
        Assert.Equal(2, _server.Requests.Count);
    }

    [Fact]
    public void Options_out_of_range_are_refused() => Assert.Throws<DecantException>(() => Open(new() { GeneratedTokens = 2 }));

    private static PromptLogprobsForm FormOf(bool byIds) => byIds ? PromptLogprobsForm.PromptLogprobs : PromptLogprobsForm.Echo;

    private TokenScorer Open(TokenScorerOptions? options = null, TokenScorerLimits? limits = null) => new(_server.Endpoint, s_tokens, options, limits ?? new() { Retry = new() { Attempts = 1 } }, environment: _ => null);

    private static Batch Written(bool twice = false)
    {
        int[][] prompts = [[3, 1], [9], [1, 8, 9]], tokens = [[4, 19], [2], [7, 7, 19]];
        if (twice)
            (prompts, tokens) = ([.. prompts, .. prompts], [.. tokens, .. tokens]);
        return new WrittenTexts(TextAuthor.Student, [.. prompts.Select((_, i) => new SampleId((ulong)i + 1))], prompts, tokens, Array.ConvertAll(tokens, t => new float[t.Length])).ToBatch(0, WritingRun.Vocabulary);
    }
}
