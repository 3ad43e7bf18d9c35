namespace Decant.Teachers.Remote.Limits;

/// <summary>A request was not sent, because the budget might not have been kept.</summary>
/// <param name="message">What is left, what the request might have cost, what to do next.</param>
/// <param name="spent">What has been spent.</param>
public sealed class BudgetExceededException(string message, BudgetSpent spent) : DecantException(message)
{
    /// <summary>What has been spent.</summary>
    public BudgetSpent Spent { get; } = spent;
}
