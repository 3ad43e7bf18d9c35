using Decant.Modules;
using Decant.Torch;

namespace Decant.Objectives.Features;

/// <summary>What makes the student's vectors as long as the teacher's.</summary>
public enum Projection
{
    /// <summary>A linear map where the widths differ, nothing where they are equal.</summary>
    Auto,

    /// <summary>A linear map with a bias; of images the same at every place, which is a 1 × 1 convolution.</summary>
    Linear,

    /// <summary>Two linear maps with a ReLU between them, as wide as the teacher.</summary>
    Mlp,

    /// <summary>Nothing: the widths must be equal.</summary>
    None,
}

/// <summary>Trained with the student: [.., from] to [.., to].</summary>
internal sealed class FeatureProjection : Module
{
    private readonly Linear _first;
    private readonly Linear? _second;

    private FeatureProjection(long from, long to, bool deep, Generator? generator)
    {
        _first = RegisterModule("first", new Linear(from, to, generator: generator));
        _second = deep ? RegisterModule("second", new Linear(to, to, generator: generator)) : null;
    }

    /// <summary>One linear map.</summary>
    public static FeatureProjection To(long to, FeatureShape from, Generator? generator) => new(from.Width, to, deep: false, generator);

    /// <summary>Lets a linear map begin as a turn: vectors along the given directions, moved to a mean.</summary>
    /// <param name="mean">[1, to].</param>
    /// <param name="directions">[to, from].</param>
    public void BeginAs(Tensor mean, Tensor directions)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        _first.Weight.CopyInPlace(directions.To(DType.Float32));
        _first.Bias!.CopyInPlace(mean.View(-1).To(DType.Float32));
    }

    /// <summary>The projection between two values; null: none is needed.</summary>
    /// <exception cref="DecantException">One is needed and none is wanted.</exception>
    public static FeatureProjection? Between(FeatureShape student, FeatureShape teacher, Projection projection, Generator? generator) =>
        Between((student.Name, student.Width), (teacher.Name, teacher.Width), projection, generator);

    /// <summary>The projection between two values, of each its name, beginning a sentence, and how long its vectors are; null: none is needed.</summary>
    /// <exception cref="DecantException">One is needed and none is wanted.</exception>
    public static FeatureProjection? Between((string Name, long Width) student, (string Name, long Width) teacher, Projection projection, Generator? generator)
    {
        var (from, to) = (student.Width, teacher.Width);
        return projection switch
        {
            Projection.None when from != to => throw new DecantException(
                $"{student.Name} is {from} wide and {Lower(teacher.Name)} {to}, and 'projection: none' allows no map between them. Leave 'projection' out, or choose layers of one width."),
            Projection.None => null,
            Projection.Auto when from == to => null,
            _ => new(from, to, projection == Projection.Mlp, generator),
        };
    }

    /// <summary>[.., from] to [.., to].</summary>
    public Tensor Forward(Tensor input)
    {
        var output = _first.Forward(input);
        return _second is null ? output : _second.Forward(output.Relu());
    }

    private static string Lower(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
