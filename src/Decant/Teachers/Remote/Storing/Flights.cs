using Decant.Teachers.Answers.Storage;

namespace Decant.Teachers.Remote.Storing;

/// <summary>Requests that are out, by key: who asks the same waits for the one that is out. A request ends early when nobody waits for it any more.</summary>
internal sealed class Flights
{
    private readonly Lock _lock = new();
    private readonly Dictionary<AnswerKey, Flight> _out = [];

    /// <summary>Waits for the request of a key, which is sent if it is not out.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fetch">Sends it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<(string[] Texts, bool IsFromStore)> Join(AnswerKey key, Func<CancellationToken, Task<(string[] Texts, bool IsFromStore)>> fetch, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (flight, isMine) = Board(key);
            if (flight.IsAbandoned)
            {
                await flight.Landed.Task.WaitAsync(cancellationToken).ConfigureAwait(false); // its answer may have come all the same
                continue;
            }

            if (isMine)
                _ = Fly(key, flight, fetch);
            try
            {
                return await flight.Answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                Leave(flight);
            }
        }
    }

    private (Flight Flight, bool IsMine) Board(AnswerKey key)
    {
        lock (_lock)
        {
            var isMine = !_out.TryGetValue(key, out var flight);
            if (flight is null)
                _out[key] = flight = new Flight();
            if (!flight.IsAbandoned)
                flight.Passengers++;
            return (flight, isMine);
        }
    }

    private void Leave(Flight flight)
    {
        lock (_lock)
        {
            if (--flight.Passengers > 0 || flight.Answer.Task.IsCompleted)
                return;
            flight.IsAbandoned = true;
        }

        flight.Cancel.Cancel();
    }

    private async Task Fly(AnswerKey key, Flight flight, Func<CancellationToken, Task<(string[] Texts, bool IsFromStore)>> fetch)
    {
        try
        {
            flight.Answer.SetResult(await fetch(flight.Cancel.Token).ConfigureAwait(false));
        }
        catch (Exception error)
        {
            flight.Answer.SetException(error);
            _ = flight.Answer.Task.Exception; // nobody may wait for it
        }
        finally
        {
            lock (_lock)
                _out.Remove(key);
            flight.Landed.SetResult();
        }
    }

    private sealed class Flight
    {
        public TaskCompletionSource<(string[] Texts, bool IsFromStore)> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Landed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationTokenSource Cancel { get; } = new();

        public int Passengers { get; set; }

        public bool IsAbandoned { get; set; }
    }
}
