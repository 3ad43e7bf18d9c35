using Decant.Teachers.Remote.Limits;
using Microsoft.Extensions.AI;

namespace Decant.Tests.Teachers.Remote;

public class BudgetTests
{
    private static readonly ChatOptions s_ten = new() { MaxOutputTokens = 10 };

    [Fact]
    public async Task What_is_spent_is_what_the_server_counted_at_the_prices()
    {
        var budget = new RequestBudget(new BudgetOptions { MostMoney = 1, Prices = new TokenPrices(2, 10) });
        using var client = new ScriptedClient(_ => ScriptedClient.Said("yes", 100, 50)).AsBuilder().UseBudget(budget).Build();
        await client.GetResponseAsync("hello");
        await client.GetResponseAsync("hello");
        Assert.Equal(new BudgetSpent(2, 0, 0, 200, 100, 0.0014m), budget.Spent); // 2 · (100 · 2 + 50 · 10) / 1,000,000
    }

    /// <summary>"hello" has 5 bytes and a frame of 16, and 10 tokens of answer: 31 are reserved. Each answer has 10. While 69 or fewer of 100 are spent another fits, so seven are sent, in whatever order they come.</summary>
    [Fact]
    public async Task Requests_at_the_same_time_never_reserve_more_than_there_is()
    {
        var (atOnce, most) = (0, 0);
        var budget = new RequestBudget(new BudgetOptions { MostTokens = 100 });
        using var client = new ScriptedClient(async (_, _) =>
        {
            var now = Interlocked.Increment(ref atOnce);
            lock (budget)
                most = Math.Max(most, now);
            await Task.Delay(5);
            Interlocked.Decrement(ref atOnce);
            return ScriptedClient.Said("yes", 5, 5);
        }).AsBuilder().UseBudget(budget).Build();
        var asked = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(async () =>
        {
            try
            {
                await client.GetResponseAsync("hello", s_ten);
                return true;
            }
            catch (BudgetExceededException error)
            {
                Assert.Equal(70, error.Spent.InputTokens + error.Spent.OutputTokens);
                return false;
            }
        })));
        Assert.Equal(7, asked.Count(answered => answered));
        Assert.Equal(new BudgetSpent(7, 0, 0, 35, 35, 0), budget.Spent);
        Assert.InRange(most, 2, 3);
    }

    [Fact]
    public async Task A_request_that_alone_is_too_much_is_refused_before_it_is_sent()
    {
        var client = new ScriptedClient(_ => ScriptedClient.Said("yes", 1, 1));
        using var limited = client.AsBuilder().UseBudget(new RequestBudget(new BudgetOptions { MostMoney = 0.0001m, Prices = new TokenPrices(1, 100) })).Build();
        var error = await Assert.ThrowsAsync<BudgetExceededException>(() => limited.GetResponseAsync("hello", s_ten));
        Assert.Contains("The budget of 0.0001 in money might not be kept: 0 are spent, and up to 0.001021 asked for", error.Message, StringComparison.Ordinal); // 21 · 1 + 10 · 100
        Assert.Equal(0, client.Sent);
    }

    [Fact]
    public async Task Failed_requests_count_as_requests_and_free_what_was_reserved()
    {
        var budget = new RequestBudget(new BudgetOptions { MostRequests = 3, MostTokens = 31 });
        using var client = new ScriptedClient((number, _) => number == 0 ? Task.FromException<ChatResponse>(new IOException("cut")) : Task.FromResult(ScriptedClient.Said("yes"))).AsBuilder().UseBudget(budget).Build();
        await Assert.ThrowsAsync<IOException>(() => client.GetResponseAsync("hello", s_ten));
        await client.GetResponseAsync("hello", s_ten); // says no usage: all that was reserved counts
        Assert.Equal(new BudgetSpent(2, 1, 1, 21, 10, 0), budget.Spent);
        await Assert.ThrowsAsync<BudgetExceededException>(() => client.GetResponseAsync("hello", s_ten));
        Assert.Equal(2, budget.Spent.Requests);
    }

    [Fact]
    public void A_budget_of_nothing_and_money_without_prices_are_refused()
    {
        Assert.Contains("a budget of 0 in money allows no request", Refused(new BudgetOptions { MostMoney = 0, Prices = new TokenPrices(1, 1) }), StringComparison.Ordinal);
        Assert.Contains("a budget of 0 tokens", Refused(new BudgetOptions { MostTokens = 0 }), StringComparison.Ordinal);
        Assert.Contains("a budget of 0 requests", Refused(new BudgetOptions { MostRequests = 0 }), StringComparison.Ordinal);
        Assert.Contains("the prices of a million input and output tokens are missing", Refused(new BudgetOptions { MostMoney = 5 }), StringComparison.Ordinal);
        Assert.Contains("prices of 0 or more", Refused(new BudgetOptions { MostMoney = 5, Prices = new TokenPrices(-1, 1) }), StringComparison.Ordinal);

        static string Refused(BudgetOptions options) => Assert.Throws<DecantException>(() => new RequestBudget(options)).Message;
    }

    [Fact]
    public async Task What_was_spent_before_counts()
    {
        using var client = new ScriptedClient(_ => ScriptedClient.Said("yes", 1, 1)).AsBuilder().UseBudget(new RequestBudget(new BudgetOptions { MostRequests = 2 }, new BudgetSpent(1, 0, 0, 10, 10, 0))).Build();
        await client.GetResponseAsync("hello");
        await Assert.ThrowsAsync<BudgetExceededException>(() => client.GetResponseAsync("hello"));
    }
}
