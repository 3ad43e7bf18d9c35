using Decant.Signals;

namespace Decant.Objectives.Features;

/// <summary>Finds which values are compared: options and two models → paths.</summary>
internal sealed class LayerMap
{
    private readonly LayerSide _student;
    private readonly LayerSide _teacher;
    private readonly bool _canLearn;

    /// <param name="context">The models.</param>
    /// <param name="attention">Whether a layer's attention is meant, not its output.</param>
    /// <param name="canLearn">Whether the map may be learned.</param>
    public LayerMap(ObjectiveContext context, bool attention = false, bool canLearn = true) =>
        (_student, _teacher, _canLearn) = (new(context.Student, attention), new(context.Teacher, attention), canLearn);

    /// <summary>The pairs, from the input up.</summary>
    /// <param name="options">As the recipe says it.</param>
    /// <param name="unsaid">The map where it says nothing.</param>
    /// <exception cref="DecantException">There are no such layers, or they are out of order.</exception>
    public IReadOnlyList<FeaturePair> Pairs(LayerMapOptions options, LayerMapping unsaid)
    {
        if (options.Pairs.Count > 0)
            return Explicit(options.Pairs);
        _student.Check();
        _teacher.Check();
        return options.TeacherLayers.Count > 0 ? OfTeacher(options.TeacherLayers) : Named(options.Layers ?? unsaid);
    }

    private IReadOnlyList<FeaturePair> Named(LayerMapping mapping)
    {
        var (m, n) = (_student.Count, _teacher.Count);
        return mapping switch
        {
            LayerMapping.Last => [Pair(m, n)],
            LayerMapping.FirstAndLast => m == 1 ? [Pair(1, n)] : [Pair(1, 1), Pair(m, n)],
            LayerMapping.Learned when !_canLearn => throw new DecantException("'layers: learned' mixes all layers of the teacher, which this kind does not compare; choose uniform, last, first-and-last or pairs."),
            LayerMapping.Learned => [.. Enumerable.Range(1, m).Select(layer => new FeaturePair(_student.Path(layer), [.. Enumerable.Range(1, n).Select(_teacher.Path)]))],
            _ => [.. Enumerable.Range(1, m).Select(layer => Pair(layer, Math.Max(1, (2 * layer * n + m) / (2 * m))))],
        };
    }

    private List<FeaturePair> OfTeacher(IReadOnlyList<int> layers)
    {
        if (layers.Count != _student.Count)
            throw new DecantException($"'teacher-layers' has one layer for each of the student's: {_student.Count} were expected, {layers.Count} came ({string.Join(", ", layers)}). For some layers only there is 'pairs'.");
        return Explicit([.. layers.Select((layer, i) => new LayerPair { Student = $"{i + 1}", Teacher = $"{layer}" })]);
    }

    private List<FeaturePair> Explicit(IReadOnlyList<LayerPair> pairs)
    {
        for (var i = 1; i < pairs.Count; i++)
            CheckOrder(pairs[i - 1], pairs[i]);
        if (pairs.GroupBy(p => (p.Student, p.Teacher)).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new DecantException($"The student's {Shown(twice.Key.Student)} is compared with the teacher's {Shown(twice.Key.Teacher)} twice: name each pair once.");
        return [.. pairs.Select(p => new FeaturePair(_student.Path(p.Student), _teacher.Path(p.Teacher)))];
    }

    private static void CheckOrder(LayerPair below, LayerPair above)
    {
        var falls = LayerSide.Number(below.Student) > LayerSide.Number(above.Student) || LayerSide.Number(below.Teacher) > LayerSide.Number(above.Teacher);
        if (falls)
        {
            throw new DecantException(
                $"The map goes back: after {below.Student} ↔ {below.Teacher} (student ↔ teacher) comes {above.Student} ↔ {above.Teacher}. Layers are mapped from the input up, each to one that is not below that of the layer before.");
        }
    }

    private FeaturePair Pair(int student, int teacher) => new(_student.Path(student), _teacher.Path(teacher));

    private static string Shown(string name) => LayerSide.Number(name) is null ? $"'{name}'" : $"layer {name}";
}
