using System.Text.RegularExpressions;
using Decant.Data;
using Decant.Torch;

namespace Decant.Runs.Jobs.Prediction;

/// <summary>Answers lines, some at a time, and counts what became of them.</summary>
/// <param name="reader">Makes samples of lines.</param>
/// <param name="predictor">The predictor.</param>
/// <param name="batch">How many are answered together.</param>
/// <param name="write">Is given each answer, in the order of the lines.</param>
internal sealed partial class LineRun(PredictReader reader, TaskPredictor predictor, int batch, Action<string> write)
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
        var (answers, next) = (Ask(asked), 0);
        foreach (var entry in entries)
            Write(entry, entry.Sample is null ? null : answers[next++]);
    }

    /// <summary>The answers in the order of the samples; texts of similar length share a batch, so that there is little padding.</summary>
    private LineAnswer[] Ask(Sample[] samples)
    {
        var answers = new LineAnswer[samples.Length];
        foreach (var indices in Enumerable.Range(0, samples.Length).OrderByDescending(i => LengthOf(samples[i].Content)).Chunk(batch))
        {
            foreach (var (index, answer) in indices.Zip(predictor.Ask([.. indices.Select(i => samples[i])])))
                answers[index] = answer;
        }

        return answers;
    }

    private static int LengthOf(SampleContent content) => content switch
    {
        TextContent text => text.Text.Length + (text.Pair?.Length ?? 0),
        WordsContent words => words.Words.Sum(w => w.Length + 1),
        _ => 0,
    };

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
