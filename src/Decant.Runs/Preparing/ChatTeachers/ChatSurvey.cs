using System.Security.Cryptography;
using System.Text;
using Decant.Teachers.Remote.Asking;
using Decant.Teachers.Remote.Limits;
using Decant.Teachers.Remote.Storing;
using Microsoft.Extensions.AI;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>Asks a chat model one question about many items: those that its store lacks, after the first few have shown what the rest will cost.</summary>
/// <typeparam name="TItem">What is asked about; equal items are asked about once.</typeparam>
/// <typeparam name="TAnswer">What an answer comes to.</typeparam>
/// <param name="line">The way to the model.</param>
/// <param name="question">The question.</param>
/// <param name="asking">Whether anything may be asked, and who agrees to its cost.</param>
/// <param name="textOf">An item as text, by which the first few are drawn.</param>
/// <param name="words">How items and useless answers are called.</param>
internal sealed class ChatSurvey<TItem, TAnswer>(ChatLine line, IChatQuestion<TItem, TAnswer> question, ChatAsking asking, Func<TItem, string> textOf, SurveyWords words)
    where TItem : notnull
    where TAnswer : ChatAnswer
{
    /// <summary>How long requests that are out may still take when the run is stopped.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Asks, or reads what was asked before.</summary>
    /// <param name="among">All items, which may be there several times.</param>
    /// <param name="cancellationToken">Stops; what was answered stays in the store.</param>
    /// <exception cref="DecantException">The model cannot be reached, the cost was not agreed to, or the budget is spent.</exception>
    public Surveyed<TItem, TAnswer> Ask(IEnumerable<TItem> among, CancellationToken cancellationToken)
    {
        TItem[] items = [.. among.Distinct()];
        var known = new Dictionary<TItem, TAnswer>();
        if (asking.MayAsk || line.HasAnswers)
        {
            using var answers = line.OpenAnswers();
            foreach (var (item, answer) in Answers(ChatLine.Stored(answers), items, null, cancellationToken).Where(a => IsKnown(a.Answer)))
                known[item] = answer;
            TItem[] missing = [.. items.Where(item => !known.ContainsKey(item))];
            var before = known.Count;
            if (missing.Length > 0 && asking.MayAsk)
                Ask(answers, items, missing, known, cancellationToken);
            if (asking.MayAsk || missing.Length == 0)
                return new(known, Remarks(answers, items.Length, before, known.Values), 0);
        }

        var unasked = items.Length - known.Count;
        return new(known, [FormattableString.Invariant($"{line.Name} would be asked about {unasked:N0} of {items.Length:N0} {words.Items}{(known.Count > 0 ? ", the others were answered before" : "")}; a check asks nothing, and '{words.Command}' says what it will cost after the first {CostEstimate.UsualSample}.")], unasked);
    }

    // Of several samples, those that are stored are not all: what is not stored comes as a failed request here.
    private static bool IsKnown(TAnswer answer) => answer is { IsFromStore: true, Abstention: not AbstentionReason.Poisoned };

    private void Ask(RemoteAnswers answers, TItem[] items, TItem[] missing, Dictionary<TItem, TAnswer> known, CancellationToken cancellationToken)
    {
        // Drawn from all by their hashes: they speak for the rest, and are the same ones, and so not paid again, when it is tried again.
        TItem[] sample = [.. items.OrderBy(item => HashOf(textOf(item)), StringComparer.Ordinal).Take(CostEstimate.UsualSample)];
        TItem[] first = [.. sample.Where(item => !known.ContainsKey(item))];
        TAnswer[] asked = [.. sample.Except(first).Select(item => known[item]), .. Sampled(answers, first, known, cancellationToken)];
        Refuse(asked);
        TItem[] rest = [.. missing.Except(first)];
        Random.Shared.Shuffle(rest); // two runs at the same time meet seldom, and find what the other has stored
        if (rest.Length + asking.Later == 0)
            return;
        var cost = Cost(asked, rest.Length);
        if (asking.Agrees?.Invoke(cost) is not true)
            throw new DecantException($"{line.Path}: the cost was not agreed to; what was answered is stored. Add --yes to ask about all {words.Items}.");
        var progress = new Counted(done => asking.Answered?.Invoke(first.Length + done, missing.Length));
        foreach (var (item, answer) in Answers(line.Client(answers), rest, progress, cancellationToken))
            known[item] = answer;
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The first answers. One goes ahead without patience, so that a wrong key or a server that is not there is known at once.</summary>
    private IEnumerable<TAnswer> Sampled(RemoteAnswers answers, TItem[] items, Dictionary<TItem, TAnswer> known, CancellationToken cancellationToken)
    {
        foreach (var (part, isFirst) in new[] { (items[..Math.Min(1, items.Length)], true), (items[Math.Min(1, items.Length)..], false) })
        {
            foreach (var (item, answer) in part.Length == 0 ? [] : Answers(line.Client(answers, isFirst), part, null, cancellationToken))
                yield return known[item] = answer;
        }
    }

    private ChatCost Cost(TAnswer[] asked, int rest)
    {
        var (budget, spent) = (line.Limits, line.Budget.Spent);
        // Where the server counts no tokens, with the most that a request can have had.
        (long Input, long Output)[] rows = spent.Unreported > 0 && spent.Unreported == spent.Requests - spent.Failed
            ? [.. asked.Select(_ => (spent.InputTokens / spent.Unreported * question.Samples, spent.OutputTokens / spent.Unreported * question.Samples))]
            : [.. asked.Select(a => (a.InputTokens, a.OutputTokens))];
        var all = CostEstimate.From(rows, asked.Length + rest, line.Prices);
        if (all.Money is { } money && (decimal)money.Low - line.Prices!.Of(rows.Sum(a => a.Input), rows.Sum(a => a.Output)) > (decimal?)budget?.Money - spent.Money)
            throw new BudgetExceededException(FormattableString.Invariant($"{line.Path}.budget.money: {budget!.Money} is not enough for {rest:N0} more {words.Items}, which cost {money.Low:0.######} at least by the first {asked.Length}. Nothing more was asked; raise it, or give fewer {words.Items}."), spent);
        if (budget?.Requests is { } requests && requests - spent.Requests < rest) // of several samples some may be stored
            throw new BudgetExceededException(FormattableString.Invariant($"{line.Path}.budget.requests: {requests:N0} are not enough: {spent.Requests:N0} were sent, and {rest:N0} more {words.Items} need one each at least. Nothing more was asked; raise it, or give fewer {words.Items}."), spent);
        return new(line.Name, rest + asking.Later, asking.Later > 0 ? CostEstimate.From(rows, asked.Length + rest + asking.Later, line.Prices) : all, Aside(asked)) { Items = words.Items, IsAtMost = spent.Unreported > 0 };
    }

    /// <summary>Refuses to go on where none of the first answers can be used.</summary>
    private void Refuse(TAnswer[] asked)
    {
        if (asked.Length > 1 && Array.TrueForAll(asked, a => a.Abstention is not null))
            throw new DecantException($"{line.Path}: none of the first {asked.Length} answers is {words.Wanted}: {Aside(asked)}. Nothing more was asked. {words.NextStep}");
    }

    /// <summary>How many abstained and why, with an example; null: none.</summary>
    private string? Aside(TAnswer[] asked)
    {
        var aside = asked.Where(a => a.Abstention is not null).ToArray();
        if (aside.Length == 0)
            return null;
        var example = aside.SelectMany(a => a.Answers).FirstOrDefault(text => text.Length > 0);
        var shown = example is null ? "" : $", such as '{(example.Length > 60 ? example[..60] + "…" : example).ReplaceLineEndings(" ")}'";
        return FormattableString.Invariant($"{aside.Length} of {asked.Length} answers {words.Useless} ({AbstentionWords.Counted(aside)}{shown})");
    }

    private IEnumerable<(TItem Item, TAnswer Answer)> Answers(IChatClient client, TItem[] items, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        using (client)
        {
            foreach (var answer in question.AskAsync(client, items, line.Concurrency, progress, cancellationToken, Patience).ToBlockingEnumerable(cancellationToken))
                yield return (items[answer.Index], answer);
        }
    }

    private List<string> Remarks(RemoteAnswers answers, int items, int before, IReadOnlyCollection<TAnswer> known)
    {
        var remarks = new List<string>
        {
            FormattableString.Invariant($"The {words.Who} is {line.Name}, {words.How}: {before:N0} of {items:N0} {words.Items} were answered before; {line.Sent(answers)}."),
            $"Terms of the {words.Who}: {line.Terms}",
        };
        if (answers.LostInFlight > 0)
            remarks.Add(FormattableString.Invariant($"{answers.LostInFlight:N0} requests were out when earlier processes ended, and may have been billed without an answer."));
        var aside = known.Where(a => a.Abstention is not null).ToArray();
        if (aside.Length > 0)
            remarks.Add(FormattableString.Invariant($"The {words.Who} abstained on {aside.Length:N0} {words.Items} ({AbstentionWords.Counted(aside)}): {words.Consequence}."));
        return remarks;
    }

    private sealed class Counted(Action<int> report) : IProgress<int>
    {
        private readonly Lock _lock = new();

        public void Report(int value)
        {
            lock (_lock)
                report(value);
        }
    }
}
