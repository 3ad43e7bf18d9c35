using System.Diagnostics;

namespace Decant.Tests.Launcher;

public class ScriptTests
{
    public static TheoryData<string> Scripts => ["decant", "native/setup.sh", "native/bridge.sh", "test/packages.sh", ".ci/run"];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_is_free_of_faults_that_a_reader_of_shell_scripts_would_find(string script)
    {
        if (!Machine.IsPossible)
            return;
        Assert.Equal((0, ""), Run("bash", "-n", script));
        if (Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "shellcheck"))))
            Assert.Equal((0, ""), Run("shellcheck", "-x", script));
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
