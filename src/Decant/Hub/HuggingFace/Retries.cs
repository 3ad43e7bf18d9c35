using System.Globalization;

namespace Decant.Hub.HuggingFace;

/// <summary>Decides after a failure whether and when something is tried again: a few times in a row, longer apart each time, or as long as the server asks.</summary>
/// <param name="settings">How patient the client is.</param>
/// <param name="subject">What is fetched, for messages: the model's address, perhaps with a file.</param>
/// <param name="clock">The clock.</param>
/// <param name="waiting">Told why nothing comes in, and null when it goes on.</param>
internal sealed class Retries(HubSettings settings, string subject, TimeProvider clock, Action<string?> waiting)
{
    // Progress makes the count of failures in a row begin anew, and a server that cuts after every few bytes must end too.
    private const int MostInAll = 50;
    private int _inRow;
    private int _inAll;

    /// <summary>Whether the hub has answered before this.</summary>
    public bool HasBegun { get; init; }

    /// <summary>Something came in: the failures before it do not count any more.</summary>
    public void Progressed() => _inRow = 0;

    /// <summary>Tries something until it succeeds.</summary>
    /// <exception cref="HubUnreachableException">It failed too often, or the server asks for too long a wait.</exception>
    public async Task<T> Run<T>(Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (TransientFault fault)
            {
                await Wait(fault, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits after a failure.</summary>
    /// <exception cref="HubUnreachableException">It was one too many, or the server asks for too long a wait.</exception>
    public async Task Wait(TransientFault fault, CancellationToken cancellationToken)
    {
        _inRow++;
        _inAll++;
        if (_inRow >= settings.Attempts || _inAll >= MostInAll)
            throw Final(fault, $"It was tried {Math.Max(_inRow, 1)} times{(_inAll > _inRow ? $" in a row, {_inAll} in all" : "")}");
        var wait = fault.RetryAfter ?? settings.FirstWait * Math.Pow(2, _inRow - 1);
        if (wait > settings.LongestWait)
            throw Final(fault, $"The server asks to wait {HubText.Duration(wait)}, which is too long to stand by (until {(clock.GetUtcNow() + wait).ToString("u", CultureInfo.InvariantCulture)})");
        waiting($"{fault.Message}; again in {HubText.Duration(wait)}");
        await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(false);
        waiting(null);
    }

    private HubUnreachableException Final(TransientFault fault, string why) => new(
        $"{subject}: {fault.Message}. {why}. What has come is kept: the same command goes on from there. Try again later; behind a proxy set HTTPS_PROXY, for a mirror HF_ENDPOINT" +
        $"{(settings.Token is null && fault.RetryAfter is not null ? ", and with a token in HF_TOKEN the hub allows more requests" : "")}.",
        fault.Message, fault) { HasBegun = HasBegun };
}
