using System.Globalization;
using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Limits;

/// <summary>
/// A budget that several clients may share. What a request can cost at most is reserved before it is sent: a token of the prompt for each of its bytes, and all output tokens that it may have. So requests
/// at the same time never cost more than the budget together. A request that does not fit now, but may when others are answered, waits for them.
/// </summary>
public sealed class RequestBudget
{
    private readonly Lock _lock = new();
    private readonly BudgetOptions _options;
    private BudgetSpent _spent = new(0, 0, 0, 0, 0, 0);
    private Reservation _reserved = new(0, 0, 0);
    private TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A budget of which nothing is spent.</summary>
    /// <param name="options">The most that may be spent.</param>
    /// <param name="spent">What was spent before, as by a run that goes on; null: nothing.</param>
    /// <exception cref="DecantException">A limit is 0 or less, or money is limited without prices.</exception>
    public RequestBudget(BudgetOptions options, BudgetSpent? spent = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        Require(options.MostMoney is null or > 0, $"a budget of {options.MostMoney} in money allows no request. Give more, or leave it out");
        Require(options.MostTokens is null or > 0, $"a budget of {options.MostTokens} tokens allows no request. Give more, or leave it out");
        Require(options.MostRequests is null or > 0, $"a budget of {options.MostRequests} requests allows none. Give more, or leave it out");
        Require(options.MostMoney is null || options.Prices is not null, $"money is limited, and the prices of a million input and output tokens are missing. Give them, or limit tokens or requests");
        Require(options.Prices is null or { InputPerMillion: >= 0, OutputPerMillion: >= 0 }, $"expected prices of 0 or more, came {options.Prices?.InputPerMillion} and {options.Prices?.OutputPerMillion}");
        Require(options.MaxOutputTokens >= 1, $"expected 1 output token or more, came {options.MaxOutputTokens}");
        _options = options;
        _spent = spent ?? _spent;
    }

    /// <summary>What has been spent.</summary>
    public BudgetSpent Spent
    {
        get
        {
            lock (_lock)
                return _spent;
        }
    }

    internal int MaxOutputTokens => _options.MaxOutputTokens;

    /// <summary>Reserves what a request can cost at most.</summary>
    /// <exception cref="BudgetExceededException">It does not fit, and no request is out whose answer could make room.</exception>
    internal async Task<Reservation> Reserve(long inputTokens, long outputTokens, CancellationToken cancellationToken)
    {
        var wanted = new Reservation(1, inputTokens, outputTokens);
        while (true)
        {
            Task settled;
            lock (_lock)
            {
                if (Excess(wanted + _reserved) is not { } excess)
                {
                    _reserved += wanted;
                    return wanted;
                }

                if (_reserved.Requests == 0 || Excess(wanted) is not null)
                    throw new BudgetExceededException($"{excess} The request was not sent. What was answered is kept. Raise the budget.", _spent);
                settled = _settled.Task;
            }

            await settled.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Counts an answer in place of what was reserved for it.</summary>
    /// <param name="reserved">What was reserved.</param>
    /// <param name="usage">What the server counted; null: it did not say.</param>
    internal void Answered(Reservation reserved, UsageDetails? usage)
    {
        var said = usage is { InputTokenCount: not null } or { TotalTokenCount: not null };
        var input = said ? usage!.InputTokenCount ?? usage.TotalTokenCount!.Value : reserved.InputTokens;
        var output = said ? usage!.OutputTokenCount ?? Math.Max(0, (usage.TotalTokenCount ?? input) - input) : reserved.OutputTokens;
        Settle(reserved, spent => spent with
        {
            Unreported = spent.Unreported + (said ? 0 : 1),
            InputTokens = spent.InputTokens + input,
            OutputTokens = spent.OutputTokens + output,
            Money = spent.Money + MoneyOf(input, output),
        });
    }

    /// <summary>Counts a request that brought no answer.</summary>
    internal void Failed(Reservation reserved) => Settle(reserved, spent => spent with { Failed = spent.Failed + 1 });

    private static void Require(bool holds, FormattableString what)
    {
        if (!holds)
            throw new DecantException($"budget: {FormattableString.Invariant(what)}.");
    }

    private decimal MoneyOf(long input, long output) => _options.Prices?.Of(input, output) ?? 0;

    private void Settle(Reservation reserved, Func<BudgetSpent, BudgetSpent> count)
    {
        TaskCompletionSource settled;
        lock (_lock)
        {
            _reserved -= reserved;
            _spent = count(_spent with { Requests = _spent.Requests + reserved.Requests });
            (settled, _settled) = (_settled, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        settled.SetResult();
    }

    // Which limit would not be kept, as a sentence; null: all are.
    private string? Excess(Reservation wanted)
    {
        string Said(string unit, object most, object spent, object asked) => string.Create(CultureInfo.InvariantCulture, $"The budget of {most} {unit} might not be kept: {spent} are spent, and up to {asked} asked for.");
        var tokens = wanted.InputTokens + wanted.OutputTokens;
        var spentTokens = _spent.InputTokens + _spent.OutputTokens;
        if (_options.MostRequests is { } requests && _spent.Requests + wanted.Requests > requests)
            return Said("requests", requests, _spent.Requests, wanted.Requests);
        if (_options.MostTokens is { } most && spentTokens + tokens > most)
            return Said("tokens", most, spentTokens, tokens);
        return _options.MostMoney is { } money && _spent.Money + MoneyOf(wanted.InputTokens, wanted.OutputTokens) > money
            ? Said("in money", money, _spent.Money, MoneyOf(wanted.InputTokens, wanted.OutputTokens))
            : null;
    }
}
