using Decant.Models.Configuration;
using Decant.Torch;

namespace Decant.Models.FromTeacher;

/// <summary>Takes of a teacher's weights what belongs to the units that a student keeps.</summary>
internal sealed class ChosenUnits
{
    private readonly UnitMap _map;
    private readonly KeptUnits _kept;

    /// <summary>Chooses.</summary>
    /// <param name="teacher">The teacher's settings.</param>
    /// <param name="student">The student's.</param>
    /// <param name="scores">How important the teacher's units are.</param>
    /// <exception cref="DecantException">The family has no such units, or the scores are not of this teacher.</exception>
    public ChosenUnits(ModelConfig teacher, ModelConfig student, UnitScores scores)
    {
        _map = new UnitMap(teacher);
        _kept = KeptUnits.Choose(_map.Sizes, TransformerParts.Of(student).Sizes, scores);
    }

    /// <summary>The rows and columns of the kept units.</summary>
    /// <param name="name">The weight's name in the teacher.</param>
    /// <param name="source">The teacher's weight, of the student's tokens.</param>
    /// <param name="shape">The student's shape: along a dimension that is as long, all stay.</param>
    public Tensor Take(string name, Tensor source, long[] shape)
    {
        var (axes, layer) = _map.Of(name, shape.Length);
        for (var dimension = 0; dimension < shape.Length; dimension++)
        {
            if (source.Size(dimension) != shape[dimension] && _kept.Of(axes[dimension], layer) is { } units)
                source = source.IndexSelect(dimension, Tensor.From(_map.Rows(axes[dimension], units, source.Size(dimension))).To(source.Device));
        }

        return source;
    }

    /// <summary>What is kept, in one line; empty where the first are.</summary>
    /// <param name="layers">The teacher's layers that the student has; null: all.</param>
    public string Describe(IReadOnlyList<int>? layers) => _kept.Describe(_map.Sizes, layers ?? [.. Enumerable.Range(0, _map.Sizes.Layers)]);
}
