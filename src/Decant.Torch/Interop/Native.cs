using System.Runtime.InteropServices;

namespace Decant.Torch.Interop;

/// <summary>The loaded bridge. Touching <see cref="Api"/> loads it, once.</summary>
internal static unsafe class Native
{
    private static readonly Lazy<(nint Api, string Path)> s_loaded = new(() => Load(s_prepare, Candidates()));
    private static Action? s_prepare;

    public static NativeApi* Api => (NativeApi*)s_loaded.Value.Api;

    public static string LoadedFrom => s_loaded.Value.Path;

    public static bool IsLoaded => s_loaded.IsValueCreated;

    /// <summary>What went wrong last on this thread, without the list of every kernel that libtorch appends after an empty line.</summary>
    public static string LastError() => (Marshal.PtrToStringUTF8((nint)Api->LastError()) ?? "").Trim().Split("\n\n")[0];

    /// <summary>The error of what was being done, with what the bridge said last on this thread.</summary>
    public static TorchException Error(string doing) => new($"{doing}: {LastError()}");

    /// <summary>Registers what must happen before libtorch is loaded, and decides what it is loaded with. Nothing is loaded without it.</summary>
    public static void PrepareBy(Action prepare) => s_prepare = prepare;

    /// <summary>Loads the bridge after everything that must come before it.</summary>
    internal static (nint Api, string Path) Load(Action? prepare, IEnumerable<string> candidates)
    {
        if (prepare is null)
            throw new InvalidOperationException("The kernels of OpenBLAS are chosen before libtorch is loaded, and nothing is registered that chooses them.");
        AddressSpace.Check();
        NativeEnvironment.Prepare();
        prepare();
        return Open(candidates);
    }

    /// <summary>Opens the first bridge that is there, or says everything that was tried.</summary>
    internal static (nint Api, string Path) Open(IEnumerable<string> candidates)
    {
        var tried = new List<string>();
        foreach (var path in candidates)
        {
            if (!File.Exists(path))
            {
                tried.Add($"  {path}: not there");
                continue;
            }

            try
            {
                return (Entry(NativeLibrary.Load(path), path, NativeApi.Abi), path);
            }
            catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
            {
                tried.Add($"  {path}: {Reason(error.Message)}");
            }
        }

        throw new TorchException(
            "The bridge to libtorch could not be loaded. Tried:\n" + string.Join('\n', tried) +
            $"\nIn a clone, ./decant builds it; elsewhere: bash {Path.Combine(AppContext.BaseDirectory, "native", "bridge.sh")}\nOr set DECANT_BRIDGE to a built libdecant_bridge.so.");
    }

    /// <summary>Asks a library for its table, in a version of the ABI.</summary>
    internal static nint Entry(nint library, string path, uint abi)
    {
        if (!NativeLibrary.TryGetExport(library, "decant_bridge", out var export))
            throw new TorchException($"{path} is not Decant's bridge: it exports no decant_bridge.");
        return Handshake(((delegate* unmanaged<uint, nint>)export)(abi), path, abi);
    }

    /// <summary>Accepts a table that has every entry this program calls.</summary>
    internal static nint Handshake(nint table, string path, uint abi)
    {
        var api = (NativeApi*)table;
        if (api is null || api->AbiVersion != abi)
            throw new TorchException($"{path} does not speak version {abi} of the bridge's ABI: it was built from other sources. Remove it and run ./decant again.");
        if (api->Size < sizeof(NativeApi))
            throw new TorchException($"{path} is older than this program: its table has {api->Size} bytes, {sizeof(NativeApi)} are needed. Remove it and run ./decant again.");
        return table;
    }

    /// <summary>Where the bridge is looked for in this process.</summary>
    internal static IEnumerable<string> Candidates() => BridgeLocator.Candidates(AppContext.BaseDirectory, Environment.GetEnvironmentVariable("DECANT_BRIDGE"), UserCache.Folder);

    // .NET puts a sentence about strace first and what the loader said after it.
    private static string Reason(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join("; ", lines.Length > 1 ? lines[1..] : lines);
    }
}
