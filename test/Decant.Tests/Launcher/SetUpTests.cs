using Decant.Torch.Interop;

namespace Decant.Tests.Launcher;

/// <summary>What <c>./decant</c> says and does on machines that lack something. Exit code 3: the machine lacks something.</summary>
public class SetUpTests
{
    private const string Packages = "libtorch-dev libopenblas0-pthread libgloo-dev g++ make cmake";

    [Fact]
    public void Without_the_SDK_it_says_where_to_get_it()
    {
        using var machine = new Machine();
        var (code, output) = machine.Decant("--help");
        Assert.Equal(3, code);
        Assert.Contains("the .NET 10 SDK is missing: no 'dotnet' on PATH", output);
        Assert.Contains("https://dotnet.microsoft.com/download/dotnet/10.0", output);
    }

    [Fact]
    public void A_clone_whose_path_no_compiler_can_read_is_refused_before_anything_is_built()
    {
        Assert.All(new[] { "a\"b", "a;b", @"a\b" }, IsRefused);
    }

    private static void IsRefused(string clone)
    {
        using var machine = new Machine(clone).HasDotnet().HasCompiler().HasLibtorch();
        var (code, output) = machine.Decant("--help");
        Assert.Equal(3, code);
        Assert.Contains($"cannot build in {machine.InClone("").TrimEnd('/')}: ", output);
        Assert.Contains("Move the clone", output);
        Assert.Empty(machine.Calls);
    }

    [Fact]
    public void An_older_SDK_is_named()
    {
        using var machine = new Machine().HasDotnet(sdk: "8.0.404");
        var (code, output) = machine.Decant("--help");
        Assert.Equal(3, code);
        Assert.Contains("has 8.0.404", output);
    }

    [Fact]
    public void The_SDK_in_the_home_folder_is_found()
    {
        using var machine = new Machine().HasDotnet().HasCompiler().HasLibtorch();
        Directory.CreateDirectory(machine.In("home/.dotnet"));
        File.Move(machine.In("bin/dotnet"), machine.In("home/.dotnet/dotnet"));
        Assert.Equal(0, machine.Decant("--help").Code);
    }

    [Fact]
    public void A_machine_that_may_not_be_changed_is_told_the_command_instead()
    {
        using var machine = new Machine().HasDotnet().Has("apt-get", "");
        var (code, output) = machine.Decant("--help", ("DECANT_NO_INSTALL", "1"));
        Assert.Equal(3, code);
        Assert.Contains("libtorch, the engine that Decant computes with, was not found", output);
        Assert.Contains($"apt-get install -y --no-install-recommends {Packages}", output);
        Assert.DoesNotContain(machine.Calls, call => call.StartsWith("apt-get", StringComparison.Ordinal));
    }

    [Fact]
    public void A_system_without_apt_get_is_told_what_it_needs()
    {
        using var machine = new Machine().HasDotnet();
        var (code, output) = machine.Decant("--help");
        Assert.Equal(3, code);
        Assert.Contains("no apt-get", output);
        Assert.Contains("DECANT_LIBTORCH", output);
    }

