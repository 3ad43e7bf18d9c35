using System.Text.RegularExpressions;
using Decant.Data;
using Decant.Torch;

namespace Decant.Jobs;

/// <summary>Answers lines, some at a time, and counts what became of them.</summary>
internal sealed partial class LineRun(PredictReader reader, TaskPredictor predictor, Action<string> write)
{
    private readonly LineWriter _writer = new();
    private long _lines;
    private long _faulty;
    private long _truncated;
    private string? _firstFault;

    public PredictSummary Summary => new(_lines, _faulty, _truncated, _firstFault);

    public void Answer(IReadOnlyList<PredictLine> lines)
    {
        predictor.Begin();
        var entries = new Entry[lines.Count];
        Parallel.For(0, entries.Length, i => entries[i] = Read(lines[i], i));
        var asked = entries.Where(e => e.Sample is not null).Select(e => e.Sample!).ToArray();
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var answers = (asked.Length == 0 ? [] : predictor.Ask(asked)).GetEnumerator();
        foreach (var entry in entries)
            Write(entry, entry.Sample is not null && answers.MoveNext() ? answers.Current : null);
    }

    private Entry Read(PredictLine line, int place)
    {
        var input = reader.Read(line);
        if (input.Content is null)
            return new(line.Number, input, null, false, input.Fault);
        try
        {
            var (sample, isCut) = predictor.Prepare(input.Content, place);
            return new(line.Number, input, sample, isCut, null);
        }
        catch (DecantException fault)
        {
            return new(line.Number, input, null, false, SampleName().Replace(fault.Message, ""));
        }
    }

    private void Write(Entry entry, LineAnswer? answer)
    {
        var fault = entry.Fault ?? (answer is { IsFinite: false } ? "the model's answer is not a finite number; its weights are not usable" : null);
        _lines++;
        _truncated += fault is null && entry.IsCut ? 1 : 0;
        if (fault is not null)
        {
            _faulty++;
            _firstFault ??= $"line {entry.Number}: {fault}";
        }

        write(_writer.Line(entry.Input, answer, entry.IsCut, fault is null ? null : $"line {entry.Number}: {fault}"));
    }

    // Collators name a sample by its id, which is no help where lines have numbers.
    [GeneratedRegex("^Sample [0-9a-f]{16}: ")]
    private static partial Regex SampleName();

    private sealed record Entry(long Number, PredictInput Input, Sample? Sample, bool IsCut, string? Fault);
}
