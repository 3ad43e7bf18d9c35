using Decant.Signals;
using Decant.Text.Alignment;
using Decant.Torch;

namespace Decant.Objectives.Spans;

/// <summary>The probabilities of what may follow where spans begin, for one of the models: [N, K], each row sums to 1; the span itself comes first.</summary>
/// <remarks>A span's probability is the product of those of its tokens, each given those before it.</remarks>
internal sealed class SpanProbabilities
{
    // A class whose probability float32 has no room for has no part.
    private const double Least = 1e-30;

    private readonly SpanEvents _events;
    private readonly VocabularyPair _vocabularies;
    private readonly SpanSide _own;
    private readonly SpanSide _other;
    private readonly bool _isStudent;
    private readonly Tensor _first;     // [N] the first token of each span
    private readonly Tensor _logSpan;   // [N]
    private readonly Tensor _logFirst;  // [N] of its first token
    private readonly Tensor _next;      // [N, V] the distribution where it begins

    /// <param name="events">What is distinguished.</param>
    /// <param name="spans">The spans.</param>
    /// <param name="logits">[R, V] float32, divided by the temperature.</param>
    /// <param name="isStudent">Whose they are.</param>
    public SpanProbabilities(SpanEvents events, SpanRows spans, Tensor logits, bool isStudent)
    {
        (_events, _vocabularies, _isStudent) = (events, spans.Vocabularies, isStudent);
        (_own, _other) = isStudent ? (spans.Student, spans.Teacher) : (spans.Teacher, spans.Student);
        var device = logits.Device;
        var log = logits.IndexSelect(0, Ids(_own.Rows, device)).LogSoftmax(-1);                                     // [M, V]
        var tokens = log.Gather(-1, Ids(_own.Tokens, device).Unsqueeze(-1)).Squeeze(-1);                            // [M]
        var starts = Ids(_own.Starts, device);
        _first = Ids(_own.Tokens, device).IndexSelect(0, starts);
        _logFirst = tokens.IndexSelect(0, starts);
        _logSpan = Tensor.Zeros([spans.Count], device: device).ScatterAdd(0, Ids(_own.SpanOf, device), tokens);
        _next = log.IndexSelect(0, starts).Exp();
    }

    /// <summary>[N, K].</summary>
    public Tensor Of() => Logs().Exp();

    /// <summary>[N, K] their logarithms: of the span exact, however improbable it is, so that a span of many tokens is learned from the first update on; of all else at least log 10⁻³⁰.</summary>
    public Tensor Logs()
    {
        var (span, others) = (_logSpan.Unsqueeze(-1), Others());                                                    // [N, 1], [N, K − 1]
        if (SaidSum(others) is { } said)
            (span, others) = (span - said.Log(), others / said);
        return Tensor.Cat([span, others.Clamp(min: Least).Log()], -1);
    }

    /// <summary>The loss of a batch without spans: 0, with a gradient of zeros, for a batch of which nothing is compared is no fault of the recipe.</summary>
    /// <param name="logits">[R, V] the student's.</param>
    public static Tensor NoSpans(Tensor logits) => logits.Narrow(0, 0, 0).To(DType.Float32).Sum();

    // [N, K − 1] all but the span.
    private Tensor Others() => _events switch
    {
        SpanEvents.Span => -_logSpan.Expm1().Unsqueeze(-1),
        SpanEvents.FirstBytes => FirstBytes(),
        SpanEvents.MappedTokens => MappedTokens(Map),
        _ => SharedTokens(),
    };

    private TokenMap Map => _vocabularies.Map ?? throw new InvalidOperationException("The vocabularies were not mapped to each other.");

    private bool LeavesOut => _events == SpanEvents.MappedTokens && !_isStudent && Map.IsFromStudent;

    // Of a teacher that also says what the student cannot: the sum of what is left. Null: nothing is left out.
    private Tensor? SaidSum(Tensor others) => LeavesOut ? (others.Sum(-1, keep: true) + _logSpan.Exp().Unsqueeze(-1)).Clamp(min: Least) : null;

    private Tensor MappedTokens(TokenMap map)
    {
        var isMapped = _isStudent == map.IsFromStudent;
        var others = isMapped ? Mapped(WithoutFirst, map) : Filled(WithoutFirst, map.Targets);
        // What begins as the span does is of the class of its first token, in the vocabulary that is mapped to.
        var first = isMapped ? Ids([.. _other.Starts.Select(at => _other.Tokens[(int)at])], _next.Device) : _first;
        // What the student cannot say where a span begins is not asked of it; what begins as this span does, it can.
        if (LeavesOut)
            others *= Said(map);
        return others.ScatterAdd(-1, first.Unsqueeze(-1), OtherEnds.Unsqueeze(-1));
    }

