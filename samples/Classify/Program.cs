using System.Diagnostics;
using System.Globalization;
using Decant;
using Decant.Inference;

// Classifies texts with a folder that 'decant export MODEL --to onnx' wrote: those of the command line, or else the lines that are piped in.
//   Classify FOLDER [--form FORM] [--time] [TEXT…]
if (args.Length == 0)
{
    Console.Error.WriteLine("Usage: Classify FOLDER [--form FORM] [--time] [TEXT…]");
    return 2;
}

var texts = args.Skip(1).ToList();
var isTimed = texts.Remove("--time");
string? form = null;
if (texts.IndexOf("--form") is >= 0 and var at && at + 1 < texts.Count)
{
    form = texts[at + 1];
    texts.RemoveRange(at, 2);
}

try
{
    var started = Stopwatch.GetTimestamp();
    using var classifier = TextClassifier.Load(args[0], new() { Form = form });
    var loading = Stopwatch.GetElapsedTime(started);
    if (texts.Count == 0)
    {
        while (Console.ReadLine() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
                texts.Add(line);
        }
    }

    foreach (var (text, answer) in texts.Zip(classifier.Classify(texts)))
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{answer.Label}\t{answer.Probability:0.0000}\t{text}"));
    if (isTimed && texts.Count > 0)
        Console.Error.WriteLine(Timing(classifier, texts, loading));
    return 0;
}
catch (DecantException fault)
{
    Console.Error.WriteLine(fault.Message);
    return fault.ExitCode;
}

// How long one text takes, tokenization included, one at a time on one thread.
static string Timing(TextClassifier classifier, List<string> texts, TimeSpan loading)
{
    const int warmUp = 1_000, measured = 10_000;
    var times = new double[measured];
    for (var i = -warmUp; i < measured; i++)
    {
        var started = Stopwatch.GetTimestamp();
        classifier.Classify(texts[(i + warmUp) % texts.Count]);
        if (i >= 0)
            times[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
    }

    Array.Sort(times);
    return string.Create(
        CultureInfo.InvariantCulture,
        $"loaded in {loading.TotalMilliseconds:0.0} ms; one text: p50 {times[measured / 2]:0.0} µs, p95 {times[measured * 95 / 100]:0.0} µs, p99 {times[measured * 99 / 100]:0.0} µs");
}
