using Decant.Torch.Kernels;

namespace Decant.Tests.Torch.Kernels;

/// <summary>Which kernels are taken, on made-up processors with a made-up OpenBLAS.</summary>
public sealed class KernelChoiceTests : IDisposable
{
    private const string Bridge = "/nowhere/libdecant_bridge.so";

    private readonly TemporaryFolder _folder = new();
    private int _measured;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_fastest_kernels_are_taken_where_OpenBLAS_knows_no_better_than_its_oldest()
    {
        var probe = new FakeProbe().With("Prescott", 22).With("Haswell", 57).With("Zen", 56).With("SkylakeX", 84);
        var choice = Choose(Processors.EmeraldRapidsInAMachineWithoutAmx, probe);
        Assert.Equal((KernelReason.Measured, "SkylakeX", "SkylakeX"), (choice.Reason, choice.Name, choice.Kernels));
        Assert.Equal(["Prescott", "SkylakeX", "Haswell", "Zen"], choice.Trials.Select(t => t.Kernels)); // two generations and OpenBLAS's own choice; older ones are not tried
        Assert.Equal(["locate", "own", "SkylakeX", "Haswell", "Zen", "own", "SkylakeX", "Haswell", "Zen", "own", "SkylakeX", "Haswell", "Zen"], probe.Asked); // in turn
    }

    [Fact]
    public void Nothing_is_set_where_OpenBLAS_takes_the_best_by_itself()
    {
        var choice = Choose(Processors.Zen4, new FakeProbe { Own = "Cooperlake" }.With("Cooperlake", 236).With("SkylakeX", 228).With("Zen", 120).With("Haswell", 121));
        Assert.Equal((KernelReason.Measured, null, "Cooperlake"), (choice.Reason, choice.Name, choice.Kernels));
    }

    [Theory]
    [InlineData("ended by SIGILL")]
    [InlineData("a wrong result: sgemm TN 7x5x3")]
    [InlineData("no answer in 20 s")]
    public void Kernels_that_crash_hang_or_compute_wrong_are_not_taken_however_fast_and_are_named(string fault)
    {
        var probe = new FakeProbe { Own = "SkylakeX" }.With("SkylakeX", 84).Breaks("SapphireRapids", fault).Breaks("Cooperlake", fault).With("Haswell", 57).With("Zen", 57);
        probe.Rates["SapphireRapids"] = _ => 500;
        var choice = Choose(Processors.EmeraldRapids, probe);
        Assert.Equal("SkylakeX", choice.Kernels);
        Assert.Equal(["SapphireRapids", "Cooperlake"], choice.Trials.Where(t => t.Fault == fault).Select(t => t.Asked));
        Assert.Single(probe.Asked, "SapphireRapids"); // once is enough
    }

    [Fact]
    public void An_own_choice_that_crashes_gives_way_to_an_older_generation()
    {
        var choice = Choose(Processors.EmeraldRapidsInAMachineWithoutAmx, new FakeProbe { Own = "SkylakeX" }.Breaks("SkylakeX", "ended by SIGSEGV").With("Haswell", 57).With("Zen", 56).With("Sandybridge", 40));
        Assert.Equal("Haswell", choice.Name);
        Assert.Contains(choice.Trials, t => t.Asked == "Sandybridge"); // the second generation that works
    }

    [Fact]
    public void A_fault_that_shows_only_when_measured_again_counts()
    {
        var probe = new FakeProbe().With("Prescott", 22).With("Haswell", 57).With("Zen", 56).With("SkylakeX", 84);
        probe.Rates["SkylakeX"] = round =>
        {
            if (round == 2)
                probe.Faults["SkylakeX"] = "ended by SIGSEGV";
            return 84;
        };
        Assert.Equal("Haswell", Choose(Processors.EmeraldRapidsInAMachineWithoutAmx, probe).Name);
    }

