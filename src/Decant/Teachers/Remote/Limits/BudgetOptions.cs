namespace Decant.Teachers.Remote.Limits;

/// <summary>The most that a remote teacher may cost. What is null is not limited.</summary>
public sealed record BudgetOptions
{
    /// <summary>The most money, in the currency of the prices.</summary>
    public decimal? MostMoney { get; init; }

    /// <summary>The most tokens, of prompts and answers together.</summary>
    public long? MostTokens { get; init; }

    /// <summary>The most requests that are sent, failed ones included.</summary>
    public long? MostRequests { get; init; }

    /// <summary>The prices; needed where money is limited.</summary>
    public TokenPrices? Prices { get; init; }

    /// <summary>The most tokens of one answer, where a request does not say so itself: without a limit a request could cost anything. Default: 1,024.</summary>
    public int MaxOutputTokens { get; init; } = 1024;
}