    [Fact]
    public void Libtorch_is_installed_after_saying_so_and_a_failing_network_is_survived()
    {
        using var machine = new Machine().HasDotnet().HasCompiler();
        machine.Has("apt-get", "echo 'E: Failed to fetch http://…' >&2; exit 100");
        var (code, output) = machine.Decant("--help");
        Assert.Equal(3, code);
        Assert.Contains("decant: installing", output);
        Assert.Contains("E: Failed to fetch", output);
        Assert.Contains("Is there a network? Run the same command again", output);

        machine.Has("apt-get", $"[ $1 = update ] && exit 0\n{machine.LibtorchScript()}");
        (code, output) = machine.Decant("--help");
        Assert.Equal((0, "program: --help"), (code, output.Split('\n')[^2]));
        Assert.Contains(machine.Calls, call => call.StartsWith("apt-get install", StringComparison.Ordinal) && call.EndsWith(Packages, StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_that_is_no_libtorch_is_refused()
    {
        using var machine = new Machine().HasDotnet().HasCompiler().HasLibtorch();
        var (code, output) = machine.Decant("--help", ("DECANT_LIBTORCH", machine.In("nothing")));
        Assert.Equal(3, code);
        Assert.Contains($"DECANT_LIBTORCH is {machine.In("nothing")}, but there is no include/ATen/ATen.h", output);
    }

    [Fact]
    public void A_libtorch_of_another_age_is_refused_with_its_version()
    {
        using var machine = new Machine().HasDotnet().HasCompiler().HasLibtorch("old", "1.12").HasLibtorch("new", "3.0").HasLibtorch("floor", "1.13");
        foreach (var (folder, version) in new[] { ("old", "1.12"), ("new", "3.0") })
        {
            var (code, output) = machine.Decant("--help", ("DECANT_LIBTORCH", machine.In(folder)));
            Assert.Equal(3, code);
            Assert.Contains($"is version {version}; Decant works with 1.13 and 2.x", output);
        }

        Assert.Equal(0, machine.Decant("--help", ("DECANT_LIBTORCH", machine.In("floor"))).Code);
    }

    [Fact]
    public void A_clone_that_cannot_be_written_is_named()
    {
        using var machine = new Machine().HasDotnet().HasCompiler().HasLibtorch();
        File.WriteAllText(machine.InClone(".decant"), "in the way of the folder");
        var (code, output) = machine.Decant("--help");
        Assert.Equal(3, code);
        Assert.Contains($"cannot write in {machine.InClone("").TrimEnd('/')}", output);
    }

    [Fact]
    public void A_bridge_that_does_not_build_is_told_and_the_next_run_goes_on_from_there()
    {
        using var machine = new Machine().HasDotnet().HasLibtorch().HasCompiler("echo 'bridge.cpp:7:10: fatal error: out of memory'; exit 2");
        var (code, output) = machine.Decant("--help");
        Assert.Equal(3, code);
        Assert.Contains("fatal error: out of memory", output);
        Assert.Contains($"the bridge did not build against the libtorch in {machine.In("system/lib")} (2.11;", output);
        Assert.DoesNotContain(machine.Calls, call => call.StartsWith("dotnet build", StringComparison.Ordinal));

        machine.HasCompiler();
        Assert.Equal("program: --help", machine.Decant("--help").Output.Split('\n')[^2]);
    }

    [Fact]
    public void NuGet_out_of_reach_is_told_and_the_bridge_is_not_built_twice()
    {
        using var machine = new Machine().HasLibtorch().HasCompiler().HasDotnet(build: "echo 'error NU1301: Unable to load the service index'; exit 1");
        var (code, output) = machine.Decant("--help");
        Assert.Equal(3, code);
        Assert.Contains("NuGet could not be reached", output);

        machine.HasDotnet();
        Assert.Equal(0, machine.Decant("--help").Code);
        Assert.Single(machine.Calls, call => call.StartsWith("cmake --build", StringComparison.Ordinal));
    }

    [Fact]
    public void Once_set_up_it_goes_straight_to_the_program_until_something_changes()
    {
        using var machine = new Machine().HasDotnet().HasCompiler().HasLibtorch().HasLibtorch("other");
        Assert.Equal(0, machine.Decant("--help").Code);
        var calls = machine.Calls.Length;
        Assert.Equal((0, "program: check 'a b.yaml'\n".Replace("'", "")), machine.Decant("check 'a b.yaml'"));
        Assert.Equal(calls + 1, machine.Calls.Length);

        Assert.Contains("building the bridge", machine.Decant("--help", ("DECANT_LIBTORCH", machine.In("other"))).Output);
        File.AppendAllText(machine.In("system/lib/libtorch_cpu.so"), "upgraded");
        Assert.Contains("building the bridge", machine.Decant("--help").Output);
        File.WriteAllText(machine.InClone("src/Decant.Cli/New.cs"), "");
        Assert.Contains("building the command line", machine.Decant("--help").Output);
    }

    [Fact]
    public void Without_a_clone_the_bridge_is_built_into_the_cache_of_the_user()
    {
        using var machine = new Machine().HasCompiler().HasLibtorch();
        var (code, output) = machine.Run("native/bridge.sh", "", ("XDG_CACHE_HOME", machine.In("cache")));
        Assert.Equal(0, code);
        var bridge = machine.In("cache/decant/bridge/libdecant_bridge.so");
        Assert.Contains($"the bridge is {bridge}", output);
        Assert.True(File.Exists(bridge));
        Assert.Contains(bridge, BridgeLocator.Candidates(machine.In("program"), null, machine.In("cache")));

        using var bare = new Machine();
        Assert.Equal(3, bare.Run("native/bridge.sh", "").Code);
    }
}