    [Fact]
    public void Nothing_is_set_where_no_kernels_work()
    {
        var probe = new FakeProbe().Breaks("Prescott", "a wrong result: sdot").Breaks("Nehalem", "a wrong result: sdot").Breaks("Core2", "a wrong result: sdot");
        var choice = Choose(Processor.Parse(System.Runtime.InteropServices.Architecture.X64, ["flags : " + Processors.X64Base]), probe);
        Assert.Equal((KernelReason.OpenBlas, null), (choice.Reason, choice.Name));
        Assert.NotNull(choice.Fault);
    }

    [Fact]
    public void Kernels_that_this_OpenBLAS_does_not_have_are_no_choice_and_no_fault()
    {
        var choice = Choose(Processors.EmeraldRapids, new FakeProbe().With("Prescott", 22).With("Haswell", 57).With("SkylakeX", 84));
        Assert.Equal("SkylakeX", choice.Name);
        Assert.Equal(["SapphireRapids", "Cooperlake", "Zen"], choice.Trials.Where(t => !t.IsAccepted).Select(t => t.Asked));
        Assert.DoesNotContain(choice.Trials, t => t.Fault is not null);
    }

    [Theory]
    [InlineData(100, 91, "SapphireRapids")]
    [InlineData(91, 100, "SapphireRapids")]
    [InlineData(100, 100, "SapphireRapids")]
    [InlineData(85, 100, "SkylakeX")]
    public void Among_near_equals_the_order_decides_and_not_the_noise(double preferred, double other, string taken) =>
        Assert.Equal(taken, Choose(Processors.EmeraldRapids, new FakeProbe().With("SapphireRapids", preferred).With("SkylakeX", other).With("Haswell", 50).With("Zen", 50)).Name);

    [Fact]
    public void A_slow_moment_of_the_best_kernels_does_not_lose_to_older_ones()
    {
        // As when another program has the cores in the first four rounds.
        var probe = new FakeProbe().With("Prescott", 22).With("Haswell", 57).With("Zen", 56).With("SkylakeX", round => round < 5 ? 40 : 84);
        Assert.Equal("SkylakeX", Choose(Processors.EmeraldRapidsInAMachineWithoutAmx, probe).Name);
        Assert.Equal(5, probe.Asked.Count(a => a == "SkylakeX"));
    }

    [Fact]
    public void Kernels_with_a_slow_large_product_are_not_taken_for_fast_small_ones()
    {
        var trials = new[] { Trial("SkylakeX", 80, 10, 10), Trial("Haswell", 100, 12, 4) };
        Assert.Equal("Haswell", KernelChooser.Choose(KernelCandidates.Of(Processors.EmeraldRapids), trials)!.Kernels);

        static KernelTrial Trial(string name, double square, double thin, double vector) => new() { Asked = name, Kernels = name, Square = square, Thin = thin, Vector = vector };
    }

    [Fact]
    public void The_names_of_Arm_kernels_are_the_same_in_any_case()
    {
        var probe = new FakeProbe { Own = "armv8" }.With("neoversen1", 30).With("neoversev1", 60).With("armv8", 20);
        Assert.Equal("NEOVERSEV1", Choose(Processors.Graviton3, probe).Name);
    }

    [Fact]
    public void A_variable_that_the_user_set_is_obeyed_and_nothing_is_measured()
    {
        var probe = new FakeProbe().With("Haswell", 57).With("SkylakeX", 84);
        var choice = Choose(Processors.EmeraldRapids, probe, forced: "Haswell");
        Assert.Equal((KernelReason.Environment, "Haswell"), (choice.Reason, choice.Name));
        Assert.Empty(probe.Asked);
        Assert.Equal("SkylakeX", Selection(Processors.EmeraldRapids, probe, "Haswell").Unforced(Bridge).Name);
    }

    [Fact]
    public void A_variable_that_would_end_the_process_is_refused_by_name()
    {
        var probe = new FakeProbe().With("Haswell", 57).Breaks("Bulldozer", "ended by SIGILL");
        var error = Assert.Throws<KernelsUnavailableException>(() => Choose(Processors.Skylake, probe, forced: "Bulldozer"));
        Assert.Equal("OPENBLAS_CORETYPE=Bulldozer asks OpenBLAS for kernels that do not work on this processor: ended by SIGILL. Unset it: the best kernels are then chosen.", error.Message);
        Assert.Equal("Nonsense", Choose(Processors.Skylake, probe, forced: "Nonsense").Name); // OpenBLAS takes others then
    }

