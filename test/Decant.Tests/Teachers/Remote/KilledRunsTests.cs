using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Decant.Teachers.Remote.Classifying;
using Decant.Teachers.Remote.Storing;

namespace Decant.Tests.Teachers.Remote;

/// <summary>Runs against a server with faults that are killed at random moments, and go on.</summary>
public sealed class KilledRunsTests : IDisposable
{
    private const int Kills = 100, KillsOfOne = 5, MostSequences = 100, Rows = 30;
    private static readonly TeacherFault[] s_faults = [TeacherFault.Throttled, TeacherFault.ServerError, TeacherFault.Cut, TeacherFault.CutAtStart, TeacherFault.HalfJson, TeacherFault.WrongModel, TeacherFault.DuplicatedChoices, TeacherFault.NoChoices, TeacherFault.ErrorWithin];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_hundred_killed_runs_ask_for_no_answer_that_came_and_lose_none()
    {
        var random = new Random(11);
        var (killed, lost, faults) = (0, 0, new ConcurrentDictionary<TeacherFault, int>());
        var expected = await Undisturbed();
        for (var sequence = 0; killed < Kills; sequence++)
        {
            Assert.True(sequence < MostSequences, $"only {killed} runs were killed before they were done");
            var folder = Path.Combine(_folder.Path, sequence.ToString(CultureInfo.InvariantCulture));
            using var teacher = Faulty(sequence, faults);
            var arrived = new HashSet<string>();
            List<ChatClassification>? done = null;
            for (var run = 0; done is null; run++)
            {
                var attempt = new KilledRun(folder, teacher.Endpoint with { ExpectedModel = FakeTeacher.Model, Timeout = TimeSpan.FromSeconds(20) });
                done = await attempt.Run(Rows, run < KillsOfOne && killed < Kills ? Moment(random, attempt) : null);
                killed += done is null ? 1 : 0;
                var again = attempt.Begun.Where(arrived.Contains).ToList();
                Assert.True(again.All(attempt.LeftBefore.Contains), $"asked again and not in the journal: {string.Join(", ", again.Except(attempt.LeftBefore))}");
                arrived.UnionWith(attempt.Arrived);
            }

            Assert.Equal(Rows, done.Count);
            Assert.Equal(expected, Said(done));
            lost += Journals(folder);
        }

        Assert.Equal(Kills, killed);
        Assert.InRange(lost, Kills / 4, Kills * KilledRun.Concurrency);
        Assert.All(s_faults, fault => Assert.True(faults.GetValueOrDefault(fault) > 5, $"{fault} came {faults.GetValueOrDefault(fault)} times"));
    }

    [Fact]
    public async Task Two_runs_at_once_write_into_one_store_without_duplicates()
    {
        using var teacher = Faulty(99, []);
        var endpoint = teacher.Endpoint with { ExpectedModel = FakeTeacher.Model };
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => new KilledRun(_folder.Path, endpoint).Run(Rows, null)));
        Assert.Equal(await Undisturbed(), Said(both[0]!));
        Assert.Equal(Said(both[0]!), Said(both[1]!));
        var check = Decant.Teachers.Answers.Storage.StoreCheck.Run(Directory.GetDirectories(_folder.Path).Single());
        Assert.Equal((Rows, 0, true), (check.Answers, check.Duplicates, check.IsSound));
    }

    /// <summary>After so many answers and then some: before, while and after an answer is stored. A run that has all answers but a few is killed before it is done, too.</summary>
    private static async Task Moment(Random random, KilledRun attempt)
    {
        var (answers, wait) = (random.Next(1, 5), random.Next(0, 400));
        while (attempt.Arrived.Count < answers)
            await Task.Yield();
        for (var turn = 0; turn < wait; turn++)
            await Task.Yield();
    }

    /// <summary>Each row meets up to three faults before it is answered; which ones follows from row and sequence.</summary>
    private static FakeTeacher Faulty(int sequence, ConcurrentDictionary<TeacherFault, int> met)
    {
        var attempts = new ConcurrentDictionary<string, int>();
        return new FakeTeacher
        {
            RetryAfter = "0",
            Answer = Answered,
            Fault = (_, request) =>
            {
                var row = FakeTeacherWire.Last(request);
                var attempt = attempts.AddOrUpdate(row, 0, (_, before) => before + 1);
                var hash = (uint)((row.Sum(c => c * 31) + (sequence * 7919) + (attempt * 104_729)) * 2_654_435_761L >> 7);
                var fault = attempt < 3 && hash % 5 < 2 ? s_faults[hash / 5 % (uint)s_faults.Length] : TeacherFault.None;
                met.AddOrUpdate(fault, 1, (_, count) => count + 1);
                return fault;
            },
        };
    }

    private static FakeReply Answered(JsonNode request)
    {
        var p = 0.5 + (FakeTeacherWire.Last(request).Sum(c => c) % 40 / 100.0);
        return new FakeReply("B", [("B", [("B", p), ("A", 0.9 - p), ("C", 0.1)])]);
    }

    private static async Task<string> Undisturbed()
    {
        using var folder = new TemporaryFolder();
        using var teacher = new FakeTeacher { Answer = Answered };
        return Said((await new KilledRun(folder.Path, teacher.Endpoint).Run(Rows, null))!);
    }

    private static string Said(IEnumerable<ChatClassification> rows) => string.Join('\n', rows.Select(row => $"{row.Index} {string.Join(' ', row.Probabilities!.Select(p => p.ToString("R", CultureInfo.InvariantCulture)))} {row.InputTokens} {row.OutputTokens} {row.Answers.Single()}"));

    private static int Journals(string folder)
    {
        var left = Directory.GetDirectories(folder).SelectMany(store => RequestJournal.Left(store, _ => false)).ToList();
        Assert.All(left, open => Assert.InRange(open.Count, 1, KilledRun.Concurrency));
        return left.Sum(open => open.Count);
    }
}
