using Decant.Data;
using Decant.Data.Batching;
using Decant.Objectives.Spans;
using Decant.Signals;
using Decant.Tests.Text.Alignment;
using Decant.Text;
using Decant.Text.Alignment;
using Decant.Torch;

namespace Decant.Tests.Objectives.Spans;

/// <summary>A text in the tokens of two tokenizers, with random logits of two models, and what is said of it by adding up every single continuation in double precision.</summary>
internal sealed class SpanCase
{
    private readonly double[][] _student;
    private readonly double[][] _teacher;

    private SpanCase(SpanRows spans, double[][] student, double[][] teacher) => (Spans, _student, _teacher) = (spans, student, teacher);

    public SpanRows Spans { get; }

    public int StudentRows => _student.Length;

    public static SpanCase Random(int seed) => Of(MadeUp.ByteBpe(420), MadeUp.ByteBpe(300), seed);

    /// <summary>Both models are one, with one tokenizer.</summary>
    public static SpanCase Same(int seed)
    {
        var tokenizer = MadeUp.ByteBpe(300);
        var made = Of(tokenizer, tokenizer, seed);
        // Tokens that no text becomes are those of neither.
        var pair = made.Spans.Vocabularies;
        foreach (var row in made._student)
            for (var token = 0; token < row.Length; token++)
                if (token != pair.StudentEnd && pair.Student.Of(token) is null) row[token] = -60;
        return new(made.Spans, made._student, made._student);
    }

    public Tensor Logits(bool isStudent)
    {
        var rows = Rows(isStudent);
        return Tensor.From([.. rows.SelectMany(r => r).Select(z => (float)z)], rows.Length, rows[0].Length);
    }

    public Batch Batch() => new(Tensor.Zeros([1, StudentRows], DType.Int64), Tensor.Zeros([StudentRows], DType.Int64), StudentRows, [new SampleId(1)]);

    public SpanCase Moved(int element, double by)
    {
        var moved = _student.Select(row => row.ToArray()).ToArray();
        moved[element / moved[0].Length][element % moved[0].Length] += by;
        return new(Spans, moved, _teacher);
    }

    /// <summary>The distribution where a span begins.</summary>
    public double[] Next(bool isStudent, int span)
    {
        var side = Side(isStudent);
        return Softmax(Rows(isStudent)[(int)side.Rows[(int)side.Starts[span]]]);
    }

    /// <summary>KL(teacher ‖ student) summed over the spans.</summary>
    public double Divergence(SpanEvents kind) => Added(kind, false).Zip(Added(kind, true), (p, q) => p.Zip(q, (a, b) => a == 0 ? 0 : a * Math.Log(a / b)).Sum()).Sum();

    /// <summary>The probability of each event: every continuation goes along the span's tokens up to one of them and then another way, or to its end.</summary>
    public double[][] Added(SpanEvents kind, bool isStudent) => [.. Enumerable.Range(0, Spans.Count).Select(span => Added(kind, isStudent, span))];

