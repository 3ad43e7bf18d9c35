using Decant.Torch;
using Decant.Torch.Interop;

namespace Decant.Tests.Torch;

public class DiagnosticsTests
{
    [Fact]
    public void Facts_are_of_the_libtorch_that_is_loaded()
    {
        var facts = Diagnostics.Read();

        Assert.Equal(Runtime.TorchVersion, facts.TorchVersion);
        Assert.True(File.Exists(facts.BridgePath), facts.BridgePath);
        Assert.Contains("libtorch", facts.TorchPath);
        Assert.NotEqual("unknown", facts.BlasName);
        Assert.InRange(facts.Threads, 1, 1024);
        Assert.Equal(Environment.ProcessorCount, facts.Cores);
        Assert.True(facts.CudaDevices >= 0);
        Assert.NotEmpty(facts.WaitPolicy);
        Assert.Equal(facts.BlasName == "OpenBLAS" && facts.BlasPath != facts.TorchPath, facts.BlasKernels.Length > 0);
    }

    [Fact]
    public void The_wait_policy_is_passive_unless_the_user_has_chosen() =>
        Assert.Equal(Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") ?? "PASSIVE", Runtime.WaitPolicy);

    [Theory]
    [InlineData("/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3", "", "OpenBLAS")]
    [InlineData("/opt/x/libwhatever.so", "a\nopenblas-config=OpenBLAS 0.3.21\n", "OpenBLAS")]
    [InlineData("/usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0", "", "reference")]
    [InlineData("/usr/lib64/libcblas.so.3", "", "reference")]
    [InlineData("/usr/lib/x86_64-linux-gnu/libmkl_rt.so", "", "MKL")]
    [InlineData("/usr/lib/x86_64-linux-gnu/blis-pthread/libblas.so.4", "", "BLIS")]
    [InlineData("/usr/lib/x86_64-linux-gnu/atlas/libblas.so.3", "", "ATLAS")]
    [InlineData("/site-packages/torch/lib/libtorch_cpu.so", "Build settings: BLAS_INFO=mkl, …", "MKL")]
    [InlineData("", "Build settings: BLAS_INFO=open, …", "OpenBLAS")]
    [InlineData("", "", "unknown")]
    public void A_blas_is_known_by_its_file_and_by_what_libtorch_says(string path, string description, string name) =>
        Assert.Equal(name, BlasFacts.Name(path, description));

    [Fact]
    public void A_matrix_product_has_a_speed()
    {
        var live = Tensor.LiveCount;
        Assert.InRange(Diagnostics.MeasureGflops(size: 64, runs: 3), 0.001, 1e6);
        Assert.Equal(live, Tensor.LiveCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => Diagnostics.MeasureGflops(0));
    }

    [Theory]
    [InlineData(2, 64, 2)]
    [InlineData(64, 64, null)]
    [InlineData(4, -1, null)]
    public void Threads_are_limited_where_native_libraries_would_see_more_cores_than_are_allowed(int allowed, long online, int? limit) =>
        Assert.Equal(limit, NativeEnvironment.ThreadLimit(allowed, online));
}
