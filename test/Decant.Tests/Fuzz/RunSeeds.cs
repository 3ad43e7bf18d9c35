using System.Text;
using System.Text.Json;
using Decant.Runs.Reports.Html;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.Summary;
using Decant.Runs.Running;
using Decant.Tests.Runs.Reports;

namespace Decant.Tests.Fuzz;

/// <summary>What a run leaves in its folder: the record with the pages that are made of it, and how far it has come.</summary>
internal static class RunSeeds
{
    private const string Progress = """
        {"format":4,"decant_version":"0.1","job":"distill","run":{"id":"0123","name":"tiny","folder":"/runs/tiny","begun":"2026-01-01T00:00:00+00:00","recipe":"ab","data":"cd"},"threads":2,"libtorch":"2.5","cpu":"x","blas_kernels":"Haswell","data":{"the classes":"2 classes, ab"},"record":1234,"seconds":12.5,
         "finished":[{"arm":"teacher","seed":1,"file":"teacher/model.safetensors","sha256":"00"}],"written":["the head"]}
        """;

    public static IEnumerable<FuzzSeed> All()
    {
        foreach (var run in new[] { new MadeUpRun { TestSamples = 40, Epochs = 1 }, new MadeUpRun { TestSamples = 40, Epochs = 1, WithControl = false, WithTeacher = false } })
        {
            var lines = run.ToRecord().Events.Where(e => e is not StepTaken).Select(e => JsonSerializer.Serialize(e, RecordLine.Event));
            yield return new("run: record.jsonl", "record.jsonl", Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), JsonDamage.OfLines, Read) { BytesPerByte = 4096, BytesPerFile = 32 << 20 };
        }

        yield return new("run: progress.json", "progress.json", Encoding.UTF8.GetBytes(Progress), JsonDamage.Of, folder => RunState.Read(Path.Combine(folder, "progress.json")));
    }

    private static void Read(string folder)
    {
        var record = RunRecord.Read(Path.Combine(folder, "record.jsonl"));
        _ = RunSummary.ToJson(record);
        _ = ReportPage.ToHtml(record);
        if (record.Problems is [var problem, ..]) // a line that cannot be read is left out, and the report says so
            throw new DecantException(problem);
    }
}