    [Fact]
    public void With_another_BLAS_nothing_is_done()
    {
        var probe = new FakeProbe { Location = new BlasLocation("/opt/libmkl_rt.so", "", "") };
        var choice = Choose(Processors.EmeraldRapids, probe);
        Assert.Equal((KernelReason.OtherBlas, null), (choice.Reason, choice.Name));
        Assert.Equal(["locate"], probe.Asked);
        Choose(Processors.EmeraldRapids, probe);
        Assert.Equal(["locate"], probe.Asked); // remembered too
    }

    [Fact]
    public void Without_a_program_to_try_them_the_features_decide_and_that_is_said()
    {
        var choice = Choose(Processors.EmeraldRapids, null);
        Assert.Equal((KernelReason.Features, "SkylakeX", "decant_blas_probe is not beside the bridge"), (choice.Reason, choice.Name, choice.Fault));
        Assert.Equal("Zen", Choose(Processors.Zen3, null).Name);
        Assert.Equal((KernelReason.OpenBlas, null), (Choose(Processors.Unknown, null).Reason, Choose(Processors.Graviton3, null).Name));
        Assert.Equal(KernelReason.Features, Choose(Processors.EmeraldRapids, new FakeProbe { Location = null }).Reason);
    }

    [Fact]
    public void Kernels_that_are_required_are_set_though_others_are_faster()
    {
        var probe = new FakeProbe().With("Prescott", 22).With("Haswell", 57).With("Zen", 56).With("SkylakeX", 84).With("Nehalem", 20);
        var selection = Selection(Processors.EmeraldRapidsInAMachineWithoutAmx, probe);
        Assert.Equal((KernelReason.Required, "Haswell"), (selection.Require(Bridge, "Haswell").Reason, selection.Require(Bridge, "Haswell").Name));
        Assert.Null(selection.Require(Bridge, "Prescott").Name); // OpenBLAS takes them by itself
        Assert.Equal("Nehalem", selection.Require(Bridge, "Nehalem").Name); // never tried before
        Assert.Equal(KernelReason.Environment, Selection(Processors.EmeraldRapids, probe, "haswell").Require(Bridge, "Haswell").Reason);
    }

    [Fact]
    public void Required_kernels_that_cannot_be_had_are_refused_with_the_reason()
    {
        var probe = new FakeProbe { Own = "Haswell" }.With("Haswell", 57).Breaks("SkylakeX", "ended by SIGILL");
        Refused("Expected OpenBLAS's SkylakeX kernels, but they do not work on this processor: ended by SIGILL.", Selection(Processors.Skylake, probe), "SkylakeX");
        Refused("Expected OpenBLAS's Zen kernels, but on this processor /lib/libopenblas.so.0 takes its Haswell kernels when asked for them.", Selection(Processors.Skylake, probe), "Zen");
        Refused("Expected OpenBLAS's SkylakeX kernels, but the environment has OPENBLAS_CORETYPE=Haswell. Unset it, or set it to SkylakeX.", Selection(Processors.Skylake, probe, "Haswell"), "SkylakeX");
        Refused(
            "Expected OpenBLAS's SkylakeX kernels, but the BLAS that libtorch comes with is not OpenBLAS: /opt/libmkl_rt.so.",
            Selection(Processors.Zen4, new FakeProbe { Location = new BlasLocation("/opt/libmkl_rt.so", "", "") }), "SkylakeX");

        static void Refused(string message, KernelSelection selection, string kernels) =>
            Assert.Equal(message, Assert.Throws<KernelsUnavailableException>(() => selection.Require(Bridge, kernels)).Message);
    }

