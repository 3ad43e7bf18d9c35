using LLama.Exceptions;

namespace Decant.LLama.Native;

/// <summary>The native library, which comes with a package that a program chooses.</summary>
internal static class LlamaBackend
{
    /// <summary>Whether a failure means that there is no native library.</summary>
    public static bool IsMissing(Exception error) => error is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException or BadImageFormatException
        || (error is RuntimeError && error.Message.Contains("native library", StringComparison.OrdinalIgnoreCase));

    /// <summary>What to do then.</summary>
    public static DecantException Missing(Exception error) => new(
        $"A GGUF file is computed by llama.cpp, and no native library of it could be loaded: {Innermost(error)} Add the package LLamaSharp.Backend.Cpu to the program, in the version of its LLamaSharp; the decant tool has it for Linux, macOS and Windows.",
        ExitCodes.Machine, error);

    private static string Innermost(Exception error)
    {
        while (error.InnerException is { } inner)
            error = inner;
        var text = error.Message.ReplaceLineEndings(" ").Trim();
        return text.Length > 400 ? text[..400] + "…" : text;
    }
}
