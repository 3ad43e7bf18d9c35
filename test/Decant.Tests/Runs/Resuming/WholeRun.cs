using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs.Resuming;

/// <summary>What a run left, to be compared with what another left: everything but times.</summary>
internal static class WholeRun
{
    public static void AreSame(string expected, string actual)
    {
        var models = Directory.GetFiles(expected, "model.safetensors", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(expected, f)).Order(StringComparer.Ordinal).ToArray();
        Assert.True(models.Length >= 3, $"only {models.Length} models were found");
        foreach (var model in models)
            Assert.True(File.ReadAllBytes(Path.Combine(expected, model)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(actual, model))), $"{model} differs");
        Assert.Equal(Files(expected), Files(actual));
        Assert.Equal(Figures(expected), Figures(actual));
        Assert.Equal(Curves(expected), Curves(actual));
        foreach (var arm in Directory.GetDirectories(Path.Combine(expected, "tensorboard")))
        {
            // The same scalars take the same bytes, whatever their times.
            var again = Path.Combine(actual, "tensorboard", Path.GetFileName(arm));
            Assert.Equal(new FileInfo(Assert.Single(Directory.GetFiles(arm))).Length, new FileInfo(Assert.Single(Directory.GetFiles(again))).Length);
        }
    }

    private static IEnumerable<string> Files(string run) => Directory.GetFiles(run, "*", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(run, f)).Where(f => !f.StartsWith("tensorboard", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static string Figures(string run)
    {
        var summary = JsonNode.Parse(File.ReadAllBytes(Path.Combine(run, "summary.json")))!.AsObject();
        summary.Remove("seconds");
        Assert.True(summary["finished"]!.GetValue<bool>());
        return summary.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    private static IEnumerable<string> Curves(string run) => RunRecord.Read(Path.Combine(run, "record.jsonl")).Events.Select(e => e switch
    {
        StepTaken s => $"{s.Arm} {s.Seed} {s.Step} {s.Epoch} {s.Loss:R} {s.LearningRate:R} {string.Join(' ', s.Parts)}",
        Validated v => $"{v.Arm} {v.Seed} {v.Step} {v.Epoch} {string.Join(' ', v.Metrics)}",
        ArmStarted a => $"{a} begins",
        ArmFinished a => $"{a.Arm} {a.Seed} {a.BestStep} {a.BestMetric:R} {a.Stopped}",
        ModelDescribed or DataDescribed or RunStarted or Evaluated or Comparison or SamplesChanged => e.GetType().Name,
        _ => "",
    }).Where(line => line.Length > 0).Select(line => System.Text.RegularExpressions.Regex.Replace(line, "Time = [^,]*", ""));
}
