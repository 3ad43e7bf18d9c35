using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Limits;

/// <summary>
/// Decorators of clients. The order that is meant, from the outside in: <c>UseAnswers</c>, <c>UseRateLimit</c>, <c>UseRetry</c>, <c>UseBudget</c>: an answer of the store costs nothing, waiting for a turn is not
/// taken for a time-out, a request that is sent again keeps its turn, and each attempt is counted.
/// </summary>
public static class LimitExtensions
{
    /// <summary>Sends no request that the budget might not allow; see <see cref="RequestBudget"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="budget">The budget, which tells what is spent; others may share it.</param>
    /// <returns>The builder.</returns>
    public static ChatClientBuilder UseBudget(this ChatClientBuilder builder, RequestBudget budget) => Checked(builder).Use(inner => new BudgetChatClient(inner, Checked(budget)));

    /// <summary>The same for vectors of texts.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="budget">The budget.</param>
    /// <returns>The builder.</returns>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> UseBudget(this EmbeddingGeneratorBuilder<string, Embedding<float>> builder, RequestBudget budget) =>
        Checked(builder).Use(inner => new BudgetEmbeddings(inner, Checked(budget)));

    /// <summary>
    /// Sends a request again after 429, 408, 5xx, a time-out, a cut connection and half an answer; after the time that the server asks for, else with exponential back-off and jitter. Other refusals are
    /// not sent again. A server that fails all the time is left alone for a while.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">How patient it is; null: the defaults.</param>
    /// <param name="clock">The clock; null: the system's.</param>
    /// <param name="random">Numbers in [0, 1) for jitter; null: the system's.</param>
    /// <returns>The builder. A request that fails each time ends in a <see cref="PoisonedRequestException"/>.</returns>
    /// <exception cref="DecantException">The options contradict each other.</exception>
    public static ChatClientBuilder UseRetry(this ChatClientBuilder builder, RetryOptions? options = null, TimeProvider? clock = null, Func<double>? random = null)
    {
        var patience = Made(options, clock, random);
        return Checked(builder).Use(inner => new RetryChatClient(inner, patience));
    }

    /// <summary>The same for vectors of texts.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">How patient it is; null: the defaults.</param>
    /// <param name="clock">The clock; null: the system's.</param>
    /// <param name="random">Numbers in [0, 1) for jitter; null: the system's.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="DecantException">The options contradict each other.</exception>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> UseRetry(this EmbeddingGeneratorBuilder<string, Embedding<float>> builder, RetryOptions? options = null, TimeProvider? clock = null, Func<double>? random = null)
    {
        var patience = Made(options, clock, random);
        return Checked(builder).Use(inner => new RetryEmbeddings(inner, patience));
    }

    /// <summary>Sends no more than so many requests and tokens a minute, and so many at the same time; the others wait in their order.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">How much.</param>
    /// <param name="clock">The clock; null: the system's.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="DecantException">A limit is less than 1.</exception>
    public static ChatClientBuilder UseRateLimit(this ChatClientBuilder builder, RateLimitOptions options, TimeProvider? clock = null)
    {
        var limiter = new RateLimiter(Checked(options), clock ?? TimeProvider.System);
        return Checked(builder).Use(inner => new RateLimitedChatClient(inner, limiter));
    }

    /// <summary>The same for vectors of texts.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">How much.</param>
    /// <param name="clock">The clock; null: the system's.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="DecantException">A limit is less than 1.</exception>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> UseRateLimit(this EmbeddingGeneratorBuilder<string, Embedding<float>> builder, RateLimitOptions options, TimeProvider? clock = null)
    {
        var limiter = new RateLimiter(Checked(options), clock ?? TimeProvider.System);
        return Checked(builder).Use(inner => new RateLimitedEmbeddings(inner, limiter));
    }

    private static Patience Made(RetryOptions? options, TimeProvider? clock, Func<double>? random) => new(options ?? new RetryOptions(), clock ?? TimeProvider.System, random ?? Jitter);

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5394", Justification = "jitter")]
    internal static double Jitter() => Random.Shared.NextDouble();

    private static T Checked<T>(T? value)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(value);
        return value;
    }
}
