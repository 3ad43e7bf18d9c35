namespace Decant.Teachers.Remote.Limits;

/// <summary>What has been spent.</summary>
/// <param name="Requests">Requests that were sent, failed ones included.</param>
/// <param name="Failed">Those of them that brought no answer. What a server may bill for them is not known, and not counted.</param>
/// <param name="Unreported">Answers without a count of tokens; the most that they can have had is counted.</param>
/// <param name="InputTokens">Tokens of prompts.</param>
/// <param name="OutputTokens">Generated tokens.</param>
/// <param name="Money">What they cost; 0 where no prices are given.</param>
public sealed record BudgetSpent(long Requests, long Failed, long Unreported, long InputTokens, long OutputTokens, decimal Money);
