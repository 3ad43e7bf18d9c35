using System.Runtime.InteropServices;

namespace Decant.Torch.Interop;

/// <summary>The process's C environment, which native libraries read when they are loaded.</summary>
/// <remarks><see cref="Environment.SetEnvironmentVariable(string, string)"/> changes .NET's copy alone.</remarks>
internal static partial class NativeEnvironment
{
    /// <summary>Sets what keeps OpenMP's and OpenBLAS's threads from spinning, unless the user has set it.</summary>
    /// <remarks>On cores that are shared with anything else, spinning costs 3 to 5 times. libgomp reads the variable once, at load.</remarks>
    public static void Prepare()
    {
        SetDefault("OMP_WAIT_POLICY", "PASSIVE");
        SetDefault("KMP_BLOCKTIME", "0");
    }

    /// <summary>The value that native libraries see.</summary>
    public static string? Get(string name)
    {
        if (OperatingSystem.IsWindows())
            return Environment.GetEnvironmentVariable(name);
        return Marshal.PtrToStringUTF8(getenv(name));
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

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint getenv(string name);
}
