using System.Diagnostics;

namespace Decant.Tests.Launcher;

/// <summary>A clone on a made-up machine: its PATH leads to a shell's usual tools and to stand-ins that write down how they were called.</summary>
internal sealed class Machine : IDisposable
{
    private static readonly string[] s_tools =
    [
        "bash", "cat", "cksum", "cut", "dirname", "env", "find", "flock", "grep", "head", "id", "ln", "mkdir", "nproc", "paste", "readlink", "rm", "sed", "sort",
        "stat", "tail", "touch", "uname",
    ];

    private readonly TemporaryFolder _folder;

    private readonly string _clone;

    /// <param name="clone">What the clone's folder is called.</param>
    public Machine(string clone = "clone")
    {
        Need();
        (_folder, _clone) = (new TemporaryFolder(), clone);
        Copy("decant");
        foreach (var file in Directory.GetFiles(Repository.Find("native")))
            Copy(Path.Combine("native", Path.GetFileName(file)));
        Directory.CreateDirectory(InClone("src/Decant.Cli"));
        Directory.CreateDirectory(InClone("recipes"));
        File.WriteAllText(InClone("Directory.Build.props"), "");
        Directory.CreateDirectory(In("bin"));
        foreach (var tool in s_tools)
            File.CreateSymbolicLink(In($"bin/{tool}"), new[] { "/usr/bin", "/bin" }.Select(b => Path.Combine(b, tool)).First(File.Exists));
        Has("sudo", "exec \"$@\"");
    }

    /// <summary>Skips the test where the launcher does not run.</summary>
    public static void Need() => Assert.SkipUnless(OperatingSystem.IsLinux(), "The launcher is for Linux.");

    /// <summary>What the machine's programs were called with, in order.</summary>
    public string[] Calls => File.Exists(In("calls")) ? File.ReadAllLines(In("calls")) : [];

    public string In(string path) => Path.Combine(_folder.Path, path);

    public string InClone(string path) => Path.Combine(_folder.Path, _clone, path);

    /// <summary>Puts a program on the PATH; it writes its name and arguments down first.</summary>
    public Machine Has(string name, string script)
    {
        var path = In($"bin/{name}");
        File.Delete(path);
        File.WriteAllText(path, $"#!{In("bin/bash")}\necho \"{name} $*\" >>'{In("calls")}'\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return this;
    }

    public Machine HasDotnet(string sdk = "10.0.100", string build = "mkdir -p \"$2/bin/Release/net10.0\" && touch \"$2/bin/Release/net10.0/Decant.Cli.dll\"") => Has("dotnet", $$"""
        case $1 in
          --list-sdks) echo "{{sdk}} [/sdk]" ;;
          build) {{build}} ;;
          *) shift; echo "program: $*" ;;
        esac
        """);

    public Machine HasCompiler(string build = "touch \"$2/libdecant_bridge.so\"") => Has("g++", "").Has("make", "").Has("cmake", $$"""
        case $1 in
          -S) mkdir -p "$4" ;;
          --build) {{build}} ;;
        esac
        """);

    /// <summary>Lays down what the launcher knows a libtorch by.</summary>
    public Machine HasLibtorch(string folder = "system", string version = "2.11")
    {
        foreach (var line in LibtorchScript(folder, version).Split('\n'))
            Process.Start(In("bin/bash"), ["-c", line])!.WaitForExit();
        return this;
    }

    public string LibtorchScript(string folder = "system", string version = "2.11") => $"""
        mkdir -p '{In(folder)}'/include/ATen '{In(folder)}'/include/torch '{In(folder)}'/lib
        touch '{In(folder)}'/include/ATen/ATen.h '{In(folder)}'/lib/libtorch_cpu.so '{In(folder)}'/lib/libc10.so
        printf '#define TORCH_VERSION_MAJOR %s\n#define TORCH_VERSION_MINOR %s\n' {version.Replace('.', ' ')} >'{In(folder)}'/include/torch/version.h
        """;

    /// <summary>Runs <c>./decant</c> and gives its exit code and all that it wrote.</summary>
    public (int Code, string Output) Decant(string arguments, params (string Name, string Value)[] environment) => Run("decant", arguments, environment);

    /// <summary>Runs a script of the clone.</summary>
    public (int Code, string Output) Run(string script, string arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(In("bin/bash"), ["-c", $"exec '{InClone(script)}' {arguments} 2>&1 </dev/null"]) { RedirectStandardOutput = true };
        start.Environment.Clear();
        start.Environment["PATH"] = In("bin");
        start.Environment["HOME"] = In("home");
        start.Environment["DECANT_SYSTEM_ROOT"] = In("system");
        start.Environment["SSL_CERT_DIR"] = In("certificates");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    public void Dispose() => _folder.Dispose();

    private void Copy(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(InClone(path))!);
        File.Copy(Repository.Find(path), InClone(path));
    }
}