    private double[] Added(SpanEvents kind, bool isStudent, int span)
    {
        var (side, pair) = (Side(isStudent), Spans.Vocabularies);
        var start = (int)side.Starts[span];
        var end = span + 1 < side.Starts.Count ? (int)side.Starts[span + 1] : side.Rows.Count;
        var vocabulary = isStudent ? pair.Student : pair.Teacher;
        var events = new double[kind switch { SpanEvents.Span => 2, SpanEvents.FirstBytes => 259, SpanEvents.SharedTokens => pair.Shared.Count + 2, _ => pair.Map!.Targets + 1 }];
        var first = (int)side.Tokens[start];
        var along = 1.0;
        for (var at = start; at < end; at++)
        {
            var row = Softmax(Rows(isStudent)[(int)side.Rows[at]]);
            for (var token = 0; token < row.Length; token++)
            {
                if (token == side.Tokens[at])
                    continue;
                foreach (var (place, share) in kind == SpanEvents.MappedTokens ? Targets(token, at > start) : [(Class(at == start ? token : first, at > start), 1.0)])
                    events[place] += along * row[token] * share;
            }

            along *= row[(int)side.Tokens[at]];
        }

        events[0] += along;
        if (kind != SpanEvents.MappedTokens || isStudent || !pair.Map!.IsFromStudent)
            return events;
        // Of the teacher, what the student can say.
        for (var target = 0; target + 1 < events.Length; target++)
            if (!pair.Map.To.Contains(target) && target != first) events[1 + target] = 0;
        var said = events.Sum();
        return [.. events.Select(e => e / said)];

        IEnumerable<(int Place, double Share)> Targets(int token, bool isOtherEnd)
        {
            var (isMapped, map) = (isStudent == pair.Map!.IsFromStudent, pair.Map);
            if (isOtherEnd)
                return [(1 + (isMapped ? (int)Side(!isStudent).Tokens[(int)Side(!isStudent).Starts[span]] : first), 1)];
            return isMapped ? map.From.Index().Where(e => e.Item == token).Select(e => (1 + (int)map.To[e.Index], (double)map.Shares[e.Index])) : [(1 + token, 1)];
        }

        int Class(int token, bool isOtherEnd)
        {
            if (kind == SpanEvents.Span)
                return 1;
            if (kind == SpanEvents.FirstBytes)
                return 1 + (token == (isStudent ? pair.StudentEnd : pair.TeacherEnd) ? 256 : vocabulary.Of(token) is [var b, ..] ? b : 257);
            var theirs = Side(!isStudent).Tokens[(int)Side(!isStudent).Starts[span]];
            var place = Array.FindIndex([.. pair.Shared], s => (isStudent ? s.Student : s.Teacher) == token);
            var isHeld = place >= 0 && (isStudent ? pair.Shared[place].Teacher : pair.Shared[place].Student) == theirs;
            return isOtherEnd || place < 0 || isHeld ? events.Length - 1 : 1 + place;
        }
    }

    private static SpanCase Of(ITokenizer student, ITokenizer teacher, int seed)
    {
        var translator = MadeUp.Translator(student, teacher);
        int[] tokens = [translator.Pair.StudentEnd, .. student.Encode("the other thin cats liked the 猫 there"), translator.Pair.StudentEnd];
        var there = translator.Translate(tokens, begins: false);
        var (own, theirs, seen) = (new SpanSide(), new SpanSide(), new Dictionary<(int, int), long>());
        var row = 0;
        foreach (var span in there.Spans)
        {
            own.Add(span.Student - 1, tokens.AsSpan(span.Student, span.Students));
            theirs.Add(row, there.Ids.AsSpan(span.Teacher, span.Teachers));
            row += span.Teachers;
            seen[(tokens[span.Student], there.Ids[span.Teacher])] = 1 + (seed % 3);
        }

        if (student != teacher) Assert.Contains(there.Spans, s => s.Students == 1 && s.Teachers > 1);
        if (student != teacher) // a token with two counterparts
            seen[(tokens[there.Spans[0].Student], there.Ids[^2])] = 2;
        translator.Pair.Map = TokenMap.Of(translator.Pair, seen);
        var random = new Random(seed);
        return new(new(own, theirs, translator.Pair), Random(tokens.Length - 1, student.VocabularySize), Random(row, teacher.VocabularySize));

        double[][] Random(int rows, int width) => [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, width).Select(_ => (double)(float)((random.NextDouble() * 6) - 3)).ToArray())];
    }

    private SpanSide Side(bool isStudent) => isStudent ? Spans.Student : Spans.Teacher;

    private double[][] Rows(bool isStudent) => isStudent ? _student : _teacher;

    private static double[] Softmax(double[] logits)
    {
        var most = logits.Max();
        double[] exp = [.. logits.Select(z => Math.Exp(z - most))];
        var sum = exp.Sum();
        return [.. exp.Select(e => e / sum)];
    }
}
