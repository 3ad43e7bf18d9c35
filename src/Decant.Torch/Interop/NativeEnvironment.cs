using System.Runtime.InteropServices;

namespace Decant.Torch.Interop;

/// <summary>The process's C environment, which native libraries read when they are loaded.</summary>
/// <remarks><see cref="Environment.SetEnvironmentVariable(string, string)"/> changes .NET's copy alone.</remarks>
internal static partial class NativeEnvironment
{
    private const int OnlineProcessors = 84; // _SC_NPROCESSORS_ONLN of Linux

    /// <summary>
    /// Sets what keeps the threads of OpenMP and of the BLAS from spinning and from outnumbering the cores, unless the user has set it.
    /// </summary>
    /// <remarks>On cores that are shared with anything else, spinning costs 3 to 5 times. libgomp reads the variables once, at load.</remarks>
    public static void Prepare()
    {
        SetDefault("OMP_WAIT_POLICY", "PASSIVE");
        SetDefault("KMP_BLOCKTIME", "0");
        if (OperatingSystem.IsLinux() && ThreadLimit(Environment.ProcessorCount, (long)sysconf(OnlineProcessors)) is { } limit)
            SetDefault("OMP_NUM_THREADS", limit.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>How many threads there may be, if that is fewer than native libraries would take by themselves.</summary>
    /// <remarks>
    /// A container's share of processor time is known to .NET; OpenMP and OpenBLAS see all cores of the machine. Otherwise the choice stays
    /// theirs.
    /// </remarks>
    public static int? ThreadLimit(int allowed, long online) => allowed < online ? allowed : null;

    /// <summary>The value that native libraries see.</summary>
    public static string? Get(string name)
    {
        if (OperatingSystem.IsWindows())
            return Environment.GetEnvironmentVariable(name);
        return Marshal.PtrToStringUTF8(getenv(name));
    }

    /// <summary>Sets a value that native libraries see, and replaces an existing one.</summary>
    public static void Set(string name, string value)
    {
        if (OperatingSystem.IsWindows())
            Environment.SetEnvironmentVariable(name, value);
        else
            _ = setenv(name, value, 1);
    }

    private static void SetDefault(string name, string value)
    {
        if (OperatingSystem.IsWindows())
        {
            if (Environment.GetEnvironmentVariable(name) is null)
                Environment.SetEnvironmentVariable(name, value);
        }
        else
        {
            _ = setenv(name, value, 0);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport("libc")]
    private static partial nint sysconf(int name);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint getenv(string name);
}
