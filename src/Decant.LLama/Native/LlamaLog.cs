using LLama.Native;

namespace Decant.LLama.Native;

/// <summary>What llama.cpp reports: kept instead of printed, as far as it is a warning or an error.</summary>
internal static class LlamaLog
{
    private const int Most = 12;

    private static readonly Queue<(bool IsError, string Text)> s_faults = new();
    private static readonly NativeLogConfig.LLamaLogCallback s_callback = Add; // the library calls it as long as the process lives
    private static readonly Lock s_lock = new();

    /// <summary>Takes the log over, and forgets what was reported before.</summary>
    public static void Begin()
    {
        NativeLogConfig.llama_log_set(s_callback);
        lock (s_lock)
            s_faults.Clear();
    }

    /// <summary>What was reported since, in one line: errors, or else warnings; empty: nothing.</summary>
    public static string Text()
    {
        lock (s_lock)
            return string.Join("; ", s_faults.Where(fault => fault.IsError || !s_faults.Any(other => other.IsError)).Select(fault => Shown(fault.Text)));
    }

    private static void Add(LLamaLogLevel level, string message)
    {
        if (level is not (LLamaLogLevel.Error or LLamaLogLevel.Warning) || string.IsNullOrWhiteSpace(message))
            return;
        lock (s_lock)
        {
            if (s_faults.Count == Most)
                s_faults.Dequeue();
            s_faults.Enqueue((level == LLamaLogLevel.Error, message.Trim()));
        }
    }

    // A file's own names may stand in it: no control character reaches a terminal.
    private static string Shown(string message) => string.Concat((message.Length > 300 ? message[..300] + "…" : message).Select(c => char.IsControl(c) ? ' ' : c));
}
