using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Decant.Teachers.Remote.Limits;

/// <summary>Sends requests again that may succeed later. From the outside in: waits while the server is down; again after a failure; counts failures of all; the time of one attempt.</summary>
internal sealed class Patience
{
    private static readonly ResiliencePropertyKey<int> s_attempts = new("attempts");
    private readonly RetryOptions _options;
    private readonly TimeProvider _clock;
    private readonly ResiliencePipeline _pipeline;

    /// <summary>A pipeline that several clients may share.</summary>
    /// <param name="options">How patient it is.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="random">Numbers in [0, 1), for jitter.</param>
    public Patience(RetryOptions options, TimeProvider clock, Func<double> random)
    {
        options.Check();
        (_options, _clock) = (options, clock);
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = clock };
        pipeline.AddRetry(WhileDown(random));
        if (options.Attempts > 1)
            pipeline.AddRetry(Again(random));
        pipeline.AddCircuitBreaker(Breaker());
        pipeline.AddTimeout(options.AttemptTimeout);
        _pipeline = pipeline.Build();
    }

    /// <summary>Sends a request until it is answered or given up.</summary>
    /// <exception cref="PoisonedRequestException">It failed as often as it may.</exception>
    /// <exception cref="RemoteTeacherException">It failed in a way that another attempt would not change, or the server is down for too long.</exception>
    public async Task<T> Run<T>(Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            return await _pipeline.ExecuteAsync(
                async (inside, ask) =>
                {
                    inside.Properties.Set(s_attempts, inside.Properties.GetValue(s_attempts, 0) + 1);
                    return await ask(inside.CancellationToken).ConfigureAwait(false);
                },
                context,
                send).ConfigureAwait(false);
        }
        catch (BrokenCircuitException error)
        {
            throw new RemoteTeacherException(RemoteFault.Server, $"The teacher's server has been failing for longer than {_options.DownPatience}. Try again later; answers that came are kept.", null, error.InnerException);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && FaultReading.Of(error, _clock) is not null)
        {
            throw Final(FaultReading.Of(error, _clock)!, context.Properties.GetValue(s_attempts, 1));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    // These say nothing about the request.
    private static RemoteTeacherException Final(RemoteTeacherException fault, int attempts) =>
        fault.IsTransient && fault.Fault is not (RemoteFault.Throttled or RemoteFault.Unreachable or RemoteFault.WrongModel) ? new PoisonedRequestException(attempts, fault) : fault;

    private bool MayPass(Exception? error) => error is not null && FaultReading.Of(error, _clock) is { IsTransient: true } fault && !(fault.RetryAfter > _options.LongestWait);

    private RetryStrategyOptions Again(Func<double> random) => new()
    {
        Name = "again",
        MaxRetryAttempts = _options.Attempts - 1,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = _options.FirstWait,
        MaxDelay = _options.LongestWait,
        Randomizer = random,
        ShouldHandle = arguments => ValueTask.FromResult(MayPass(arguments.Outcome.Exception)),
        DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Exception is { } error ? FaultReading.Of(error, _clock)?.RetryAfter : null),
    };

    private RetryStrategyOptions WhileDown(Func<double> random) => new()
    {
        Name = "while down",
        MaxRetryAttempts = int.MaxValue,
        BackoffType = DelayBackoffType.Constant,
        Delay = _options.BreakDuration,
        Randomizer = random,
        ShouldHandle = arguments => ValueTask.FromResult(
            arguments.Outcome.Exception is BrokenCircuitException && (arguments.AttemptNumber + 1) * _options.BreakDuration <= _options.DownPatience),
        DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Exception is BrokenCircuitException { RetryAfter: { } wait } ? wait : (TimeSpan?)null),
    };

    private CircuitBreakerStrategyOptions Breaker() => new()
    {
        Name = "down",
        FailureRatio = _options.BreakAt,
        MinimumThroughput = _options.BreakAfter,
        SamplingDuration = _options.BreakWindow,
        BreakDuration = _options.BreakDuration,
        ShouldHandle = arguments => ValueTask.FromResult(
            arguments.Outcome.Exception is { } error && FaultReading.Of(error, _clock) is { IsTransient: true, Fault: not RemoteFault.Throttled }),
    };
}
