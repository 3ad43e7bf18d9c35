using System.Diagnostics;

namespace Decant.Tests.Launcher;

public class ScriptTests
{
    public static TheoryData<string> Scripts => ["decant", "native/setup.sh", "native/bridge.sh", "test/packages.sh", ".ci/run"];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_is_free_of_faults_that_a_reader_of_shell_scripts_would_find(string script)
    {
        Machine.Need();
        Assert.Equal((0, ""), Run("bash", "-n", script));
        if (Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "shellcheck"))))
            Assert.Equal((0, ""), Run("shellcheck", "-x", script));
    }

    [Fact]
    public void Tests_that_try_at_random_are_told_how_often_and_the_other_arguments_are_passed_on()
    {
        Machine.Need();
        using var folder = new TemporaryFolder();
        folder.Write("dotnet", "#!/bin/sh\necho \"repeat ${DECANT_TEST_REPEAT:-none}: $*\"\n");
        Assert.Contains("repeat 7: test ", Answer("--filter Kill --repeat 7"));
        Assert.Contains(" --filter Kill\n", Answer("--filter Kill --repeat 7"));
        Assert.Contains("repeat none: test ", Answer("--filter Kill"));
        foreach (var wrong in new[] { "--repeat", "--repeat x", "--repeat 0" })
            Assert.Contains("--repeat: expected a number of times", Answer(wrong));

        string Answer(string arguments) =>
            Run("bash", "-c", $"state={folder.Path} root={folder.Path} native=x builds=x system=x; chmod +x {folder.Path}/dotnet; dotnet={folder.Path}/dotnet; . native/setup.sh; run_tests {arguments}").Output;
    }

    private static (int Code, string Output) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }
}
