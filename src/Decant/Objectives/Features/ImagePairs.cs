using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Features;

/// <summary>Pairs of layers of networks for images, [B, C, Y, X].</summary>
internal sealed class ImagePairs
{
    private readonly (FeatureShape Student, FeatureShape Teacher)[] _shapes;

    private ImagePairs(IReadOnlyList<FeaturePair> pairs, ObjectiveContext context)
    {
        (Student, Teacher) = ([.. pairs.Select(p => p.Student)], [.. pairs.Select(p => p.Teachers[0])]);
        _shapes = [.. pairs.Select(p => (Image(context.Student, p.Student), Image(context.Teacher, p.Teachers[0])))];
    }

    /// <summary>The student's paths, pair by pair.</summary>
    public IReadOnlyList<string> Student { get; }

    /// <summary>The teacher's paths, pair by pair.</summary>
    public IReadOnlyList<string> Teacher { get; }

    /// <summary>How many pairs there are.</summary>
    public int Count => _shapes.Length;

    /// <summary>The pairs of a map; default: uniform.</summary>
    /// <exception cref="DecantException">There are no such layers, or they are not of images.</exception>
    public static ImagePairs Of(LayerMapOptions options, ObjectiveContext context) => new(new LayerMap(context, canLearn: false).Pairs(options, LayerMapping.Uniform), context);

    /// <summary>The shapes of a pair.</summary>
    public (FeatureShape Student, FeatureShape Teacher) Shapes(int pair) => _shapes[pair];

    /// <summary>The values of a pair for a batch.</summary>
    public (Tensor Student, Tensor Teacher) Values(int pair, Func<string, Tensor> student, Func<string, Tensor> teacher, Batch batch)
    {
        var (s, t) = (student(Student[pair]), teacher(Teacher[pair]));
        _shapes[pair].Student.Check(s, batch);
        _shapes[pair].Teacher.Check(t, batch);
        return (s, t);
    }

    private static FeatureShape Image(FeatureMap map, string path)
    {
        var shape = FeatureShape.Of(map, path);
        return shape.Form == FeatureForm.Image ? shape : throw new DecantException($"{shape} is no value of an image; expected channels for every place, [B, C, Y, X].");
    }
}
