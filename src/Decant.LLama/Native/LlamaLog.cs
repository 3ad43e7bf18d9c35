using LLama.Native;

namespace Decant.LLama.Native;

/// <summary>What llama.cpp reports: kept instead of printed, as far as it is a warning or an error. It reports on the thread that called it.</summary>
internal static class LlamaLog
{
    private const int Most = 12;
    private const int Longest = 300; // characters of a message

    private static readonly NativeLogConfig.LLamaLogCallback s_callback = Add; // the library calls it as long as the process lives

    [ThreadStatic]
    private static Queue<(bool IsError, string Text)>? t_faults;

    private static Queue<(bool IsError, string Text)> Faults => t_faults ??= new();

    /// <summary>Finds the library, whatever of it is called next, takes its log over, and forgets what was reported on this thread before.</summary>
    public static void Begin()
    {
        NativeLogConfig.llama_log_set(s_callback);
        NativeApi.llama_empty_call(); // no other class of LLamaSharp finds the library
        Faults.Clear();
    }

    /// <summary>What was reported since, in one line: errors, or else warnings; empty: nothing.</summary>
    public static string Text()
    {
        var hasErrors = Faults.Any(fault => fault.IsError);
        return string.Join("; ", Faults.Where(fault => fault.IsError == hasErrors).Select(fault => Shown(fault.Text)));
    }

    private static void Add(LLamaLogLevel level, string message)
    {
        if (level is not (LLamaLogLevel.Error or LLamaLogLevel.Warning) || string.IsNullOrWhiteSpace(message))
            return;
        if (Faults.Count == Most)
            Faults.Dequeue();
        Faults.Enqueue((level == LLamaLogLevel.Error, message.Trim()));
    }

    // A file's own names may stand in it: no control character reaches a terminal.
    private static string Shown(string message) => string.Concat((message.Length > Longest ? message[..Longest] + "…" : message).Select(c => char.IsControl(c) ? ' ' : c));
}
