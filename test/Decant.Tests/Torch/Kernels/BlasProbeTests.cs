using Decant.Torch;
using Decant.Torch.Kernels;

namespace Decant.Tests.Torch.Kernels;

/// <summary>The program that tries kernels, on the BLAS of this machine and on files that are none.</summary>
public sealed class BlasProbeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_finds_the_BLAS_that_libtorch_loads()
    {
        OpenBlas.Need();
        var location = Probe.Locate(Runtime.BridgePath)!;
        Assert.Equal(Runtime.BlasPath, Real(location.Blas));
        Assert.Contains("openblas", location.OpenBlas);
        Assert.Contains("OpenBLAS", location.Version);
    }

    [Fact]
    public void The_kernels_in_use_here_compute_right_and_have_rates()
    {
        OpenBlas.Need();
        var trial = Probe.Try(Location, Runtime.Fact("openblas-core"));
        Assert.Null(trial.Fault);
        Assert.True(trial.IsUsable, trial.ToString());
        Assert.Equal(Runtime.Fact("openblas-core"), trial.Kernels);
        foreach (var rate in new[] { trial.Square, trial.Thin, trial.Vector })
            Assert.InRange(rate, 0.1, 1e5);
        Assert.InRange(Probe.Product(Location, null, 1, 256, 2)!.Value, 0.1, 1e5);
    }

    [Fact]
    public void Kernels_that_OpenBLAS_does_not_have_are_not_accepted()
    {
        OpenBlas.Need();
        var trial = Probe.Try(Location, "NoSuchKernels");
        Assert.False(trial.IsAccepted);
        Assert.False(trial.IsUsable);
        Assert.Null(trial.Fault);
    }

    [Fact]
    public void What_was_chosen_here_is_what_libtorch_computes_with()
    {
        OpenBlas.Need();
        var choice = OpenBlasKernels.Choice;
        Assert.Contains(choice.Reason, new[] { KernelReason.Environment, KernelReason.Measured });
        if (choice.Reason is KernelReason.Measured)
            Assert.Equal(choice.Kernels, Runtime.Fact("openblas-core"));
        Assert.Equal(KernelReason.Measured, OpenBlasKernels.Unforced().Reason);
        Assert.Contains(Runtime.Fact("openblas-core"), OpenBlasKernels.MeasureProducts(threads: 1, size: 64).Keys);
    }

    [Fact]
    public void Kernels_that_are_in_use_can_be_required_and_others_no_more()
    {
        OpenBlas.Need();
        OpenBlasKernels.Require(Runtime.Fact("openblas-core"));
        Assert.Equal(
            $"Expected OpenBLAS's Z80 kernels, but this process has loaded libtorch with its {Runtime.Fact("openblas-core")} kernels, and cannot load it again. Use a new process.",
            Assert.Throws<KernelsUnavailableException>(() => OpenBlasKernels.Require("Z80")).Message);
    }

    [Theory]
    [InlineData("exit 4", "a wrong result: sgemm TN 7x5x3: expected 1 at (0, 0), came 2")]
    [InlineData("kill -ILL $$", "ended by SIGILL (an instruction that the processor does not have)")]
    [InlineData("kill -SEGV $$", "ended by SIGSEGV")]
    [InlineData("exit 3", "cannot open shared object file")]
    [InlineData("sleep 60", "no answer in 0.5 s")]
    public void However_it_ends_the_reason_is_told_with_the_kernels_that_it_ended_by(string ending, string fault)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Its endings are those of a shell script, which Windows does not run.");
        var program = Script($"echo core=$OPENBLAS_CORETYPE; echo 'wrong=sgemm TN 7x5x3: expected 1 at (0, 0), came 2'; echo 'fault=cannot open shared object file'; {ending}");
        var trial = new BlasProbe(program, TimeSpan.FromSeconds(ending == "sleep 60" ? 0.5 : 20)).Try(Location, "SkylakeX");
        Assert.Equal(("SkylakeX", "SkylakeX", fault), (trial.Asked, trial.Kernels, trial.Fault));
        Assert.False(trial.IsUsable);
    }

    [Fact]
    public void A_wrong_BLAS_is_found_out()
    {
        Assert.SkipUnless(File.Exists(Program), $"{Program} is not there: ./decant builds it.");
        Assert.SkipUnless(File.Exists("/usr/bin/g++"), "/usr/bin/g++, which builds the wrong BLAS, is not there.");
        // A BLAS whose products are right but for those with k = 0, which leave what was there.
        var source = _folder.Write("wrong.cpp", """
            extern "C" void sgemm_(const char* ta, const char* tb, const int* m, const int* n, const int* k, const float* alpha, const float* a, const int* lda, const float* b, const int* ldb, const float* beta, float* c, const int* ldc) {
              if (*k == 0) return;
              for (int j = 0; j < *n; j++)
                for (int i = 0; i < *m; i++) {
                  double sum = 0;
                  for (int l = 0; l < *k; l++) sum += double(*ta == 'N' ? a[i + long(l) * *lda] : a[l + long(i) * *lda]) * (*tb == 'N' ? b[l + long(j) * *ldb] : b[j + long(l) * *ldb]);
                  float& x = c[i + long(j) * *ldc];
                  x = float(*alpha * sum + (*beta == 0 ? 0 : *beta * x));
                }
            }
            extern "C" char* openblas_get_corename() { return const_cast<char*>("Wrong"); }
            """);
        var library = Path.Combine(_folder.Path, "libwrong.so");
        using (var compiler = System.Diagnostics.Process.Start("/usr/bin/g++", ["-shared", "-fPIC", "-O2", "-o", library, source]))
            compiler.WaitForExit();
        var trial = Probe.Try(new BlasLocation(library, library, ""), "Wrong");
        Assert.Equal("a wrong result: sgemm NN 5x7x0 alpha 0.75 beta 0: expected 0 at (0, 0), came nan", trial.Fault?.Replace("-nan", "nan"));
    }

    [Fact]
    public void A_program_that_is_none_tries_nothing()
    {
        var probe = new BlasProbe(_folder.Write("probe", "not a program"));
        Assert.Null(probe.Locate("x.so"));
        Assert.NotNull(probe.Try(Location, null).Fault);
        Assert.Null(probe.Product(Location, null, 1, 8, 1));
    }

    private static string Program => Path.Combine(Path.GetDirectoryName(Runtime.BridgePath)!, BlasProbe.FileName);

    private static BlasProbe Probe => new(Program);

    private static BlasLocation Location => new(Runtime.BlasPath, "", "");

    private static string Real(string path) => new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;

    private string Script(string text)
    {
        var path = _folder.Write("probe", "#!/bin/sh\n" + text + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}

/// <summary>What tests of OpenBLAS's own kernels need: an OpenBLAS, and the probe beside the bridge.</summary>
internal static class OpenBlas
{
    /// <summary>Skips the test where they are not there.</summary>
    public static void Need()
    {
        Assert.SkipWhen(Runtime.Fact("openblas-core").Length == 0, $"The BLAS here is not OpenBLAS: {Runtime.BlasPath}");
        Assert.SkipUnless(File.Exists(Path.Combine(Path.GetDirectoryName(Runtime.BridgePath)!, BlasProbe.FileName)), $"{BlasProbe.FileName} is not beside {Runtime.BridgePath}: ./decant builds it.");
    }
}
