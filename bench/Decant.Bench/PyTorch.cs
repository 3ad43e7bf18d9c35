using System.ComponentModel;
using System.Diagnostics;

namespace Decant.Bench;

/// <summary>The Python with PyTorch that is compared with.</summary>
/// <param name="python">Its program.</param>
/// <param name="kernels">The kernels that its OpenBLAS is to take, in every way that it runs: those of our side; null: left to it.</param>
internal sealed class PyTorch(string python, string? kernels = null)
{
    /// <summary>Debian's, with the libtorch that Decant runs on.</summary>
    public const string DefaultPython = "/usr/bin/python3";

    // What a user, or the launcher, may have set for threads and memory is not PyTorch's default. The kernels are those of our side, so that loops are compared and not kernels.
    private static readonly string[] s_threads = ["OMP_", "GOMP_", "KMP_", "MKL_", "OPENBLAS_NUM_THREADS", "OPENBLAS_MAIN_FREE", "GOTO_NUM_THREADS", "MALLOC_"];

    /// <summary>PyTorch's version.</summary>
    /// <exception cref="DecantException">There is no such Python, or it has no PyTorch.</exception>
    public string Version()
    {
        var start = new ProcessStartInfo(python, ["-c", "import numpy, torch; print(torch.__version__)"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var version = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? version : throw Missing(errors.GetAwaiter().GetResult().TrimEnd().Split('\n')[^1], null);
        }
        catch (Win32Exception error)
        {
            throw Missing(error.Message, error);
        }
    }

    /// <summary>Starts a workload's peer.</summary>
    /// <param name="workload">Its name: <c>bench/peers/NAME.py</c>.</param>
    /// <param name="folder">The folder with the task.</param>
    /// <param name="isTuned">Let waiting threads sleep; otherwise nothing is set.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public IBenchPeer Start(string workload, string folder, bool isTuned, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(python, ["-W", "ignore", Script(workload), folder]);
        foreach (var name in start.Environment.Keys.Where(key => s_threads.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal))).ToList())
            start.Environment.Remove(name);
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        if (!string.IsNullOrEmpty(kernels))
            start.Environment["OPENBLAS_CORETYPE"] = kernels;
        if (isTuned)
            start.Environment["OMP_WAIT_POLICY"] = "PASSIVE";
        return new BenchPeer($"PyTorch's side of {workload}", start, cancellationToken);
    }

    private static string Script(string workload)
    {
        string?[] roots = [Environment.GetEnvironmentVariable("DECANT_HOME"), AppContext.BaseDirectory];
        var files = roots.Where(root => !string.IsNullOrEmpty(root)).Select(root => Path.Combine(root!, "bench", "peers", workload.Replace('-', '_') + ".py")).ToList();
        return files.Find(File.Exists) ?? throw new DecantException($"bench: PyTorch's side of {workload} was not found; looked for {string.Join(" and ", files)}.", ExitCodes.Machine);
    }

    private DecantException Missing(string why, Exception? inner) => new(
        $"bench compares with PyTorch, and {python} cannot import it: {why}\n"
        + "Install Debian's python3-torch and python3-numpy (apt-get install python3-torch python3-numpy), name another Python with --python, "
        + "or measure our side alone with --without-peer.",
        ExitCodes.Machine,
        inner);
}
