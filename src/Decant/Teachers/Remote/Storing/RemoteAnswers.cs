using Decant.Teachers.Answers.Storage;
using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Storing;

/// <summary>
/// The answers of one remote teacher on disk. What is there is never asked for again; what comes is stored before anybody gets it. Several processes may use a folder at the same time, and several requests
/// that are the same are sent once.
/// </summary>
public sealed class RemoteAnswers : IDisposable
{
    private const string Format = "chat-1"; // of what is stored
    private readonly AnswerStore _store;
    private readonly AnswerPacking _packing;
    private readonly RequestJournal _journal;
    private readonly Flights _flights = new();
    private long _sent, _fromStore;
    private volatile bool _disposed;

    private RemoteAnswers(string root, string teacher, AnswerStore store)
    {
        (_store, _packing) = (store, new AnswerPacking(store.Manifest));
        Vectors = new VectorStores(root, teacher);
        LeftInFlight = [.. RequestJournal.Left(store.Folder, store.Contains).SelectMany(keys => keys)];
        _journal = RequestJournal.Begin(store.Folder);
    }

    /// <summary>The folder of this teacher's store, in the folder that was given.</summary>
    public string Folder => _store.Folder;

    /// <summary>How many answers are stored.</summary>
    public int Count => _store.Count;

    /// <summary>How many requests were sent by this object, failed ones included; attempts of one request count as one.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>How many requests were answered from the store.</summary>
    public long FromStore => Interlocked.Read(ref _fromStore);

    /// <summary>How many requests are out now.</summary>
    public int InFlight => _journal.Open;

    /// <summary>
    /// How many requests earlier processes had sent when they were killed, without their answers being stored: at most as many as ran at once, for each kill. They may have been billed, and are asked again
    /// where they are needed.
    /// </summary>
    public int LostInFlight => LeftInFlight.Count;

    internal IReadOnlyList<AnswerKey> LeftInFlight { get; }

    internal VectorStores Vectors { get; }

    /// <summary>Opens the answers of a teacher, and makes them where there are none.</summary>
    /// <param name="folder">A folder of stores; each teacher has its own in it.</param>
    /// <param name="endpoint">The teacher.</param>
    /// <returns>The answers, which the caller disposes after the clients.</returns>
    /// <exception cref="DecantException">The store is damaged as a whole or from a newer program, or the folder cannot be written.</exception>
    public static RemoteAnswers Open(string folder, RemoteEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return Open(folder, endpoint.Identity, endpoint.Model);
    }

    /// <summary>Opens the answers of a teacher that is no <see cref="RemoteEndpoint"/>, and makes them where there are none.</summary>
    /// <param name="folder">A folder of stores; each teacher has its own in it.</param>
    /// <param name="teacher">What identifies the teacher: API, model and version. Another text is another teacher.</param>
    /// <param name="name">What it is called, for people; default: empty.</param>
    /// <returns>The answers, which the caller disposes after the clients.</returns>
    /// <exception cref="DecantException">The store is damaged as a whole or from a newer program, or the folder cannot be written.</exception>
    public static RemoteAnswers Open(string folder, string teacher, string name = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentException.ThrowIfNullOrEmpty(teacher);
        if (File.Exists(folder))
            throw new DecantException($"answers: {folder} is a file, expected a folder of stores. Name another; it is made where there is none.");
        var store = AnswerStore.In(folder, new AnswerManifest { Teacher = teacher, Name = name, Kind = AnswerKind.Texts, Settings = Format });
        try
        {
            return new RemoteAnswers(folder, teacher, store);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Closes the store. Requests that are out stay in the journal as such.</summary>
    public void Dispose()
    {
        _disposed = true;
        _journal.Dispose();
        Vectors.Dispose();
        _store.Dispose();
    }

    /// <summary>The answer to a request: the store's, or that of an equal request that is out, or one that is sent for.</summary>
    /// <param name="key">The request's key.</param>
    /// <param name="send">Sends it.</param>
    /// <param name="cancellationToken">Ends the wait; the request ends with the last that waits for it.</param>
    internal async Task<ChatResponse> Ask(AnswerKey key, Func<CancellationToken, Task<ChatResponse>> send, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Read(key) is { } there)
            return there;
        var texts = await _flights.Join(key, cancel => Fetch(key, send, cancel), cancellationToken).ConfigureAwait(false);
        return StoredAnswer.Response(texts.Texts, texts.IsFromStore);
    }

    /// <summary>The stored answer to a request; null: there is none.</summary>
    internal ChatResponse? Read(AnswerKey key)
    {
        if (TextsOf(key) is not { } texts)
            return null;
        Interlocked.Increment(ref _fromStore);
        return StoredAnswer.Response(texts, true);
    }

    private string[]? TextsOf(AnswerKey key) => _store.TryRead(key, out var payload) ? _packing.Texts(payload) : null;

    private async Task<(string[] Texts, bool IsFromStore)> Fetch(AnswerKey key, Func<CancellationToken, Task<ChatResponse>> send, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _store.Refresh(); // another process may have it by now
        if (TextsOf(key) is { } there)
        {
            Interlocked.Increment(ref _fromStore);
            return (there, true);
        }

        Interlocked.Increment(ref _sent);
        _journal.Sending(key);
        ChatResponse response;
        try
        {
            response = await send(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _journal.Failed(key);
            throw;
        }

        // From here on nothing is cancelled: what has come is kept.
        ObjectDisposedException.ThrowIf(_disposed, this);
        var texts = StoredAnswer.Texts(response);
        _store.Append([(key, _packing.Pack(texts))]);
        _journal.Stored(key);
        return (texts, false);
    }
}
