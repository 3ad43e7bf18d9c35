using System.ComponentModel;
using Decant.Signals;

namespace Decant.Objectives.Features;

/// <summary>Options of <c>hint</c>.</summary>
public sealed record Hint : FeatureOptions
{
    /// <summary>The student's layer, by number or path; null: the one in the middle.</summary>
    [Description("layer of the student, by number or module path; default: the middle one")]
    public string? Student { get; init; }

    /// <summary>The teacher's layer, by number or path; null: the one in the middle.</summary>
    [Description("layer of the teacher, by number or module path; default: the middle one")]
    public string? Teacher { get; init; }

    /// <summary>What makes the student's layer as wide as the teacher's; linear.</summary>
    [Description("projection of the student's layer to the teacher's width")]
    public Projection Projection { get; init; } = Projection.Linear;
}

/// <summary>Squared difference of one layer of the student, projected, from a hint, one layer of the teacher: per image the mean of (W·s − t)² over channels and places.</summary>
/// <remarks>Romero et al. 2015 (FitNets), arXiv:1412.6550, eq. 3, there the sum and a factor ½.</remarks>
internal sealed class HintObjective : StateObjective
{
    private const string Name = "hint";

    /// <summary>The objective with its options.</summary>
    /// <param name="options">Layers and projection.</param>
    /// <param name="context">The models with the layers that are compared.</param>
    /// <exception cref="DecantException">There are no such layers, or they cannot be compared.</exception>
    public HintObjective(Hint options, ObjectiveContext context)
        : base(Name, context, Found(Name, () => Pair(options.Checked(), context)), options.Projection, StateDistance.Mse)
    {
    }

    private static FeaturePair[] Pair(Hint options, ObjectiveContext context) =>
        [new(Layer(new(context.Student, attention: false), options.Student), Layer(new(context.Teacher, attention: false), options.Teacher))];

    private static string Layer(LayerSide side, string? name)
    {
        if (name is not null)
            return side.Path(name);
        side.Check();
        return side.Path((side.Count + 1) / 2);
    }
}