    private static Tensor Mapped(Tensor next, TokenMap map)
    {
        var byToken = next.Transpose(0, 1); // [V, N]
        var shares = byToken.IndexSelect(0, Ids(map.From, next.Device)) * Tensor.From([.. map.Shares], next.Device).Unsqueeze(-1); // [E, N]
        var (named, count) = (map.From[^1] + 1, next.Size(-1));
        var mapped = Added(shares, Ids(map.To, next.Device), map.Targets);
        return count <= named ? mapped : mapped + Tensor.Cat([Tensor.Zeros([next.Size(0), map.Targets - 1], device: next.Device), next.Narrow(-1, named, count - named).Sum(-1, keep: true)], -1);
    }

    // The sums of the tokens of each class [N, K]. Whole rows are added, one for each token: many times as fast as number by number.
    private static Tensor Added(Tensor byToken, Tensor classes, long count) =>
        Tensor.Zeros([count, byToken.Size(1)], device: byToken.Device).IndexAdd(0, classes, byToken).Transpose(0, 1);

    // Rows beyond the tokenizer's tokens fill a vocabulary up, and say nothing: they are of the last class.
    private static Tensor Filled(Tensor next, long targets)
    {
        var (rows, named, count) = (next.Size(0), targets - 1, next.Size(-1));
        return count <= named ? Tensor.Cat([next, Tensor.Zeros([rows, targets - count], device: next.Device)], -1)
            : Tensor.Cat([next.Narrow(-1, 0, named), next.Narrow(-1, named, count - named).Sum(-1, keep: true)], -1);
    }

    private Tensor Said(TokenMap map)
    {
        var said = new float[map.Targets];
        foreach (var target in map.To)
            said[target] = 1;
        return Tensor.From(said, _next.Device);
    }

    // What begins as the span does and goes on otherwise: exactly 0 of a span of one token.
    private Tensor OtherEnds => _logFirst.Exp() * -(_logSpan - _logFirst).Expm1();

    private Tensor WithoutFirst => _next.Scatter(-1, _first.Unsqueeze(-1), 0);

    private Tensor FirstBytes()
    {
        var count = _next.Size(-1);
        var classOf = new long[count];
        // Rows beyond the tokenizer's tokens fill a vocabulary up, and say nothing.
        var known = _vocabularies.FirstByte(_isStudent);
        for (var id = 0; id < count; id++)
            classOf[id] = id < known.Count ? known[id] : VocabularyPair.OtherClass;
        var byToken = Tensor.From(classOf, _next.Device);
        return Added(WithoutFirst.Transpose(0, 1), byToken, VocabularyPair.FirstBytes)
            .ScatterAdd(-1, byToken.IndexSelect(0, _first).Unsqueeze(-1), OtherEnds.Unsqueeze(-1));
    }

    private Tensor SharedTokens()
    {
        var ids = _vocabularies.Shared.Select(s => (long)(_isStudent ? s.Student : s.Teacher)).ToArray();
        var unshared = new float[_next.Size(-1)];
        Array.Fill(unshared, 1);
        foreach (var id in ids)
            unshared[id] = 0;
        var next = WithoutFirst;
        var shared = next.IndexSelect(-1, Ids(ids, _next.Device));                                                  // [N, K]
        // The shared token that the other model's span begins with is a part of the span there: it cannot be told apart from it here either.
        var held = HeldByOther();
        var rest = (next * Tensor.From(unshared, _next.Device)).Sum(-1) + (shared * held).Sum(-1) + OtherEnds;
        return Tensor.Cat([shared * (1 - held), rest.Unsqueeze(-1)], -1);
    }

    // [N, K] 1 at the shared token that the other model's span begins with.
    private Tensor HeldByOther()
    {
        var (rows, width) = (_own.Starts.Count, _vocabularies.Shared.Count);
        var held = new float[(long)rows * width];
        for (var span = 0; span < rows; span++)
        {
            var token = (int)_other.Tokens[(int)_other.Starts[span]];
            var place = _isStudent ? _vocabularies.SharedOfTeacher(token) : _vocabularies.SharedOfStudent(token);
            if (place >= 0)
                held[((long)span * width) + place] = 1;
        }

        return Tensor.From(held, rows, width).To(_next.Device);
    }

    private static Tensor Ids(IReadOnlyList<long> ids, Device device) => Tensor.From([.. ids], device);
}