    [Fact]
    public void What_was_measured_is_remembered_for_the_processor_and_somebody_is_told_before_it_is_measured()
    {
        var probe = new FakeProbe().With("SkylakeX", 84).With("Haswell", 57);
        Assert.Equal("SkylakeX", Choose(Processors.EmeraldRapids, probe).Name);
        var asked = probe.Asked.Count;
        Assert.Equal("SkylakeX", Choose(Processors.EmeraldRapids, probe).Name);
        Assert.Equal((asked, 1), (probe.Asked.Count, _measured));
        Assert.Equal("Haswell", Choose(Processors.Skylake, probe).Name);
        Assert.Equal(2, _measured);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"format\": 1}")]
    [InlineData("{\"format\": 1, \"key\": \"another\", \"location\": {\"blas\": \"\", \"open_blas\": \"\", \"version\": \"\"}, \"files\": \"\", \"trials\": []}")]
    public void A_remembered_file_that_is_broken_or_of_another_machine_is_made_again(string text)
    {
        var probe = new FakeProbe().With("SkylakeX", 84).With("Haswell", 57);
        Choose(Processors.EmeraldRapids, probe);
        var file = Assert.Single(Directory.GetFiles(_folder.Path, "*.json"));
        var whole = File.ReadAllText(file);
        File.WriteAllText(file, text);
        Assert.Equal("SkylakeX", Choose(Processors.EmeraldRapids, probe).Name);
        Assert.Equal(2, _measured);
        Assert.Equal(whole, File.ReadAllText(file));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.tmp"));
    }

    [Fact]
    public void A_remembered_file_with_impossible_rates_or_of_an_OpenBLAS_that_was_replaced_is_made_again()
    {
        var blas = _folder.Write("libopenblas.so", "0.3.21");
        var probe = new FakeProbe { Location = new BlasLocation(blas, blas, "") }.With("SkylakeX", 84).With("Haswell", 57);
        Choose(Processors.EmeraldRapids, probe);
        var file = Assert.Single(Directory.GetFiles(_folder.Path, "*.json"));
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"square\": 84", "\"square\": -84"));
        Choose(Processors.EmeraldRapids, probe);
        Assert.Equal(2, _measured);
        File.WriteAllText(blas, "0.3.33, longer");
        Choose(Processors.EmeraldRapids, probe);
        Assert.Equal(3, _measured);
        Choose(Processors.EmeraldRapids, probe);
        Assert.Equal(3, _measured);
    }

    [Fact]
    public void Where_nothing_can_be_remembered_it_is_measured_every_time()
    {
        var file = _folder.Write("file", "");
        var probe = new FakeProbe().With("SkylakeX", 84).With("Haswell", 57);
        foreach (var folder in new[] { Path.Combine(file, "no-folder"), null })
            Assert.Equal("SkylakeX", new KernelSelection(Processors.EmeraldRapids, probe, new KernelCache(folder), _ => null).Choose(Bridge).Name);
    }

    [Fact]
    public async Task Of_two_that_start_at_once_one_measures_and_both_take_the_same()
    {
        const int starting = 4;
        using var started = new CountdownEvent(starting);
        var probe = new FakeProbe().With("Haswell", 57).With("SkylakeX", _ => started.Wait(TimeSpan.FromSeconds(20)) ? 84 : 1);
        var choices = await Task.WhenAll(Enumerable.Range(0, starting).Select(_ => Task.Factory.StartNew(
            () =>
            {
                started.Signal();
                return Choose(Processors.EmeraldRapids, probe);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.All(choices, c => Assert.Equal("SkylakeX", c.Name));
        Assert.Equal(1, _measured);
    }

    private KernelChoice Choose(Processor processor, FakeProbe? probe, string? forced = null) => Selection(processor, probe, forced).Choose(Bridge);

    private KernelSelection Selection(Processor processor, FakeProbe? probe, string? forced = null) =>
        new(processor, probe, new KernelCache(_folder.Path), name => name == BlasProbe.Variable ? forced : null, () => Interlocked.Increment(ref _measured));
}
