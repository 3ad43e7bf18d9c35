using Decant.Data.Duplicates;
using Decant.Teachers.Remote.Asking;
using Decant.Teachers.Remote.Limits;
using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Synthesizing;

/// <summary>
/// Has a chat model write texts, and keeps those that pass: in rounds, each of which asks for what is missing of each class, until all are there or a class brings nothing more. The requests follow from options and examples alone, so
/// that a client with a store of answers asks for none twice, and the same answers make the same rows.
/// </summary>
public sealed class ChatSynthesizer
{
    /// <summary>How many requests are answered before the cost of the rest is estimated.</summary>
    public const int FirstRequests = 5;

    private readonly IChatClient _client;
    private readonly ChatSynthesizerOptions _options;
    private readonly SynthesisFilters _filters;
    private readonly TextFilter _filter;
    private readonly ChatJudge? _judge;

    /// <summary>A synthesizer.</summary>
    /// <param name="client">The model, with its decorators; it stays its owner's.</param>
    /// <param name="options">What it is to write.</param>
    /// <param name="filters">What a text must be; null: the defaults, that is no repetitions.</param>
    /// <param name="judge">Decides about what passed the filters; null: nobody.</param>
    /// <exception cref="DecantException">An option is out of its range, a list cannot be read, or a regular expression is none.</exception>
    public ChatSynthesizer(IChatClient client, ChatSynthesizerOptions options, SynthesisFilters? filters = null, ChatJudge? judge = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        (_client, _options, _filters, _judge) = (client, options, filters ?? new(), judge);
        _filter = new TextFilter(_filters);
    }

    /// <summary>Decides whether the rest is asked for, by what the first requests cost; null, the default: yes.</summary>
    public Func<SynthesisCost, bool>? Agrees { get; init; }

    /// <summary>The prices of the model that writes, for <see cref="Agrees"/>; null: unknown.</summary>
    public TokenPrices? Prices { get; init; }

    /// <summary>The prices of the judge; null: unknown.</summary>
    public TokenPrices? JudgePrices { get; init; }

    /// <summary>Writes rows.</summary>
    /// <param name="examples">What the texts are to be like; with classes each shows those of its own, or where it has none those without a class.</param>
    /// <param name="heldOut">Rows that no text may overlap with, such as those of a test set; null: none.</param>
    /// <param name="concurrency">How many requests at the same time, 1 or more; default: 8.</param>
    /// <param name="progress">Gets how many rows there are, after each round; null: nobody does.</param>
    /// <param name="cancellationToken">Stops; what was answered is in the client's store, if it has one.</param>
    /// <returns>The rows, which may be fewer than asked for: <see cref="SynthesisResult.Classes"/> says of which classes.</returns>
    /// <exception cref="DecantException">A failure that is not one request's own; none of the first answers brings a usable text; or the cost was not agreed to.</exception>
    public async Task<SynthesisResult> RunAsync(IReadOnlyList<SyntheticRow> examples, OverlapIndex? heldOut = null, int concurrency = 8, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrency, 1);
        var classes = Math.Max(1, _options.Classes.Count);
        ClassProgress[] all = [.. Enumerable.Range(0, classes).Select(c => new ClassProgress(c, (_options.Rows / classes) + (c < _options.Rows % classes ? 1 : 0)))];
        var (tally, draw, seen) = (new TallyCounter(), new ExampleDraw(_options, examples), new SeenTexts(examples, _filters.Duplicates, heldOut));
        for (var isFirst = true; all.Where(c => c.Missing > 0 && !c.IsGivenUp(_options.Patience)).ToArray() is { Length: > 0 } open; isFirst = false)
        {
            var requests = Round(open, Usual(all, tally), draw);
            if (isFirst)
                await Sample(requests, all, tally, seen, concurrency, cancellationToken).ConfigureAwait(false);
            else
                await Ask(requests, all, tally, seen, concurrency, cancellationToken).ConfigureAwait(false);
            foreach (var c in open)
                c.EndRound();
            progress?.Report(all.Sum(c => c.Kept.Count));
        }

