using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Decant.Files;
using Decant.Teachers.Answers.Storage;

namespace Decant.Teachers.Remote.Storing;

/// <summary>
/// A file beside a store that says which requests are out: a line before one is sent, and another when its answer is stored or it failed. Each process has its own, with a lock, so that after a kill it
/// can be counted what was sent and has no stored answer.
/// </summary>
internal sealed class RequestJournal : IDisposable
{
    /// <summary>The names of journals end so.</summary>
    public const string Extension = ".requests";

    private const string Settled = "settled";
    private const int KeyDigits = 2 * AnswerKey.Size;
    private readonly Lock _writing = new();
    private readonly FileStream _file;
    private readonly FileLock _lock;
    private readonly string _path;
    private int _open;

    private RequestJournal(string path, FileLock held) => (_path, _lock, _file) = (path, held, new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1));

    /// <summary>How many of this process's requests are out.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Begins a journal.</summary>
    /// <param name="folder">The store's folder.</param>
    /// <exception cref="DecantException">The folder cannot be written.</exception>
    public static RequestJournal Begin(string folder)
    {
        try
        {
            while (true)
            {
                var path = Path.Combine(folder, Guid.NewGuid().ToString("N") + Extension);
                if (FileLock.TryTake(LockOf(path)) is { } held)
                    return new RequestJournal(path, held);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"The journal of requests in {folder} cannot be written: {error.Message} Make the folder writable, or choose another.", ExitCodes.Machine, error);
        }
    }

    /// <summary>
    /// Reads the journals that killed processes left, and removes those in which nothing is open. Who reads one first closes what the store has, for a process may be killed between an answer and its line;
    /// after that it stays as it is, whatever is asked again.
    /// </summary>
    /// <param name="folder">The store's folder.</param>
    /// <param name="isStored">Whether the store has an answer.</param>
    /// <returns>The keys that were sent and neither stored nor failed, by journal; a key may be in several.</returns>
    public static IReadOnlyList<IReadOnlyList<AnswerKey>> Left(string folder, Func<AnswerKey, bool> isStored)
    {
        var left = new List<IReadOnlyList<AnswerKey>>();
        foreach (var path in Directory.EnumerateFiles(folder, "*" + Extension).Order(StringComparer.Ordinal))
        {
            using var held = FileLock.TryTake(LockOf(path));
            if (held is null)
                continue; // its process lives
            var open = OpenIn(path, isStored);
            if (open.Count > 0)
                left.Add(open);
            else
                Remove(path);
        }

        return left;
    }

    /// <summary>Says that a request is about to be sent. When this returns, the end of the process does not lose it.</summary>
    public void Sending(AnswerKey key)
    {
        Interlocked.Increment(ref _open);
        Write('+', key);
    }

    /// <summary>Says that an answer is stored.</summary>
    public void Stored(AnswerKey key) => Close('-', key);

    /// <summary>Says that a request failed, or was given up before its answer came.</summary>
    public void Failed(AnswerKey key) => Close('x', key);

    /// <summary>Ends the journal; with nothing open it is removed.</summary>
    public void Dispose()
    {
        lock (_writing)
        {
            _file.Dispose();
            if (Open == 0)
                Remove(_path);
            _lock.Dispose();
        }
    }

    private static string LockOf(string path) => path + ".lock";

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
            File.Delete(LockOf(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // it says that nothing is open, and may stay
        }
    }

    private static List<AnswerKey> OpenIn(string path, Func<AnswerKey, bool> isStored)
    {
        var open = new List<AnswerKey>();
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (FileNotFoundException)
        {
            return open; // another removed it
        }

        foreach (var line in lines)
        {
            if (!TryParse(line, out var key))
                continue; // cut off: its request was not sent
            if (line[0] == '+')
                open.Add(key.Value);
            else
                open.Remove(key.Value);
        }

        if (!lines.Contains(Settled))
            Settle(path, open, isStored);
        return open;
    }

    private static void Settle(string path, List<AnswerKey> open, Func<AnswerKey, bool> isStored)
    {
        var stored = open.Where(isStored).ToList();
        open.RemoveAll(stored.Contains);
        File.AppendAllText(path, string.Concat(stored.Select(key => $"\n- {key}")) + $"\n{Settled}\n"); // the last line may be cut off
    }

    private static bool TryParse(string line, [NotNullWhen(true)] out AnswerKey? key)
    {
        key = null;
        if (line.Length != 2 + KeyDigits || line[0] is not ('+' or '-' or 'x') || !UInt128.TryParse(line.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            return false;
        key = new AnswerKey(value);
        return true;
    }

    private void Close(char how, AnswerKey key)
    {
        Write(how, key);
        Interlocked.Decrement(ref _open);
    }

    private void Write(char how, AnswerKey key)
    {
        var line = Encoding.ASCII.GetBytes($"{how} {key}\n");
        lock (_writing)
        {
            if (!_file.CanWrite)
                return; // disposed while a request was out: it stays open in the file
            _file.Write(line);
            _file.Flush();
        }
    }
}
