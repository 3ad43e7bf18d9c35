using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Features;

/// <summary>
/// An objective that compares vectors of the student, projected where they are not as wide, with those of the teacher at the same tokens, samples or places.
/// </summary>
internal abstract class StateObjective : FeatureObjective
{
    private readonly IReadOnlyList<FeaturePair> _pairs;
    private readonly FeatureShape[] _students;
    private readonly FeatureShape[][] _teachers;
    private readonly StateDistance _distance;
    private readonly bool _firstToken;

    private protected StateObjective(string kind, ObjectiveContext context, IReadOnlyList<FeaturePair> pairs, Projection projection, StateDistance distance, bool firstToken = false)
        : base(kind)
    {
        (_pairs, _distance, _firstToken) = (pairs, distance, firstToken);
        _students = [.. pairs.Select(p => Found(kind, () => FeatureShape.Of(context.Student, p.Student)))];
        _teachers = [.. pairs.Select(p => p.Teachers.Select(path => Found(kind, () => FeatureShape.Of(context.Teacher, path))).ToArray())];
        for (var i = 0; i < pairs.Count; i++)
            Found(kind, () => Match(i, projection, context.Generator));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> StudentFeatures => [.. _pairs.Select(p => p.Student).Distinct(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> TeacherFeatures => [.. _pairs.SelectMany(p => p.Teachers).Distinct(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public override long Count(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return _firstToken ? batch.FirstTokens * _pairs.Count : _students.Select(s => s.Form).CountBy(form => form).Sum(f => f.Value * FeatureShape.Count(f.Key, batch));
    }

    private protected override Tensor Sum(Func<string, Tensor> student, Func<string, Tensor> teacher, Batch batch)
    {
        Tensor? sum = null;
        for (var i = 0; i < _pairs.Count; i++)
        {
            var (s, t) = (student(_pairs[i].Student), Array.ConvertAll([.. _pairs[i].Teachers], path => teacher(path)));
            _students[i].Check(s, batch);
            foreach (var (shape, value) in _teachers[i].Zip(t))
                shape.Check(value, batch);
            var one = Sum(i, s, t, batch);
            sum = sum is null ? one : sum + one;
        }

        return sum!;
    }

    private Tensor Sum(int pair, Tensor student, Tensor[] teachers, Batch batch)
    {
        var form = _students[pair].Form;
        if (form == FeatureForm.Image)
            (student, teachers) = SpatialFeatures.Alike(student, teachers);
        var s = Weights.Projected(pair, Vectors(student, form)); // [R, H], [B, T, H] or [B, places, H]
        var distances = _distance.Between(s, Weights.Mixed(pair, Array.ConvertAll(teachers, t => Vectors(t, form)))); // [R], [B, T] or [B, places]
        return form switch
        {
            FeatureForm.Image => distances.Mean(1).Sum(),
            FeatureForm.Tokens when batch.AttentionMask is { } mask => distances.MaskedFill((_firstToken ? mask.Select(1, 0) : mask).Not(), 0).Sum(),
            _ => distances.Sum(),
        };
    }

    private Tensor Vectors(Tensor value, FeatureForm form) => form switch
    {
        FeatureForm.Image => SpatialFeatures.Vectors(value),
        FeatureForm.Tokens when _firstToken => value.Select(1, 0),
        _ => value,
    };

    private bool Match(int pair, Projection projection, Generator? generator)
    {
        var (student, teachers) = (_students[pair], _teachers[pair]);
        if (teachers.FirstOrDefault(t => t.Form != student.Form) is { } other)
            throw new DecantException($"{student} cannot be compared with {Lower(other)}: both must be of samples, of tokens or of images.");
        if (teachers.FirstOrDefault(t => !t.Shape.SequenceEqual(teachers[0].Shape)) is { } odd)
            throw new DecantException($"Layers of the teacher are mixed only where they have one shape: {Lower(teachers[0])} and {Lower(odd)} came. Choose pairs instead.");
        if (_firstToken && student.Form != FeatureForm.Tokens)
            throw new DecantException($"'tokens: first' is for values of tokens, [B, T, H]; {student} came.");
        Weights.Project(pair, FeatureProjection.Between(student, teachers[0], projection, generator));
        Weights.Mix(pair, teachers.Length);
        return true;
    }

    private static string Lower(FeatureShape shape) => "t" + shape.ToString()[1..];
}