        return new SynthesisResult(
            [.. all.SelectMany((c, i) => c.Kept.Select(row => (row.Place, Row: new SyntheticRow(row.Text, NameOf(i))))).OrderBy(row => row.Place).Select(row => row.Row)],
            [.. all.Select((c, i) => c.Result(NameOf(i), _options.Patience))],
            tally.Tally());
    }

    private string? NameOf(int c) => _options.Classes.Count == 0 ? null : _options.Classes[c].Name;

    private static double Usual(ClassProgress[] all, TallyCounter tally) => tally.Written == 0 ? 1 : (double)all.Sum(c => c.Kept.Count) / tally.Written;

    /// <summary>The requests of a round, one of each class in turn.</summary>
    private List<WriteRequest> Round(ClassProgress[] open, double usual, ExampleDraw draw)
    {
        var left = open.Select(c => (Class: c, Requests: c.Requests(_options.PerRequest, usual))).ToArray();
        var requests = new List<WriteRequest>();
        for (var turn = 0; left.Any(c => c.Requests > turn); turn++)
        {
            foreach (var (c, _) in left.Where(c => c.Requests > turn))
                requests.AddRange(c.Next(1, draw.Of));
        }

        return requests;
    }

    /// <summary>The first requests, of which one goes ahead alone: a wrong key or a server that is not there is known at once. Then what the rest will cost is to be agreed to.</summary>
    private async Task Sample(List<WriteRequest> round, ClassProgress[] all, TallyCounter tally, SeenTexts seen, int concurrency, CancellationToken cancellationToken)
    {
        await Ask(round[..1], all, tally, seen, 1, cancellationToken).ConfigureAwait(false);
        await Ask(round[1..Math.Min(FirstRequests, round.Count)], all, tally, seen, concurrency, cancellationToken).ConfigureAwait(false);
        if (round.Count > 1 && all.All(c => c.Kept.Count == 0))
            throw new DecantException($"synthetic inputs: none of the first {Math.Min(FirstRequests, round.Count)} answers brings a row: {SynthesisWords.Of(tally.Tally())}. Nothing more was asked. Look at the instruction and at the filters.");
        if (round.Count <= FirstRequests)
            return;
        var cost = Cost(all, tally);
        if (Agrees?.Invoke(cost) is false)
            throw new DecantException($"synthetic inputs: what the other {cost.Requests:N0} requests cost was not agreed to; what was answered is kept by a client with a store.");
        await Ask(round[FirstRequests..], all, tally, seen, concurrency, cancellationToken).ConfigureAwait(false);
    }

    private SynthesisCost Cost(ClassProgress[] all, TallyCounter tally)
    {
        var usual = Usual(all, tally);
        var rest = all.Sum(c => c.Expected(_options.PerRequest, usual));
        var (write, judge) = (tally.WriteTokens, tally.JudgeTokens);
        return new SynthesisCost(
            rest,
            CostEstimate.From(write, write.Count + rest, Prices),
            judge.Count < 2 ? null : CostEstimate.From(judge, judge.Count + (long)((double)judge.Count / write.Count * rest), JudgePrices),
            tally.Tally());
    }

    private async Task Ask(IReadOnlyList<WriteRequest> requests, ClassProgress[] all, TallyCounter tally, SeenTexts seen, int concurrency, CancellationToken cancellationToken)
    {
        await foreach (var answer in OrderedWork.Run(requests, concurrency, One, null, cancellationToken).ConfigureAwait(false))
        {
            tally.Add(answer);
            var c = all[requests[answer.Index].Class];
            c.Wrote(answer.List.Texts.Count + answer.List.NotTexts);
            foreach (var text in answer.List.Texts.Select(text => text.Trim()))
            {
                if ((_filter.Fault(text) ?? seen.Fault(text)) is { } fault)
                    tally.Add(fault);
                else
                    c.Waiting.Enqueue((seen.Count, text));
            }
        }

        foreach (var (c, i) in all.Select((c, i) => (c, i)))
            await Keep(c, i, tally, concurrency, cancellationToken).ConfigureAwait(false);

        Task<WrittenTexts> One(WriteRequest request, int index, CancellationToken cancel) => ChatQuestions.AskAsync(new WriteQuestion(_options, request), _client, request, index, cancel);
    }

    /// <summary>Of the texts that passed, as many as the class lacks; the judge is asked about no more than are needed.</summary>
    private async Task Keep(ClassProgress c, int index, TallyCounter tally, int concurrency, CancellationToken cancellationToken)
    {
        while (c.Missing > 0 && c.Waiting.Count > 0)
        {
            var next = Enumerable.Range(0, Math.Min(c.Missing, c.Waiting.Count)).Select(_ => c.Waiting.Dequeue()).ToArray();
            if (_judge is null)
            {
                c.Kept.AddRange(next);
                continue;
            }

            JudgedText[] texts = [.. next.Select(row => new JudgedText(row.Text, _options.Classes.Count == 0 ? null : WriteQuestion.Described(_options.Classes[index])))];
            await foreach (var judgement in _judge.AskAsync(texts, concurrency, cancellationToken).ConfigureAwait(false))
            {
                tally.Add(judgement);
                if (judgement.Keep is true)
                    c.Kept.Add(next[judgement.Index]);
            }
        }

        for (; c.Waiting.Count > 0; c.Waiting.Dequeue())
            tally.Add(SetAside.Surplus);
    }
}
