using System.Diagnostics;
using Decant.Bench;

namespace Decant.Tests.Bench;

public sealed class PeerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Both_sides_compute_the_same_losses_on_every_workload_and_in_every_way_that_the_peer_can_be_run()
    {
        var workloads = TinyWorkloads.All.ToList();
        Assert.Equal(8, workloads.Count);
        await Task.WhenAll(workloads.Select(workload => Task.Run(() => Compare(workload))));
    }

    [Fact]
    public void A_peer_answers_every_word_of_the_protocol()
    {
        var workload = TinyWorkloads.Find("mlp");
        using var folder = new BenchFolder(workload);
        using var peer = new PyTorch(PythonWithTorch.Path).Start("mlp", folder.Path, isTuned: true, default);
        Assert.Equal(2, peer.Ask("variants", default)["variants"]!.AsArray().Count);
        Assert.Empty(peer.Ask("use {\"variant\": 1, \"threads\": 1, \"blas\": 1}", default));
        Assert.True(peer.Ask("steps 3", default)["seconds"]!.GetValue<double>() > 0);
        Assert.True(peer.Ask("memory", default)["peak_bytes"]!.GetValue<long>() > 1 << 20);
        Assert.True(peer.Ask("peak", default)["gflops"]!.GetValue<double>() > 0);
    }

    [Fact]
    public void A_Python_that_is_not_there_is_told_with_the_package_that_brings_it()
    {
        var error = Assert.Throws<DecantException>(() => new PyTorch("/none/python3").Version());
        Assert.Equal(ExitCodes.Machine, error.ExitCode);
        Assert.StartsWith("bench compares with PyTorch, and /none/python3 cannot import it: ", error.Message);
        Assert.Contains("apt-get install python3-torch python3-numpy", error.Message);
        Assert.Contains("--without-peer", error.Message);
    }

    [Fact]
    public void A_Python_without_PyTorch_is_told_by_its_own_words()
    {
        var python = Script("echo \"ModuleNotFoundError: No module named 'torch'\" >&2; exit 1");
        var error = Assert.Throws<DecantException>(() => new PyTorch(python).Version());
        Assert.Equal(ExitCodes.Machine, error.ExitCode);
        Assert.Contains("No module named 'torch'", error.Message);
    }

    [Fact]
    public void PyTorch_runs_without_what_the_launcher_and_the_user_have_set_for_threads()
    {
        var python = Script("echo \"{\\\"policy\\\": \\\"${OMP_WAIT_POLICY-none}\\\"}\"; read line; echo \"{\\\"policy\\\": \\\"${OMP_WAIT_POLICY-none}\\\", \\\"threads\\\": \\\"${OPENBLAS_NUM_THREADS-none}\\\"}\"");
        using var standard = new PyTorch(python).Start("mlp", _folder.Path, isTuned: false, default);
        using var tuned = new PyTorch(python).Start("mlp", _folder.Path, isTuned: true, default);
        Assert.Equal("""{"policy":"none","threads":"none"}""", standard.Ask("x", default).ToJsonString());
        Assert.Equal("PASSIVE", (string?)tuned.Ask("x", default)["policy"]);
    }

    [Theory]
    [InlineData("SkylakeX", "SkylakeX")]
    [InlineData("", "left to it")]
    [InlineData(null, "left to it")]
    public void PyTorch_computes_with_the_kernels_of_our_side_however_it_is_run(string? kernels, string taken)
    {
        var python = Script("echo '{}'; read line; echo \"{\\\"kernels\\\": \\\"${OPENBLAS_CORETYPE-left to it}\\\"}\"");
        foreach (var isTuned in new[] { false, true })
        {
            using var peer = new PyTorch(python, kernels).Start("mlp", _folder.Path, isTuned, default);
            Assert.Equal(Environment.GetEnvironmentVariable("OPENBLAS_CORETYPE") is { } set && taken == "left to it" ? set : taken, (string?)peer.Ask("x", default)["kernels"]);
        }
    }

    [Fact]
    public void PyTorch_says_which_kernels_it_computes_with_and_they_are_ours()
    {
        var kernels = Decant.Torch.Runtime.Fact("openblas-core");
        using var folder = new BenchFolder(TinyWorkloads.Find("mlp"));
        using var peer = new PyTorch(PythonWithTorch.Path, kernels).Start("mlp", folder.Path, isTuned: true, default);
        Assert.Equal(kernels, BenchTuning.Default(peer, 1, default).Kernels);
    }

    [Fact]
    public void A_side_that_breaks_off_is_told_with_its_last_words()
    {
        using var peer = Peer("echo '{}'; read line; echo 'out of memory' >&2; exit 1");
        var error = Assert.Throws<DecantException>(() => peer.Ask("steps 1", default));
        Assert.Contains("bench: a side ended", error.Message);
        Assert.EndsWith("out of memory", error.Message);
    }

    [Fact]
    public void Stopping_ends_a_side_that_is_in_the_middle_of_its_work()
    {
        var mark = Path.Combine(_folder.Path, "pid");
        using var stop = new CancellationTokenSource();
        using (var peer = Peer($"echo $$ > {mark}; echo '{{}}'; read line; exec sleep 600"))
        {
            stop.CancelAfter(50);
            Assert.Throws<OperationCanceledException>(() => peer.Ask("steps 1", stop.Token));
        }

        Assert.False(Directory.Exists($"/proc/{File.ReadAllText(mark).Trim()}"));
    }

    private static void Compare(Workload workload)
    {
        using var folder = new BenchFolder(workload);
        using var ours = new BenchSide(workload, folder.Path);
        var losses = ours.Check(3);
        Assert.All(losses, loss => Assert.True(double.IsFinite(loss) && loss > 0));
        using var peer = new PyTorch(PythonWithTorch.Path).Start(workload.Name, folder.Path, isTuned: true, default);
        var variants = peer.Ask("variants", default)["variants"]!.AsArray();
        Assert.Equal(workload.Name is "encoder" or "on-policy" ? 4 : 2, variants.Count);
        for (var variant = 0; variant < variants.Count; variant++)
        {
            peer.Ask($"use {{\"variant\": {variant}, \"threads\": 1, \"blas\": 1}}", default);
            var theirs = peer.Ask("check 3", default)["losses"]!.AsArray().Select(loss => loss!.GetValue<double>()).ToList();
            Assert.All(losses.Zip(theirs), pair => Assert.Equal(pair.First, pair.Second, 1e-4 * pair.Second));
        }
    }

    private static BenchPeer Peer(string script) => new("a side", new ProcessStartInfo("/bin/sh", ["-c", script]), default);

    private string Script(string text)
    {
        var path = _folder.Write("python3", "#!/bin/sh\n" + text + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
