using System.Diagnostics;
using Decant.Runs.Jobs;

namespace Decant.Tests.Runs;

/// <summary>Machines that lack something, in a process of its own: a bridge that is loaded stays loaded.</summary>
public sealed class MachineTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("train.csv", "distill")]
    [InlineData("none.so", "distill")]
    [InlineData("none.so", "check")]
    [InlineData("train.csv", "doctor")]
    [InlineData("none.so", "doctor")]
    public void A_bridge_that_is_missing_or_none_is_told_and_nothing_crashes(string bridge, string command)
    {
        string[] args = command switch
        {
            "distill" => [command, _work.At("image.yaml"), "--out", _work.At("out")],
            "check" => [command, _work.At("image.yaml")],
            _ => [command],
        };
        var answer = Process(_work.At(bridge), args);
        Assert.Equal(3, answer.Exit);
        var said = command == "doctor" ? answer.Out : answer.Error;
        Assert.Contains("The bridge to libtorch could not be loaded", said.ReplaceLineEndings(" "));
        Assert.Contains(bridge, said);
        Assert.DoesNotContain("   at Decant", answer.Out + answer.Error);
        Assert.False(Directory.Exists(_work.At("out")));
    }

    [Fact]
    public void The_doctor_knows_the_machine()
    {
        var facts = DoctorJob.Run(threads: 1).ToDictionary(f => f.Key);
        foreach (var key in new[] { "dotnet", "libtorch", "bridge", "blas", "threads", "omp_wait_policy", "cuda_devices", "gflops", "free_disk_bytes" })
            Assert.NotEmpty(facts[key].Value);
        Assert.Null(facts["libtorch"].Problem);
        Assert.All(facts.Values, f => Assert.Equal(f.Problem is null, f.Remedy is null));
    }

    [Fact]
    public void A_full_disk_is_told_and_leaves_no_half_file()
    {
        using var disk = new SmallDisk(_work.At("disk"), kilobytes: 64);
        var answer = _work.Decant("distill", _work.At("image.yaml"), "--quiet", "--out", Path.Combine(disk.Path, "run"), "--set", "teacher.model.hidden=[512]");
        Assert.Equal(3, answer.Exit);
        Assert.Contains("cannot be written: No space left on device", answer.Error);
        Assert.DoesNotContain("   at ", answer.Error);
        Assert.Empty(Directory.GetFiles(disk.Path, "*.tmp", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(disk.Path, "model.safetensors", SearchOption.AllDirectories));
    }

    private static Answer Process(string bridge, string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Decant.Cli.dll"), .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DECANT_BRIDGE"] = bridge;
        using var process = System.Diagnostics.Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Answer(process.ExitCode, output, error.Result);
    }
}

/// <summary>A file system in memory that is soon full. Only root may mount it: elsewhere it skips the test.</summary>
internal sealed class SmallDisk : IDisposable
{
    public SmallDisk(string path, int kilobytes)
    {
        Path = Directory.CreateDirectory(path).FullName;
        var fault = Call("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", Path);
        Assert.SkipWhen(fault is not null, $"A small disk cannot be mounted here: {fault}");
    }

    public string Path { get; }

    public void Dispose() => Assert.Null(Call("umount", Path));

    /// <summary>What went wrong, or null.</summary>
    private static string? Call(string program, params string[] args)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true })!;
            var said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"{program}: {said.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            return $"{program}: {error.Message}";
        }
    }
}
