using System.Runtime.InteropServices;

namespace Decant.Torch.Interop;

/// <summary>The loaded bridge. Touching <see cref="Api"/> loads it, once.</summary>
internal static unsafe class Native
{
    private static readonly Lazy<nint> s_api = new(Load);

    public static NativeApi* Api => (NativeApi*)s_api.Value;

    public static string? LoadedFrom { get; private set; }

    /// <summary>Throws what the bridge said if <paramref name="code"/> is not 0.</summary>
    public static void Check(int code, string doing)
    {
        if (code != 0)
            throw new TorchException($"{doing}: {LastError()}");
    }

    public static string LastError() => Marshal.PtrToStringUTF8((nint)Api->LastError()) ?? "no message";

    private static nint Load()
    {
        NativeEnvironment.Prepare();
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var tried = new List<string>();
        foreach (var path in BridgeLocator.Candidates(AppContext.BaseDirectory, Environment.GetEnvironmentVariable("DECANT_BRIDGE"), cache))
        {
            if (!File.Exists(path))
            {
                tried.Add($"  {path}: not there");
                continue;
            }

            try
            {
                var api = Handshake(NativeLibrary.Load(path), path);
                LoadedFrom = path;
                return api;
            }
            catch (DllNotFoundException error)
            {
                tried.Add($"  {path}: {error.Message.Split('\n')[0]}");
            }
        }

        throw new TorchException(
            "The bridge to libtorch was not found. Tried:\n" + string.Join('\n', tried) +
            "\nIn a clone, ./decant builds it; elsewhere set DECANT_BRIDGE to a built libdecant_bridge.so (cmake -S native -B build && cmake --build build).");
    }

    private static nint Handshake(nint library, string path)
    {
        var entry = (delegate* unmanaged<uint, NativeApi*>)NativeLibrary.GetExport(library, "decant_bridge");
        var api = entry(NativeApi.Abi);
        if (api is null)
            throw new TorchException($"{path} does not speak version {NativeApi.Abi} of the bridge's ABI: it was built from other sources. Remove it and run ./decant again.");
        if (api->Size < sizeof(NativeApi))
            throw new TorchException($"{path} is older than this program: its table has {api->Size} bytes, {sizeof(NativeApi)} are needed. Remove it and run ./decant again.");
        return (nint)api;
    }
}
