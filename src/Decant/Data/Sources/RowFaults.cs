namespace Decant.Data.Sources;

/// <summary>What is wrong with one row; the file and the line are added where it is caught.</summary>
internal sealed class RowFaultException(string message) : Exception(message)
{
    /// <summary>Whether its bytes are not in the encoding.</summary>
    public bool IsOfEncoding { get; init; }
}

/// <summary>The faults of a file's rows, reported together so that the user can fix all of them.</summary>
internal sealed class RowFaults(string file)
{
    private const int Shown = 10;
    private readonly List<string> _messages = [];
    private long _count;

    /// <summary>Whether a row is not in the encoding.</summary>
    public bool HasEncodingFault { get; private set; }

    public void Add(long line, RowFaultException fault)
    {
        HasEncodingFault |= fault.IsOfEncoding;
        Add(line, fault.Message);
    }

    public void Add(long line, string message) => AddAt($"{file}:{line}", message);

    public void AddAt(string place, string message) => Note($"{place}: {message}");

    private void Note(string message)
    {
        _count++;
        if (_messages.Count < Shown) _messages.Add(message);
    }

    /// <summary>Throws what is not null, the first ten.</summary>
    public static void Throw(IEnumerable<string?> messages)
    {
        var faults = new RowFaults("");
        foreach (var message in messages.OfType<string>()) faults.Note(message);
        faults.ThrowIfAny();
    }

    /// <param name="hint">What is to be said after all of them; null: nothing.</param>
    public void ThrowIfAny(Func<string>? hint = null)
    {
        if (_count == 0) return;
        var more = _count > Shown ? $"\n… and {_count - Shown:N0} rows more" : "";
        throw new DecantException(string.Join('\n', _messages) + more + hint?.Invoke());
    }
}
