namespace Decant.Teachers.Remote.Limits;

/// <summary>What tokens cost, in whatever currency the budget is in.</summary>
/// <param name="InputPerMillion">The price of a million tokens of prompts.</param>
/// <param name="OutputPerMillion">The price of a million generated tokens; of an embedding model 0.</param>
public sealed record TokenPrices(decimal InputPerMillion, decimal OutputPerMillion)
{
    private const decimal Million = 1_000_000;

    /// <summary>What so many tokens cost: (input · input price + output · output price) / 1,000,000.</summary>
    /// <param name="inputTokens">Tokens of prompts.</param>
    /// <param name="outputTokens">Generated tokens.</param>
    public decimal Of(long inputTokens, long outputTokens) => ((inputTokens * InputPerMillion) + (outputTokens * OutputPerMillion)) / Million;
}
