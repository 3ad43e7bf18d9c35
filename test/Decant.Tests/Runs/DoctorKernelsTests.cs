using Decant.Runs.Jobs;
using Decant.Torch.Kernels;

namespace Decant.Tests.Runs;

/// <summary>What the doctor says of kernels and their rates, from made-up figures.</summary>
public class DoctorKernelsTests
{
    private static readonly Dictionary<string, double> s_products = new() { ["Prescott"] = 51, ["SkylakeX"] = 221, ["Haswell"] = 110 };

    private static readonly KernelChoice s_skylake = new(KernelReason.Measured, "SkylakeX")
    {
        Kernels = "SkylakeX",
        Trials = [new() { Kernels = "Prescott", Square = 22 }, new() { Asked = "SkylakeX", Kernels = "SkylakeX", Square = 84 }, new() { Asked = "Haswell", Kernels = "Haswell", Square = 57 }],
    };

    [Fact]
    public void What_was_chosen_and_what_else_was_tried_is_told_with_what_each_gives()
    {
        var doctor = new DoctorKernels("SkylakeX", s_skylake, s_skylake, s_products, 215);
        var fact = doctor.Kernels()!;
        Assert.Equal("SkylakeX, the fastest that were tried; GFLOP/s: SkylakeX 221, Haswell 110, Prescott 51 (OpenBLAS's own choice)", fact.Value);
        Assert.Equal((null, null), (fact.Problem, fact.Remedy));
        Assert.Equal(221, fact.Figures!["SkylakeX"]);
        Assert.Equal("215 GFLOP/s (float32, 1024×1024)", doctor.Rate().Value);
        Assert.Null(doctor.Rate().Problem);
        Assert.True(doctor.IsFast);
    }

    [Fact]
    public void Kernels_that_are_not_used_are_told_with_the_reason()
    {
        var choice = s_skylake with { Trials = [.. s_skylake.Trials, new() { Asked = "Cooperlake", Kernels = "Cooperlake", Fault = "ended by SIGILL" }, new() { Asked = "Zen", Kernels = "SkylakeX" }] };
        Assert.EndsWith("(OpenBLAS's own choice); not used: Cooperlake, ended by SIGILL", new DoctorKernels("SkylakeX", choice, choice, s_products, 215).Kernels()!.Value);
    }

    [Fact]
    public void A_variable_that_costs_more_than_a_tenth_is_remarked_on_and_the_advice_leads_to_the_best()
    {
        var doctor = new DoctorKernels("Haswell", new KernelChoice(KernelReason.Environment, "Haswell"), s_skylake, s_products, 109);
        var fact = doctor.Kernels()!;
        Assert.StartsWith("Haswell, by OPENBLAS_CORETYPE=Haswell; ", fact.Value);
        Assert.Equal(("Haswell gives 0.50 of what SkylakeX gives.", "unset OPENBLAS_CORETYPE: Decant then takes SkylakeX"), (fact.Problem, fact.Remedy));
        Assert.Equal(("0.49 of the 221 GFLOP/s that OpenBLAS's SkylakeX kernels give.", fact.Remedy), (doctor.Rate().Problem, doctor.Rate().Remedy));
        Assert.True(doctor.AreKernelsFarFromBest);
    }

    [Fact]
    public void It_never_advises_to_unset_a_variable_into_something_slower()
    {
        // Unset, Decant could try nothing and would leave the choice to OpenBLAS.
        var own = new KernelChoice(KernelReason.Measured, null) { Kernels = "Prescott", Trials = s_skylake.Trials };
        Assert.Equal("export OPENBLAS_CORETYPE=SkylakeX", new DoctorKernels("Haswell", new KernelChoice(KernelReason.Environment, "Haswell"), own, s_products, 109).Kernels()!.Remedy);
        var untried = new KernelChoice(KernelReason.Features, "SkylakeX") { Fault = "decant_blas_probe is not beside the bridge" };
        Assert.Null(new DoctorKernels("Haswell", new KernelChoice(KernelReason.Environment, "Haswell"), untried, new Dictionary<string, double>(), 109).Kernels()!.Remedy);
    }

    [Theory]
    [InlineData("Cooperlake", 225.0, 205.0, true)]
    [InlineData("Cooperlake", 200.0, 199.0, true)]
    [InlineData("Cooperlake", 190.0, 189.0, false)]
    [InlineData("Cooperlake", 200.0, 190.0, false)]
    public void Below_nine_tenths_of_the_best_is_a_problem(string running, double product, double rate, bool isFast)
    {
        var doctor = new DoctorKernels(running, new KernelChoice(KernelReason.Environment, running), s_skylake, new Dictionary<string, double>(s_products) { [running] = product }, rate);
        Assert.Equal(isFast, doctor.IsFast);
        Assert.Equal(isFast, doctor.Kernels()!.Problem is null && doctor.Rate().Problem is null);
        Assert.Equal(doctor.Rate().Problem is null, doctor.Rate().Remedy is null);
    }

    [Fact]
    public void A_variable_that_OpenBLAS_does_not_know_is_told_as_such() =>
        Assert.StartsWith("Prescott, although OPENBLAS_CORETYPE=Nonsense; ", new DoctorKernels("Prescott", new KernelChoice(KernelReason.Environment, "Nonsense"), s_skylake, s_products, 50).Kernels()!.Value);

    [Fact]
    public void What_could_not_be_tried_is_a_problem_with_its_mend()
    {
        var choice = new KernelChoice(KernelReason.Features, "SkylakeX") { Fault = "decant_blas_probe is not beside the bridge" };
        var fact = new DoctorKernels("SkylakeX", choice, choice, new Dictionary<string, double>(), 200).Kernels()!;
        Assert.Equal(("SkylakeX, by the processor's features", "They could not be tried: decant_blas_probe is not beside the bridge."), (fact.Value, fact.Problem));
        Assert.NotNull(fact.Remedy);
    }

    [Fact]
    public void Another_BLAS_has_no_such_kernels()
    {
        var none = new KernelChoice(KernelReason.OtherBlas, null);
        var doctor = new DoctorKernels("", none, none, new Dictionary<string, double>(), 200);
        Assert.Null(doctor.Kernels());
        Assert.Null(doctor.Rate().Problem);
    }
}
