using System.Text;
using System.Text.Json;
using Decant.Files;

namespace Decant.Runs.Reports.Record;

/// <summary>A run's record as read back: everything that a report needs.</summary>
public sealed class RunRecord
{
    private RunRecord(IReadOnlyList<RunEvent> events, IReadOnlyList<string> problems) => (Events, Problems) = (events, problems);

    /// <summary>The events in the order in which they happened.</summary>
    public IReadOnlyList<RunEvent> Events { get; }

    /// <summary>What could not be read, in words: a cut last line, events of a newer Decant. Empty when all is well.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>The names of the tasks of a run of several, in the order in which they came; empty where there is one.</summary>
    public IReadOnlyList<string> Tasks => [.. Events.Select(e => e.TaskName).OfType<string>().Distinct()];

    /// <summary>A record of events that are at hand.</summary>
    public static RunRecord From(IEnumerable<RunEvent> events) => From(events, []);

    internal static RunRecord From(IEnumerable<RunEvent> events, IReadOnlyList<string> problems) => new([.. events], problems);

    /// <summary>Reads <c>record.jsonl</c>, also while a run is writing it.</summary>
    /// <exception cref="DecantException">There is no such file, or nothing in it is a record.</exception>
    public static RunRecord Read(string path)
    {
        try
        {
            using var file = RegularFile.Open(path, FileShare.ReadWrite | FileShare.Delete);
            return Read(file, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"Cannot read the run's record {path}: {e.Message} Give the folder of a run, which holds record.jsonl.", ExitCodes.BadInput, e);
        }
    }

    /// <summary>Reads a record from a stream.</summary>
    /// <param name="stream">The lines, UTF-8.</param>
    /// <param name="name">The file's name, for messages.</param>
    public static RunRecord Read(Stream stream, string name)
    {
        using var reader = new StreamReader(stream, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false);
        var (events, problems, unknown) = (new List<RunEvent>(), new List<string>(), new SortedDictionary<string, int>(StringComparer.Ordinal));
        var (number, failed) = (0, 0);
        foreach (var line in BoundedLines.Of(reader, name))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var (happened, fault) = Parse(line, unknown);
            if (happened is not null)
                events.Add(happened);
            if (fault is not null && ++failed <= 5)
                problems.Add($"{name}:{number}: this line {fault} and was left out.");
        }
        if (events.Count == 0 && failed > 0)
            throw new DecantException($"{name} is not a run's record: none of its {number} lines is an event. A record is the file record.jsonl in a run's folder.");
        if (failed > 5)
            problems.Add($"{name}: {failed - 5} more lines could not be read and were left out.");
        problems.AddRange(unknown.Select(u => $"{name}: {u.Value} '{u.Key}' events are of a kind that this version does not know and were left out."));
        return new RunRecord(events, problems);
    }

    private static (RunEvent? Happened, string? Fault) Parse(string line, SortedDictionary<string, int> unknown)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("event", out var kind))
                return (null, "is not an event");
            if (EventKinds.Known.Contains(kind.ToString()))
                return (json.RootElement.Deserialize<RunEvent>(RecordLine.Reading), null);
            unknown[kind.ToString()] = unknown.GetValueOrDefault(kind.ToString()) + 1;
            return (null, null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException or ArgumentException or FormatException or OverflowException)
        {
            return (null, line.TrimEnd().EndsWith('}') ? $"is damaged ({e.Message})" : "is cut off (the run was interrupted while writing it)");
        }
    }
}
