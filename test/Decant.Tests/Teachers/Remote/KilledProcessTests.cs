using System.Diagnostics;
using Decant.Teachers.Remote;
using Decant.Teachers.Remote.Storing;

namespace Decant.Tests.Teachers.Remote;

/// <summary>The same with processes that are killed by the system.</summary>
public sealed class KilledProcessTests : IDisposable
{
    private const string Work = "DECANT_TEST_REMOTE_WORK";
    private const int Rows = 400;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Killed_processes_leave_every_answer_that_came_and_a_journal_of_what_was_out()
    {
        using var teacher = new FakeTeacher { Answer = _ => new FakeReply("B"), Latency = TimeSpan.FromMilliseconds(5) };
        for (var kill = 1; kill <= 3; kill++)
        {
            using var process = Begin(teacher.Endpoint.Address);
            var seen = teacher.Requests.Count;
            for (var waited = 0; teacher.Requests.Count < seen + (17 * kill) && waited < 6000; waited++)
            {
                Assert.False(process.HasExited, "the process has ended by itself");
                await Task.Delay(10);
            }

            process.Kill();
            await process.WaitForExitAsync();
        }

        var run = new KilledRun(_folder.Path, teacher.Endpoint);
        Assert.Equal(Rows, (await run.Run(Rows, null))!.Count);
        var twice = teacher.Requests.Select(FakeTeacherWire.Last).GroupBy(text => text.Split('\n')[1]).Where(group => group.Count() > 1).Select(group => group.Key).ToList();
        Assert.True(twice.All(run.LeftBefore.Contains), $"asked again and not in the journal: {string.Join(", ", twice.Except(run.LeftBefore))}");
        var left = Directory.GetDirectories(_folder.Path).SelectMany(store => RequestJournal.Left(store, _ => false)).ToList();
        Assert.InRange(left.Count, 1, 3);
        Assert.All(left, open => Assert.InRange(open.Count, 1, KilledRun.Concurrency));
        Assert.InRange(teacher.Requests.Count, Rows, Rows + left.Sum(open => open.Count));
    }

    /// <summary>What the killed processes do; by itself nothing.</summary>
    [Fact(Explicit = true)]
    public async Task Worker()
    {
        var said = Environment.GetEnvironmentVariable(Work)?.Split('|');
        Assert.SkipWhen(said is null, "this is started by another test");
        await new KilledRun(said![0], new RemoteEndpoint { Address = new Uri(said[1]), Model = FakeTeacher.Model, KeyVariable = "TEST_KEY" }).Run(Rows, null);
    }

    private Process Begin(Uri address)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
            start.ArgumentList.Add(typeof(KilledProcessTests).Assembly.Location);
        foreach (var argument in new[] { "-explicit", "only", "-method", $"{typeof(KilledProcessTests).FullName}.{nameof(Worker)}" })
            start.ArgumentList.Add(argument);
        start.Environment[Work] = $"{_folder.Path}|{address}";
        return Process.Start(start)!;
    }
}
